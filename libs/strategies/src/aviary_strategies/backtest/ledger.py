"""What stopped executors left: one net position a market, valued at its average price."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aviary_strategies.backtest.result import Hold
from aviary_strategies.backtest.simulation import Leg
from aviary_strategies.types import Market


@dataclass(slots=True)
class Position:
    """Adding averages the price, reducing realises the difference to it, and what goes beyond zero opens the other
    way at the new price. With ``fees_count`` fees and funding are taken off what is realised."""

    market: Market
    fees_count: bool
    net_amount: float = 0.0
    average_price: float = 0.0
    gained_quote: float = 0.0
    price: float = 0.0
    """The newest one."""
    bought: float = 0.0
    bought_quote: float = 0.0
    sold: float = 0.0
    sold_quote: float = 0.0
    fees_quote: float = 0.0
    funding_quote: float = 0.0
    """What a long position has paid to short ones."""
    n_executors: int = 0

    @property
    def realized_pnl_quote(self) -> float:
        return self.gained_quote - self.fees_quote - self.funding_quote if self.fees_count else self.gained_quote

    @property
    def unrealized_pnl_quote(self) -> float:
        return self.net_amount * (self.price - self.average_price)

    def take(self, leg: Leg) -> None:
        """Hand over what an executor kept."""
        self._count(leg)
        if self.net_amount * leg.amount >= 0:
            total = self.net_amount + leg.amount
            self.average_price = (self.average_price * self.net_amount + leg.price * leg.amount) / total
            self.net_amount = total
            return
        matched = min(abs(leg.amount), abs(self.net_amount))
        sign = 1 if self.net_amount > 0 else -1
        self.gained_quote += sign * (leg.price - self.average_price) * matched
        left = self.net_amount + leg.amount
        if abs(leg.amount) > abs(self.net_amount):
            self.average_price = leg.price
        elif left == 0:
            self.average_price = 0.0
        self.net_amount = left

    def hold(self) -> Hold:
        return Hold(
            market=self.market,
            buy_amount_base=self.bought,
            buy_amount_quote=self.bought_quote,
            sell_amount_base=self.sold,
            sell_amount_quote=self.sold_quote,
            net_amount_base=self.net_amount,
            average_price=self.average_price,
            realized_pnl_quote=self.realized_pnl_quote,
            unrealized_pnl_quote=self.unrealized_pnl_quote,
            fees_quote=self.fees_quote,
            n_executors=self.n_executors,
        )

    def _count(self, leg: Leg) -> None:
        if leg.amount > 0:
            self.bought += leg.amount
            self.bought_quote += leg.amount * leg.price
        else:
            self.sold -= leg.amount
            self.sold_quote -= leg.amount * leg.price
        self.fees_quote += leg.fee_quote
        self.funding_quote += leg.funding_quote
        self.n_executors += 1


@dataclass(slots=True)
class Ledger:
    """All markets' positions; the reference engine forgets their fees."""

    fees_count: bool
    positions: dict[Market, Position] = field(default_factory=dict)

    def of(self, market: Market) -> Position:
        return self.positions.get(market) or Position(market, self.fees_count)

    def take(self, leg: Leg) -> None:
        self.positions.setdefault(leg.market, Position(leg.market, self.fees_count)).take(leg)

    def mark(self, prices: Mapping[Market, float]) -> None:
        for market, position in self.positions.items():
            position.price = prices[market]

    def pay(self, funding: Mapping[Market, float]) -> None:
        """``funding`` is what a base unit held long has paid since the last time, in quote."""
        for market, position in self.positions.items():
            position.funding_quote += position.net_amount * funding.get(market, 0.0)

    @property
    def realized(self) -> float:
        return sum(position.realized_pnl_quote for position in self.positions.values())

    @property
    def unrealized(self) -> float:
        return sum(position.unrealized_pnl_quote for position in self.positions.values())
