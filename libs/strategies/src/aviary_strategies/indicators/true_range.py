"""The average true range by Wilder's smoothing, in price and in percent of it."""

import numpy as np

from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel


@kernel
def atr(high: Column, low: Column, close: Column, length: int) -> Column:
    """From row ``length`` on: the first true range is that of row 1, since it needs the close before it."""
    averages = np.full(len(close), np.nan)
    average = 0.0
    for i in range(1, len(close)):
        reach = max(high[i], close[i - 1]) - min(low[i], close[i - 1])
        if i <= length:
            average += reach
            if i == length:
                average /= length
                averages[i] = average
        else:
            average = (average * (length - 1) + reach) / length
            averages[i] = average
    return averages


@kernel
def natr(high: Column, low: Column, close: Column, length: int) -> Column:
    """100 * ATR / close."""
    return 100.0 * atr(high, low, close, length) / close
