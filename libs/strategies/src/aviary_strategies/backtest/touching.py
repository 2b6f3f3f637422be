"""The first row at which a barrier may have been reached: most rows of a position's life are far from all of them."""

from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined


@inlined
def first_touch(worst: Column, finest: Column, first: int, end: int, sign: int, stop: float, aim: float) -> int:
    """The first row of ``[first, end)`` whose ``worst`` is at ``stop`` or whose ``finest`` at ``aim``, or beyond; else
    ``end``. NaN is a barrier that is not there. ``sign`` is 1 where ``stop`` is below ``aim``."""
    if sign > 0:
        for row in range(first, end):
            if worst[row] <= stop or finest[row] >= aim:
                return row
    else:
        for row in range(first, end):
            if worst[row] >= stop or finest[row] <= aim:
                return row
    return end
