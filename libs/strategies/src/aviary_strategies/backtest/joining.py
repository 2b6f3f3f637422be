"""Which feature row is known at which row of the backtest."""

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel


@kernel
def newest_by(known_s: Column, now_s: Column, offset_s: float) -> NDArray[np.int64]:
    """For each of ``now_s`` the place of the last of ``known_s`` that is at or before ``now_s + offset_s``, or -1; both
    ascend."""
    places = np.empty(len(now_s), np.int64)
    place = -1
    for row in range(len(now_s)):
        limit = now_s[row] + offset_s
        while place + 1 < len(known_s) and known_s[place + 1] <= limit:
            place += 1
        places[row] = place
    return places


@kernel
def taken(column: Column, places: NDArray[np.int64]) -> Column:
    """NaN where the place is -1."""
    out = np.empty(len(places))
    for row in range(len(places)):
        place = places[row]
        out[row] = column[place] if place >= 0 else np.nan
    return out


@kernel
def has_nan(column: Column) -> bool:
    """Whether any value is NaN."""
    for row in range(len(column)):  # noqa: SIM110 - a kernel knows no any() of a generator
        if column[row] != column[row]:
            return True
    return False


@kernel
def paid_by_close(ts: Column, close: Column, step_s: float, settled_s: Column, rate: Column) -> Column:
    """Funding that a long base unit has paid by the close of each row, in quote, valued at the last close before."""
    paid = np.zeros(len(ts))
    total = 0.0
    place = 0
    while place < len(settled_s) and len(ts) > 0 and settled_s[place] < ts[0]:
        place += 1
    for row in range(len(ts)):
        while place < len(settled_s) and settled_s[place] < ts[row] + step_s:
            total += rate[place] * close[max(0, row - 1)]
            place += 1
        paid[row] = total
    return paid
