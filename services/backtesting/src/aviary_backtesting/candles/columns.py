"""From files and frames to columns."""

from io import BytesIO
from typing import TYPE_CHECKING

from aviary_backtesting.candles.market_data import COLUMNS

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from aviary_strategies.candles import Candles


def from_arrow(content: bytes) -> "NDArray[np.float64]":
    """Six rows from an Arrow stream."""
    import polars as pl

    return from_frame(pl.read_ipc_stream(BytesIO(content)))


def from_frame(frame: "pl.DataFrame") -> "NDArray[np.float64]":
    import numpy as np
    import polars as pl

    return np.array([frame[name].cast(pl.Float64).to_numpy() for name in COLUMNS], dtype=np.float64)


def to_frame(columns: "NDArray[np.float64]") -> "pl.DataFrame":
    import polars as pl

    return pl.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def candles_of(columns: "NDArray[np.float64]", interval_s: int) -> "Candles":
    from aviary_strategies.candles import Candles

    return Candles(interval_s, *columns)


def longer(candles: "Candles", interval_s: int) -> "Candles":
    """Put together from shorter ones, as market-data does: where there is one of them there is a longer one."""
    import numpy as np

    from aviary_strategies.candles import Candles

    if interval_s == candles.interval_s:
        return candles
    opened = np.floor(candles.ts / interval_s) * interval_s
    first = np.flatnonzero(np.diff(opened, prepend=np.nan) != 0)
    if not len(first):
        return Candles(interval_s, *candles.columns)
    last = np.append(first[1:], len(opened)) - 1
    made = (
        opened[first],
        candles.open[first],
        np.maximum.reduceat(candles.high, first),
        np.minimum.reduceat(candles.low, first),
        candles.close[last],
        np.add.reduceat(candles.volume, first),
    )
    return Candles(interval_s, *made)
