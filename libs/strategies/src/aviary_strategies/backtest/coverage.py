"""How much of a range there are candles of."""

import math

import numpy as np

from aviary_strategies.backtest.result import Coverage
from aviary_strategies.candles import Column


def coverage_of(ts: Column, start_s: float, end_s: float, step_s: float) -> Coverage:
    """Of the candles that open within ``[start_s, end_s]``, on the grid of whole steps since the epoch."""
    first = math.ceil(start_s / step_s) * step_s
    expected = max(0, math.floor((end_s - first) / step_s) + 1)
    edges = np.concatenate(([first - step_s], ts, [first + expected * step_s]))
    jumps = np.flatnonzero(np.diff(edges) > step_s)
    holes = tuple((float(edges[place] + step_s), float(edges[place + 1])) for place in jumps)
    return Coverage(expected, len(ts), holes)
