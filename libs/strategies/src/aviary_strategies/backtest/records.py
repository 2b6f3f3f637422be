"""Executors as kernels write them down: one row of whole numbers and one of floats each, in the order of creation."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.position_terms import Life
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel

CREATED, FILLED, ENDED, CLOSE_TYPE, TEMPLATE, SIGN = range(6)
AMOUNT, PRICE, REST, FILL_PRICE, ENTRY_FEE, CLOSE_PRICE, PCT, PNL, FEES, VOLUME = range(10)
WHOLE: Final = 6
FLOATS: Final = 10

Whole = NDArray[np.int64]
Places = NDArray[np.int64]


class Records(NamedTuple):
    """``whole[i, ENDED]`` and so on, the first ``count`` rows; a fresh one after each growth."""

    whole: Whole
    floats: Column


@kernel
def room_for(capacity: int) -> Records:
    return Records(np.empty((capacity, WHOLE), np.int64), np.empty((capacity, FLOATS)))


@kernel
def grown(records: Records) -> Records:
    old = len(records.whole)
    larger = room_for(2 * old + 16)
    larger.whole[:old] = records.whole
    larger.floats[:old] = records.floats
    return larger


@kernel
def write(
    records: Records, place: int, created: int, template: int, sign: int, order: tuple[float, float, float], life: Life
) -> None:
    """``order`` is the amount, the price and what the price leaves over."""
    whole, floats = records.whole[place], records.floats[place]
    whole[CREATED] = created
    whole[FILLED] = life.fill_row
    whole[ENDED] = life.end_row
    whole[CLOSE_TYPE] = life.close_type
    whole[TEMPLATE] = template
    whole[SIGN] = sign
    floats[AMOUNT] = order[0]
    floats[PRICE] = order[1]
    floats[REST] = order[2]
    floats[FILL_PRICE] = life.fill_price
    floats[ENTRY_FEE] = life.entry_fee
    floats[CLOSE_PRICE] = life.close_price
    floats[PCT] = life.net_pnl_pct
    floats[PNL] = life.net_pnl_quote
    floats[FEES] = life.fees
    floats[VOLUME] = life.filled_quote


@kernel
def in_order_of_ending(shown: Places, is_stopped: NDArray[np.bool_], rows: int) -> Places:
    """Places sorted by the row at which an executor is first seen ended; at one row those that a decision stopped come
    last, and those alike stay in the order of creation. A counting sort: ``shown`` is at most ``rows``."""
    starts = np.zeros(2 * rows + 4, np.int64)
    for place in range(len(shown)):
        starts[2 * shown[place] + is_stopped[place] + 1] += 1
    for bucket in range(1, len(starts)):
        starts[bucket] += starts[bucket - 1]
    order = np.empty(len(shown), np.int64)
    for place in range(len(shown)):
        bucket = 2 * shown[place] + is_stopped[place]
        order[starts[bucket]] = place
        starts[bucket] += 1
    return order
