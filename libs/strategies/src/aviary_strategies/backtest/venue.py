"""What orders get at the markets of a backtest: where they arrive, at which price, for which fee."""

from collections.abc import Mapping
from dataclasses import dataclass

from aviary_strategies.backtest.arrival import arrival
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.types import Market


@dataclass(frozen=True, slots=True)
class Fill:
    """``amount`` is signed base; ``is_exit`` tells what closes from what opens."""

    row: int
    market: Market
    amount: float
    price: float
    fee_quote: float
    is_exit: bool = False

    @property
    def quote(self) -> float:
        return abs(self.amount) * self.price


class Venue:
    """In ``compat`` an order is filled at the very close that it was decided at, and all cost ``trade_cost``.

    ``clock`` are the rows of any market, since all have the same times; ``shown_s`` is what the clock says when each
    row is decided.
    """

    __slots__ = ("clock", "costs", "mode", "rows", "shown_s")

    def __init__(self, rows: Mapping[Market, Rows], mode: Mode, costs: Costs) -> None:
        self.rows = rows
        self.mode = mode
        self.costs = costs
        self.clock = next(iter(rows.values()))
        later_s = 0.0 if mode is Mode.COMPAT else self.clock.step_s
        self.shown_s: list[float] = (self.clock.ts + later_s).tolist()

    def arrival(self, market: Market, decided: int) -> tuple[int, float]:
        """Row and price when an order decided at the close of a row arrives; row -1 after the end."""
        if self.mode is Mode.COMPAT:
            return decided, float(self.rows[market].close[decided])
        row, price = arrival(self.rows[market], decided, self.costs.latency_s)
        return int(row), float(price)

    def rests_from(self, row: int) -> int:
        """The first row whose extremes an order that arrived in ``row`` may count on: a part of that row was over."""
        return row if self.costs.latency_s == 0 else row + 1

    def market_fill(self, decided: int, market: Market, amount: float, *, is_exit: bool = True) -> Fill:
        """After the last row it is filled at the last close."""
        row, price = self.arrival(market, decided)
        if row < 0:
            rows = self.rows[market]
            row, price = len(rows.ts) - 1, float(rows.close[-1])
        return self.taker_fill(row, market, amount, price, is_exit=is_exit)

    def taker_fill(self, row: int, market: Market, amount: float, price: float, *, is_exit: bool = True) -> Fill:
        """``price`` made worse by the slippage."""
        if self.mode is Mode.COMPAT:
            return Fill(row, market, amount, price, abs(amount) * price * self.costs.trade_cost, is_exit)
        paid = price * (1 + self.costs.slippage if amount > 0 else 1 - self.costs.slippage)
        return Fill(row, market, amount, paid, abs(amount) * paid * self.costs.taker_fee, is_exit)

    def maker_fill(self, row: int, market: Market, amount: float, price: float, *, is_exit: bool = False) -> Fill:
        """At its own price."""
        fee = self.costs.trade_cost if self.mode is Mode.COMPAT else self.costs.maker_fee
        return Fill(row, market, amount, price, abs(amount) * price * fee, is_exit)
