"""What a backtest answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aviary_strategies.actions import Spec
from aviary_strategies.backtest.executors import Executors
from aviary_strategies.backtest.model import ENGINE_VERSION, Costs, Mode
from aviary_strategies.backtest.simulation import End
from aviary_strategies.candles import Column
from aviary_strategies.types import Market

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


class Ended(NamedTuple):
    """One executor that is over; ``number`` counts them in the order of their creation, from 0."""

    number: int
    spec: Spec
    created_row: int
    fill_row: int
    """The row of its first fill; -1 if there was none."""
    fill_price: float
    """0 if nothing was filled."""
    end: End


@dataclass(frozen=True, slots=True)
class Hold:
    """What executors left in one market, over the whole backtest."""

    market: Market
    buy_amount_base: float = 0.0
    buy_amount_quote: float = 0.0
    sell_amount_base: float = 0.0
    sell_amount_quote: float = 0.0
    net_amount_base: float = 0.0
    average_price: float = 0.0
    realized_pnl_quote: float = 0.0
    unrealized_pnl_quote: float = 0.0
    fees_quote: float = 0.0
    n_executors: int = 0

    @property
    def volume_quote(self) -> float:
        return self.buy_amount_quote + self.sell_amount_quote

    @property
    def is_closed(self) -> bool:
        return self.net_amount_base == 0.0


class Played(NamedTuple):
    """What going through the rows left, row by row; columns as long as the rows.

    ``marks`` is the net PnL of all executors at the close of each row, open ones valued at that close (honest).
    ``position_series`` has only the rows at which something was held.
    """

    ended: Sequence[Ended]
    marks: Column
    position_realized: Column
    position_unrealized: Column
    position_series: Mapping[str, Column] = {}
    positions: tuple[Hold, ...] = ()
    refused: int = 0
    """Orders that the market would not have taken."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the range there were candles of; a hole is ``[start_s, end_s)``."""

    expected: int
    present: int
    holes: tuple[tuple[float, float], ...] = ()

    @property
    def fraction(self) -> float:
        return self.present / self.expected if self.expected else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """``digest`` is a hash of what went in and of every executor that came out, the same on every machine.

    ``series`` has one value for each row that was gone through, ``features`` what was known at it and its candle.
    """

    mode: Mode
    controller_name: str
    config: Mapping[str, Json]
    start_s: float
    end_s: float
    resolution: str
    costs: Costs
    executors: Executors
    series: Mapping[str, Column]
    features: Mapping[str, Column]
    summary: Mapping[str, float | int | Mapping[str, int]]
    metrics: Mapping[str, float | None]
    tables: Mapping[str, Mapping[str, Mapping[str, float]]]
    """``by_side`` and ``by_close_type``: of each the count, wins, volume, fees and net PnL."""
    coverage: Coverage
    candle_digest: str
    digest: str
    positions: tuple[Hold, ...] = ()
    position_series: Mapping[str, Column] = field(default_factory=dict)
    engine_version: str = ENGINE_VERSION
    refused: int = 0
    """Executors that were asked for and not created: the market takes no order so small."""
