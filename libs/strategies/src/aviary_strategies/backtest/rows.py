"""The rows that a backtest goes through, as kernels take them."""

from typing import NamedTuple

from aviary_strategies.backtest.model import NO_RULES, MarketRules
from aviary_strategies.candles import Column


class Rows(NamedTuple):
    """One market's candles on the clock of the backtest; row i is decided at its close, ``ts[i] + step_s``.

    ``ts`` is the open time in seconds. Between rows that lie further apart than ``step_s`` nothing is known, and
    nothing is filled. ``funding[i]`` is what one base unit held long would have paid, in quote, from the first row's
    open up to the close of row i. ``rules`` are what orders are held to: none in compat.
    """

    ts: Column
    open: Column
    high: Column
    low: Column
    close: Column
    funding: Column
    step_s: float
    rules: MarketRules = NO_RULES
