"""What one base unit held long is worth, row by row, so that a stretch without a trade is known at once."""

from typing import NamedTuple

import numpy as np

from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.sweep_borrowing import borrowing
from aviary_strategies.backtest.sweep_prices import SHIFT
from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined, kernel


class Worth(NamedTuple):
    """In quote at the closes, the funding paid since the first row taken off; its lowest and highest by block of rows.

    ``squares`` (rows, 4) are running sums of its squared falls and of its squared rises from row to row, each followed
    by what rounding has left out of it: differences of them keep all their digits, also after a crash."""

    value: Column
    lowest: Column
    highest: Column
    squares: Column


@kernel
def worth_of(rows: Rows) -> Worth:
    count = len(rows.ts)
    blocks = (count >> SHIFT) + 1
    worth = Worth(np.empty(count), np.full(blocks, np.inf), np.full(blocks, -np.inf), np.empty((count, 4)))
    _fill(rows, worth)
    return worth


@borrowing
def _fill(rows: Rows, worth: Worth) -> None:
    fallen = fallen_rest = risen = risen_rest = 0.0
    before = rows.close[0] - rows.funding[0]
    for row in range(len(rows.ts)):
        value = rows.close[row] - rows.funding[row]
        move = value - before
        fallen, fallen_rest = _added(fallen, fallen_rest, min(move, 0.0) * move)
        risen, risen_rest = _added(risen, risen_rest, max(move, 0.0) * move)
        worth.value[row] = before = value
        worth.lowest[row >> SHIFT] = min(worth.lowest[row >> SHIFT], value)
        worth.highest[row >> SHIFT] = max(worth.highest[row >> SHIFT], value)
        sums = worth.squares[row]
        sums[0], sums[1], sums[2], sums[3] = fallen, fallen_rest, risen, risen_rest


@inlined
def _added(total: float, rest: float, more: float) -> tuple[float, float]:
    """Knuth's sum of two floats, and what rounding leaves out."""
    new = total + more
    grown = new - total
    return new, rest + ((total - (new - grown)) + (more - grown))


@inlined
def squares_between(worth: Worth, first: int, last: int) -> tuple[float, float]:
    """Sums of the squared falls and rises after row ``first`` up to row ``last``."""
    begin, end = worth.squares[first], worth.squares[last]
    return (end[0] - begin[0]) + (end[1] - begin[1]), (end[2] - begin[2]) + (end[3] - begin[3])
