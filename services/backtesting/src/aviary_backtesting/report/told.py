"""What a report tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

Number = float | int | None


@dataclass(frozen=True, slots=True)
class Told:
    """Frames as the parts of a run have them: ``candles`` timestamp, open, high, low, close; ``executors`` side (1, 2),
    fill_s, fill_price, closed_s, close_price, net_pnl_quote, close_type (a name); ``series`` timestamp, equity,
    drawdown (both in quote); ``held`` timestamp, net_amount (in base), by the name of each line. Times are seconds.

    ``by_side`` and ``by_close_type`` are tables, ``reference`` the reference engine's summary where there is one.
    """

    title: str
    facts: Mapping[str, str]
    warnings: Sequence[str]
    summary: Mapping[str, Number]
    metrics: Mapping[str, Number]
    by_side: Mapping[str, Mapping[str, Number]]
    by_close_type: Mapping[str, Mapping[str, Number]]
    reference: Mapping[str, Number] | None
    config: Mapping[str, object]
    candles: pl.DataFrame
    executors: pl.DataFrame
    series: pl.DataFrame
    held: Mapping[str, pl.DataFrame]
