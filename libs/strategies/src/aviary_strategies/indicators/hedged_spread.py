"""How far a pair of prices has left the line that ties them."""

import numpy as np

from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel


@kernel
def hedged_spread(dominant: Column, hedge: Column, lookback: int) -> Column:
    """In standard deviations, from row ``lookback - 1`` on; above 0 the hedge is dear.

    Within each window both prices are divided by their first one, and the spread is the relative distance of the
    hedge from its least squares line over the dominant. 0 where nothing deviates.
    """
    scores = np.full(len(dominant), np.nan)
    spreads = np.empty(lookback)
    for i in range(lookback - 1, len(dominant)):
        x = dominant[i - lookback + 1 : i + 1] / dominant[i - lookback + 1]
        y = hedge[i - lookback + 1 : i + 1] / hedge[i - lookback + 1]
        x_mean, y_mean = x.sum() / lookback, y.sum() / lookback
        together = around = 0.0
        for j in range(lookback):
            together += (x[j] - x_mean) * (y[j] - y_mean)
            around += (x[j] - x_mean) * (x[j] - x_mean)
        slope = together / around if around != 0.0 else 0.0
        for j in range(lookback):
            line = y_mean + slope * (x[j] - x_mean)
            spreads[j] = (y[j] - line) / line
        mean = spreads.sum() / lookback
        squares = 0.0
        for j in range(lookback):
            squares += (spreads[j] - mean) * (spreads[j] - mean)
        deviation = np.sqrt(squares / lookback)
        scores[i] = (spreads[-1] - mean) / deviation if deviation != 0.0 else 0.0
    return scores
