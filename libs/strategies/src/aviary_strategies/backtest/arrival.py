"""When an order reaches its market, and at what price: the honest engine's answer."""

import math

from aviary_strategies.backtest.rows import Rows
from aviary_strategies.kernels import inlined, kernel


@inlined
def arrives(rows: Rows, decided: int, latency_s: float) -> tuple[int, float]:
    """The row in which an order decided at the close of row ``decided`` arrives, and the price then; -1 after the end.

    Within a candle the price is taken to move from open to close evenly, which is its expectation when both are known.
    What would arrive in a gap arrives at the first open after it.
    """
    at = rows.ts[decided] + rows.step_s + latency_s
    row = decided + 1
    while row < len(rows.ts) and rows.ts[row] + rows.step_s <= at:
        row += 1
    if row >= len(rows.ts):
        return -1, math.nan
    if at <= rows.ts[row]:
        return row, rows.open[row]
    passed = (at - rows.ts[row]) / rows.step_s
    return row, rows.open[row] + (rows.close[row] - rows.open[row]) * passed


@kernel
def arrival(rows: Rows, decided: int, latency_s: float) -> tuple[int, float]:
    """As ``arrives``, to be called."""
    return arrives(rows, decided, latency_s)


@kernel
def resting_fill(rows: Rows, first: int, end: int, sign: int, price: float) -> int:
    """The first row of ``[first, end)`` whose trades go through a resting limit order at ``price``, or -1.

    A mere touch does not fill it: others may stand before it in the queue. ``sign`` is 1 for a bid.
    """
    for row in range(first, end):
        if (rows.low[row] < price) if sign > 0 else (rows.high[row] > price):
            return row
    return -1


@kernel
def first_at_or_after(rows: Rows, at_s: float) -> int:
    """The first row that opens at ``at_s`` or later; the number of rows when there is none."""
    low, high = 0, len(rows.ts)
    while low < high:
        middle = (low + high) // 2
        if rows.ts[middle] < at_s:
            low = middle + 1
        else:
            high = middle
    return low
