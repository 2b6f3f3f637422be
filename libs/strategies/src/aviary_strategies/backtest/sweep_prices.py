"""Prices as sweeps look through them: for both sides alike, and past most candles by the block."""

from typing import Final, NamedTuple

import numpy as np

from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.sweep_borrowing import borrowing
from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined, kernel

SHIFT: Final = 4
"""A block is ``1 << SHIFT`` rows: so many that most blocks are passed over, and few enough that little is searched."""


class Prices(NamedTuple):
    """Prices times the side's sign, so that a short position is a long one: of shape (2, rows), first of those who
    buy. The worst and the best that barriers see of each row, and of each block of rows."""

    worst: Column
    best: Column
    worst_of: Column
    best_of: Column


@kernel
def prices_of(rows: Rows, is_honest: bool) -> Prices:
    """In compat a best price counts at the close alone."""
    count = len(rows.ts)
    blocks = (count >> SHIFT) + 1
    prices = Prices(
        np.empty((2, count)), np.empty((2, count)), np.full((2, blocks), np.inf), np.full((2, blocks), -np.inf)
    )
    _fill(rows, prices, is_honest)
    return prices


@borrowing
def _fill(rows: Rows, prices: Prices, is_honest: bool) -> None:
    for side in range(2):
        sign = 1 - 2 * side
        lows, highs = (rows.low, rows.high) if side == 0 else (rows.high, rows.low)
        bests = highs if is_honest else rows.close
        for row in range(len(rows.ts)):
            worst, best, block = sign * lows[row], sign * bests[row], row >> SHIFT
            prices.worst[side, row], prices.best[side, row] = worst, best
            prices.worst_of[side, block] = min(prices.worst_of[side, block], worst)
            prices.best_of[side, block] = max(prices.best_of[side, block], best)


@inlined
def first_reached(prices: Prices, side: int, first: int, end: int, guard: float, aim: float) -> int:
    """The first row of ``[first, end)`` whose worst price is at ``guard``, or whose best one at ``aim``, or beyond;
    else ``end``."""
    row = first
    while row < end:
        block = row >> SHIFT
        after = min(end, (block + 1) << SHIFT)
        if prices.worst_of[side, block] <= guard or prices.best_of[side, block] >= aim:
            while row < after:
                if prices.worst[side, row] <= guard or prices.best[side, row] >= aim:
                    return row
                row += 1
        row = after
    return end
