"""Simple and exponential moving averages."""

import numpy as np

from aviary_strategies.candles import Column
from aviary_strategies.indicators.windows import windows
from aviary_strategies.kernels import kernel


@kernel
def sma(values: Column, length: int) -> Column:
    """The mean of each ``length`` values, from row ``length - 1`` on."""
    return windows(values, length)[0]


@kernel
def ema(values: Column, length: int) -> Column:
    """Smoothed by 2 / (length + 1), seeded at row ``length - 1`` with the mean of the values so far."""
    averages = np.full(len(values), np.nan)
    if len(values) < length:
        return averages
    weight = 2.0 / (length + 1)
    average = values[:length].sum() / length
    averages[length - 1] = average
    for i in range(length, len(values)):
        average += (values[i] - average) * weight
        averages[i] = average
    return averages
