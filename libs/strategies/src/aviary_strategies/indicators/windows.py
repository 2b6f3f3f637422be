"""Mean and deviation of a sliding window, by running sums that stay as accurate as two passes over each window."""

import numpy as np

from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel

LEAST_SHARE = 0.01
"""Below this share of the largest sum of squares since the last fresh start, too many digits have cancelled out."""


@kernel
def windows(values: Column, length: int) -> tuple[Column, Column]:
    """Mean and population standard deviation of each ``length`` values, from row ``length - 1`` on.

    The sums are of distances from a recent value, and start afresh after ``length`` rows or when most of them cancels
    out: the deviation is right to about 1e-12 of itself, and exactly 0 where all values are the same.
    """
    size = len(values)
    mean = np.empty(size)
    deviation = np.empty(size)
    mean[: length - 1] = np.nan
    deviation[: length - 1] = np.nan
    share = 1.0 / length
    i = length - 1
    while i < size:
        anchor = values[i]
        total, squares, spread = fresh(values[i - length + 1 : i + 1], anchor)
        largest = squares
        mean[i] = anchor + total * share
        deviation[i] = np.sqrt(spread * share)
        i += 1
        entered, left = values[i : i + length], values[i - length : i]
        means, deviations = mean[i : i + length], deviation[i : i + length]
        for j in range(len(entered)):
            entering = entered[j] - anchor
            leaving = left[j] - anchor
            change = entering - leaving
            total += change
            squares += change * (entering + leaving)
            largest = max(largest, squares)
            spread = squares - total * total * share
            if spread < largest * LEAST_SHARE:
                break
            means[j] = anchor + total * share
            deviations[j] = np.sqrt(spread * share)
            i += 1
    return mean, deviation


@kernel
def fresh(window: Column, anchor: float) -> tuple[float, float, float]:
    """The sum of the distances from ``anchor``, that of their squares, and that of the squares around their mean."""
    total = squares = spread = 0.0
    for value in window:
        total += value - anchor
    shift = total / len(window)
    for value in window:
        squares += (value - anchor) * (value - anchor)
        spread += (value - anchor - shift) * (value - anchor - shift)
    return total, squares, spread
