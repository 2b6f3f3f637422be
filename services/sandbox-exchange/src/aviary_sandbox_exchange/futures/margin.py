"""How much of a futures wallet is tied up, position by position, at each symbol's leverage. All margin is cross."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import Order, PositionSide
from aviary_sandbox_exchange.futures.brackets import TEN_THOUSANDTHS, bracket_of
from aviary_sandbox_exchange.futures.marks import Marks
from aviary_sandbox_exchange.futures.preferences import Preferences
from aviary_sandbox_exchange.futures.wallets import LegName, Position, Wallets
from aviary_sandbox_exchange.units import SCALE, notional

PricedOrder = tuple[Order, int]


@dataclass(frozen=True, slots=True)
class LegMargin:
    """One position with the open orders that would enlarge it, valued at the mark price."""

    market: Market
    side: PositionSide
    position: Position
    mark: int
    leverage: int
    bids: int
    asks: int

    @property
    def worth(self) -> int:
        """Negative for a short."""
        return notional(self.mark, self.position.quantity)

    @property
    def unrealised(self) -> int:
        return self.position.unrealised(self.mark)

    @property
    def initial(self) -> int:
        return abs(self.worth) // self.leverage

    @property
    def maintenance(self) -> int:
        worth = abs(self.worth)
        return bracket_of(worth).maintenance(worth)

    @property
    def exposure(self) -> int:
        """What it would be worth if all its bids, or all its asks, were filled: the greater of them."""
        return max(abs(self.worth + self.bids), abs(self.worth - self.asks), abs(self.worth))

    @property
    def order_initial(self) -> int:
        return max(self.exposure // self.leverage - self.initial, 0)


@dataclass(frozen=True, slots=True)
class Margin:
    """One account's state, in 1e-8 USDT."""

    wallet: int
    legs: Sequence[LegMargin]

    @property
    def unrealised(self) -> int:
        return sum(leg.unrealised for leg in self.legs)

    @property
    def balance(self) -> int:
        return self.wallet + self.unrealised

    @property
    def position_initial(self) -> int:
        return sum(leg.initial for leg in self.legs)

    @property
    def order_initial(self) -> int:
        return sum(leg.order_initial for leg in self.legs)

    @property
    def maintenance(self) -> int:
        return sum(leg.maintenance for leg in self.legs)

    @property
    def free(self) -> int:
        """Below zero when the account could not open again what it holds."""
        return self.balance - self.position_initial - self.order_initial

    @property
    def available(self) -> int:
        return max(self.free, 0)

    @property
    def withdrawable(self) -> int:
        return min(self.available, max(self.wallet, 0))

    def of_symbol(self, symbol: str) -> Sequence[LegMargin]:
        return [leg for leg in self.legs if leg.market.pair.symbol == symbol]

    def liquidation_price(self, symbol: str) -> int:
        """Where the account meets its maintenance margin if this symbol alone moves, within today's brackets; 0 if
        nowhere."""
        moving = [leg for leg in self.of_symbol(symbol) if leg.position.quantity]
        if not moving:
            return 0
        cost = sum(leg.position.cost for leg in moving)
        others = self.balance - sum(leg.unrealised for leg in moving)
        kept_by_others = self.maintenance - sum(leg.maintenance for leg in moving)
        slope = deduction = 0
        for leg in moving:
            bracket = bracket_of(abs(leg.worth))
            slope += leg.position.quantity - abs(leg.position.quantity) * bracket.rate // TEN_THOUSANDTHS
            deduction += bracket.deduction
        return max((cost - others + kept_by_others - deduction) * SCALE // slope, 0) if slope else 0


class Margins:
    def __init__(
        self,
        wallets: Wallets,
        preferences: Preferences,
        marks: Marks,
        markets: dict[str, Market],
        open_orders: Callable[[str], Iterable[Order]],
    ) -> None:
        self._wallets = wallets
        self._preferences = preferences
        self._marks = marks
        self._markets = markets
        self._open_orders = open_orders

    def of(self, account: str, extra: Iterable[PricedOrder] = (), leverages: dict[str, int] | None = None) -> Margin:
        """``extra`` are orders, with a price each, counted as if they were open; ``leverages`` as if they were set."""
        wallet = self._wallets.of(account)
        bids: dict[LegName, int] = {}
        asks: dict[LegName, int] = {}
        for order, price in [*((order, order.price) for order in self._open_orders(account)), *extra]:
            if not order.reduces:
                side = bids if order.side == "BUY" else asks
                name = (order.pair.symbol, order.position_side)
                side[name] = side.get(name, 0) + notional(price, order.remaining)
        legs = [
            LegMargin(
                market=self._markets[name[0]],
                side=name[1],
                position=wallet.positions.get(name) or Position(),
                mark=self._marks.of(self._markets[name[0]]),
                leverage=(leverages or {}).get(name[0]) or self._preferences.leverage(account, name[0]),
                bids=bids.get(name, 0),
                asks=asks.get(name, 0),
            )
            for name in sorted({*bids, *asks, *wallet.held()})
        ]
        return Margin(wallet.amount, legs)
