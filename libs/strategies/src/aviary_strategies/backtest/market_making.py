"""The market-making base rule as a kernel. Levels know nothing of each other, so only rows are visited at which some
level may get a new executor."""

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.exact import add, divide, multiply
from aviary_strategies.backtest.position import life_of
from aviary_strategies.backtest.position_compat import STOP_LOSS, last_row
from aviary_strategies.backtest.position_honest import EARLY_STOP, enter
from aviary_strategies.backtest.position_terms import MARKET, Life, Terms
from aviary_strategies.backtest.quantise import quantised
from aviary_strategies.backtest.records import Records, grown, room_for, write
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel

VISIBLE_S = 3600.0
"""How long a controller sees an executor that has ended."""
_SLACK = 1e-9


@kernel
def is_renewed(rows: Rows, created: int, sign: int, price: float, terms: Terms, stale: int) -> bool:
    """Whether it is certain, without a look further ahead, that nothing is filled and nothing ends up to row ``stale``,
    at which the executor is renewed."""
    if terms.open_type == MARKET:
        return False
    if terms.is_honest:
        row, _, _, expiry = enter(rows, created, sign, price, terms, stale + 1)
        return row < 0 and min(expiry, len(rows.ts) - 1) > stale
    if last_row(rows, created, terms.time_limit) <= stale:
        return False
    # The reference looks for a stop loss before the entry too, below an entry price that is no better than the limit.
    stop = price * (1.0 - sign * terms.stop_loss) * (1.0 + sign * _SLACK)
    for row in range(created, stale + 1):
        if (rows.close[row] - price) * sign <= 0.0:
            return False
        if (sign > 0 and rows.low[row] <= stop) or (sign < 0 and rows.high[row] >= stop):
            return False
    return True


@kernel
def first_later_than(rows: Rows, created: int, wait_s: float) -> int:
    """The first row decided more than ``wait_s`` after row ``created``."""
    row = created + 1
    while row < len(rows.ts) and not rows.ts[row] - rows.ts[created] > wait_s:
        row += 1
    return row


@kernel
def next_free(rows: Rows, created: int, life: Life, is_stopped: bool, cooldown_s: float) -> int:
    """The first row whose decision finds the level without an executor, and without a stop loss that still cools."""
    if is_stopped:
        return life.end_row + 1
    row = max(life.end_row, created + 1)
    if life.close_type == STOP_LOSS:
        closed = rows.ts[life.end_row]
        while row < len(rows.ts) and rows.ts[row] - closed < cooldown_s and rows.ts[row] - closed <= VISIBLE_S:
            row += 1
    return row


@kernel
def run_market_making(
    rows: Rows,
    reference: Column,
    multiplier: Column,
    terms: Terms,
    levels: tuple[NDArray[np.int64], Column, Column],
    refresh_s: float,
    cooldown_s: float,
) -> tuple[Records, int, int]:
    """The executors, their number, and how many were refused. ``levels``: signs, spreads, and exact amounts in quote of
    shape (levels, 2); the place of a level is its template."""
    signs, spreads, quotes = levels
    records = room_for(4096)
    count = refused = 0
    due = np.zeros(len(signs), np.int64)
    row = 0
    while row < len(rows.ts):
        following = len(rows.ts)
        is_known = np.isfinite(reference[row]) and np.isfinite(multiplier[row]) and reference[row] > 0.0
        for level in range(len(signs)):
            if due[level] > row:
                following = min(following, due[level])
                continue
            due[level] = row + 1
            following = row + 1
            if not is_known:
                continue
            sign = signs[level]
            wide, wide_rest = multiply(spreads[level], 0.0, multiplier[row], 0.0)
            factor, factor_rest = add(1.0, 0.0, -sign * wide, -sign * wide_rest)
            price, rest = multiply(reference[row], 0.0, factor, factor_rest)
            if not (price > 0.0 and quotes[level, 0] > 0.0):
                continue
            amount = divide(quotes[level, 0], quotes[level, 1], price, rest)[0]
            amount, price, rest = quantised(rows, row, sign, amount, price, rest, terms.open_type)
            if amount < 0.0:
                refused += 1
                continue
            stale = first_later_than(rows, row, refresh_s)
            is_stopped = stale < len(rows.ts) and is_renewed(rows, row, sign, price, terms, stale)
            if is_stopped:
                life = Life(-1, 0.0, 0.0, stale, EARLY_STOP, rows.close[stale], 0.0, 0.0, 0.0, 0.0)
            else:
                life = life_of(rows, row, sign, amount, price, rest, terms)
                if stale < life.end_row and (life.fill_row < 0 or life.fill_row > stale):
                    life = Life(-1, 0.0, 0.0, stale, EARLY_STOP, rows.close[stale], 0.0, 0.0, 0.0, 0.0)
                    is_stopped = True
            if count == len(records.whole):
                records = grown(records)
            write(records, count, row, level, sign, (amount, price, rest), life)
            count += 1
            due[level] = next_free(rows, row, life, is_stopped, cooldown_s)
            following = min(following, max(due[level], row + 1))
        row = following
    return records, count, refused
