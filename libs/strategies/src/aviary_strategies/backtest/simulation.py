"""One executor's whole life, known as soon as it is created: no executor moves the market.

The engine simulates an executor to its end when it is created at the close of row ``created``, and then only looks: a
controller sees at row i what had happened by the close of row i.
"""

from typing import NamedTuple, Protocol

from aviary_strategies.candles import Column
from aviary_strategies.types import CloseType, Market


class Leg(NamedTuple):
    """Something traded that stays: ``amount`` is signed base, ``price`` its average, ``fee_quote`` what it cost and
    ``funding_quote`` what it has paid until it is kept."""

    market: Market
    amount: float
    price: float
    fee_quote: float
    funding_quote: float = 0.0


class End(NamedTuple):
    """How it ended. ``filled_quote`` is the traded volume (entry and exit), ``net_pnl_pct`` a fraction of what was
    opened; ``kept`` goes into the held positions."""

    row: int
    close_type: CloseType
    net_pnl_quote: float
    net_pnl_pct: float
    fees_quote: float
    filled_quote: float
    close_price: float
    kept: tuple[Leg, ...] = ()


class State(NamedTuple):
    """An active executor at the close of a row."""

    is_trading: bool
    filled_quote: float
    net_pnl_quote: float
    fees_quote: float
    last_update_s: float


class Entry(NamedTuple):
    """An executor's first fill."""

    row: int
    price: float


class Simulation(Protocol):
    """``end`` is what happens when nobody stops it; ``end.row`` is the row by whose close it is over."""

    @property
    def end(self) -> End: ...

    @property
    def entry(self) -> Entry | None:
        """None when nothing is ever filled."""

    def at(self, row: int) -> State:
        """For created <= row < end.row."""

    def stopped(self, row: int, *, keep_position: bool) -> End:
        """What it ends as when it is stopped by a decision at the close of ``row`` < end.row."""

    def marks(self, last: int) -> Column:
        """Net PnL in quote, open positions valued at the close, at the close of each row from ``created`` to
        ``last`` <= end.row; the value at ``end.row`` is ``end.net_pnl_quote``."""
