"""Bollinger bands around the simple moving average, by the population deviation."""

from typing import NamedTuple

import numpy as np

from aviary_strategies.candles import Column
from aviary_strategies.indicators.windows import windows
from aviary_strategies.kernels import kernel

EPSILON = float(np.finfo(np.float64).eps)


class Bands(NamedTuple):
    """``width`` is 100 * (upper - lower) / middle; ``percent`` is 0 on the lower band and 1 on the upper one."""

    lower: Column
    middle: Column
    upper: Column
    width: Column
    percent: Column


@kernel
def bollinger(close: Column, length: int, deviations: float) -> Bands:
    """``deviations`` standard deviations to both sides.

    A distance of 0 counts as the smallest step of a float around 1, so that ``percent`` is 1 while no price moves.
    """
    middle, lower = windows(close, length)
    upper = np.empty_like(close)
    width = np.empty_like(close)
    percent = np.empty_like(close)
    for i in range(len(close)):
        reach = deviations * lower[i]
        lower[i] = middle[i] - reach
        upper[i] = middle[i] + reach
        between = upper[i] - lower[i]
        above = close[i] - lower[i]
        width[i] = 100.0 * between / middle[i]
        percent[i] = (above if above != 0.0 else EPSILON) / (between if between != 0.0 else EPSILON)
    return Bands(lower, middle, upper, width, percent)
