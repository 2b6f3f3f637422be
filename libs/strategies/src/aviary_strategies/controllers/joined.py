"""Columns of one feed on the rows of another."""

import numpy as np

from aviary_strategies.candles import Candles, Column


def joined(rows: Candles, other: Candles, values: Column) -> Column:
    """For each row the newest of ``values``, a column of ``other``, whose candle had closed when the row did; NaN
    before the first."""
    closed = other.ts + other.interval_s
    at = np.searchsorted(closed, rows.ts + rows.interval_s, side="right") - 1
    return np.where(at < 0, np.nan, np.append(values, np.nan)[at])
