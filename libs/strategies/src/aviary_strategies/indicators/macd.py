"""Moving average convergence and divergence."""

from typing import NamedTuple

import numpy as np

from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel


class Macd(NamedTuple):
    line: Column
    signal: Column
    histogram: Column


@kernel
def macd(close: Column, fast: int, slow: int, signal: int) -> Macd:
    """From row ``slow + signal - 2`` on; the shorter of the two periods is the fast one, whatever its name.

    As TA-Lib does it: both averages start at row ``slow - 1``, each with the mean of the last values of its own period.
    """
    if slow < fast:
        fast, slow = slow, fast
    size = len(close)
    line = np.full(size, np.nan)
    smoothed = np.full(size, np.nan)
    histogram = np.full(size, np.nan)
    first = slow + signal - 2
    if size <= first:
        return Macd(line, smoothed, histogram)
    fast_weight, slow_weight, weight = 2.0 / (fast + 1), 2.0 / (slow + 1), 2.0 / (signal + 1)
    quick = close[slow - fast : slow].sum() / fast
    steady = close[:slow].sum() / slow
    total = quick - steady
    for i in range(slow, first + 1):
        quick += (close[i] - quick) * fast_weight
        steady += (close[i] - steady) * slow_weight
        total += quick - steady
    average = total / signal
    for i in range(first, size):
        if i > first:
            quick += (close[i] - quick) * fast_weight
            steady += (close[i] - steady) * slow_weight
            average += (quick - steady - average) * weight
        line[i] = quick - steady
        smoothed[i] = average
        histogram[i] = line[i] - average
    return Macd(line, smoothed, histogram)
