"""The supertrend: a line behind the price that only moves towards it, until the price crosses it."""

from typing import NamedTuple

import numpy as np

from aviary_strategies.candles import Column
from aviary_strategies.indicators.true_range import atr
from aviary_strategies.kernels import kernel


class Supertrend(NamedTuple):
    """``direction`` is 1 while ``line`` lies below the price, and -1 while above."""

    line: Column
    direction: Column


@kernel
def supertrend(high: Column, low: Column, close: Column, length: int, multiplier: float) -> Supertrend:
    """From row ``length`` on; the direction before the first crossing is 1."""
    line = np.full(len(close), np.nan)
    directions = np.full(len(close), np.nan)
    ranges = atr(high, low, close, length)
    direction = 1.0
    lower = upper = np.nan
    for i in range(length, len(close)):
        middle = (high[i] + low[i]) / 2.0
        next_lower = middle - multiplier * ranges[i]
        next_upper = middle + multiplier * ranges[i]
        if close[i] > upper:
            direction = 1.0
        elif close[i] < lower:
            direction = -1.0
        elif direction > 0.0 and next_lower < lower:
            next_lower = lower
        elif direction < 0.0 and next_upper > upper:
            next_upper = upper
        lower, upper = next_lower, next_upper
        line[i] = lower if direction > 0.0 else upper
        directions[i] = direction
    return Supertrend(line, directions)
