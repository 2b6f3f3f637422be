"""Many barrier sets over one signal, with nothing kept of an executor but what it adds to the metrics."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.position_honest import simulate_honest
from aviary_strategies.backtest.position_quick import quick_compat
from aviary_strategies.backtest.position_terms import Terms
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.sweep_metrics import (
    METRICS,
    SHARPE,
    Scratch,
    count_in,
    finish_equity,
    finish_levels,
    mark,
    moves_of,
)
from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined, kernel

__all__ = ["METRICS", "PARAMETERS", "Signals", "run_sets", "signals_of"]

STOP_LOSS, TAKE_PROFIT, TIME_LIMIT, ACTIVATION, DELTA, COOLDOWN, SLOTS = range(7)
PARAMETERS: Final = (
    "stop_loss",
    "take_profit",
    "time_limit",
    "activation",
    "delta",
    "cooldown_s",
    "max_executors_per_side",
)


class Signals(NamedTuple):
    """The next row that buys, and the next that sells, at or after each row; the number of rows where there is none."""

    buys: NDArray[np.int64]
    sells: NDArray[np.int64]


class Slots(NamedTuple):
    """The active executors: by side the rows of their creation and of their end, and the PnL that comes then. An end at
    row -1 is a free slot."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    pnl: Column


@kernel
def signals_of(signal: Column) -> Signals:
    count = len(signal)
    buys, sells = np.full(count + 2, count, np.int64), np.full(count + 2, count, np.int64)
    for row in range(count - 1, -1, -1):
        buys[row] = row if signal[row] > 0.0 else buys[row + 1]
        sells[row] = row if signal[row] < 0.0 else sells[row + 1]
    return Signals(buys, sells)


@inlined
def blocked_until(
    ts: Column, slots: Slots, row: int, mine: int, counts_all: bool, count: int, cooldown_s: float, step_s: float
) -> int:
    """``row`` if the side may open now, else the first row at which that may have changed. ``step_s`` is 0 where rows
    are not evenly spaced."""
    active, newest, earliest = 0, -1, len(ts)
    for side in range(2):
        if side != mine and not counts_all:
            continue
        for slot in range(count):
            if slots.ends[side, slot] > row:
                active += 1
                newest = max(newest, slots.begins[side, slot])
                earliest = min(earliest, slots.ends[side, slot])
    if active >= count:
        return max(earliest, row + 1)
    if newest < 0 or ts[row] - ts[newest] > cooldown_s:
        return row
    cool = row + 1
    if step_s > 0.0:
        cool = max(cool, newest + int(min(cooldown_s / step_s, 1e9)))
    while cool < earliest and not ts[cool] - ts[newest] > cooldown_s:
        cool += 1
    return min(cool, max(earliest, row + 1))


@inlined
def book_ended(slots: Slots, now: int, state: Column, scratch: Scratch, levels: int) -> int:
    """Take what is seen to end up to row ``now`` into the closed PnL, in the order of the ends; the number of levels
    that are over. ``state``: the newest level, the row it began at, and the earliest row at which something may end."""
    while state[2] <= now:
        first, at_side, at_slot = len(scratch.moves), -1, -1
        for side in range(2):
            for slot in range(slots.ends.shape[1]):
                end = slots.ends[side, slot]
                if 0 <= end < first:
                    first, at_side, at_slot = end, side, slot
        state[2] = first
        if first > now:
            return levels
        if first > state[1]:
            scratch.levels[levels] = state[0]
            scratch.lengths[levels] = first - state[1]
            levels += 1
            state[1] = first
        state[0] += slots.pnl[at_side, at_slot]
        slots.ends[at_side, at_slot] = -1
    return levels


@kernel
def run_one(
    rows: Rows,
    signals: Signals,
    terms: Terms,
    total: float,
    cooldown_s: float,
    slots: Slots,
    scratch: Scratch,
    line: Column,
) -> None:
    """Fill ``line`` by ``METRICS``; as ``run_directional``, but it leaps from row to row at which a side may open."""
    count = len(rows.ts)
    per_side = slots.ends.shape[1]
    slots.ends[:] = -1
    state = np.array([0.0, 0.0, np.inf])
    step_s = rows.step_s if rows.ts[count - 1] - rows.ts[0] == rows.step_s * (count - 1) else 0.0
    levels = executors = 0
    due_buy, due_sell = signals.buys[0], signals.sells[0]
    while True:
        row = min(due_buy, due_sell)
        if row >= count:
            break
        mine = 0 if due_buy == row else 1
        sign = 1 - 2 * mine
        levels = book_ended(slots, row, state, scratch, levels)
        again = blocked_until(
            rows.ts, slots, row, mine, mine == 1 and not terms.is_honest, per_side, cooldown_s, step_s
        )
        if again <= row:
            amount = total / rows.close[row] / per_side
            if terms.is_honest:
                life = simulate_honest(rows, row, sign, amount, rows.close[row], terms)
            else:
                life = quick_compat(rows, row, sign, amount, terms)
            count_in(line, life, sign)
            for slot in range(per_side):
                if slots.ends[mine, slot] < 0:
                    slots.begins[mine, slot] = row
                    slots.ends[mine, slot] = max(life.end_row, row + 1)
                    state[2] = min(state[2], slots.ends[mine, slot])
                    slots.pnl[mine, slot] = life.net_pnl_quote
                    break
            if terms.is_honest:
                mark(rows, scratch, life, sign * amount)
                scratch.fills[executors] = life.fill_row
                scratch.ends[executors] = life.end_row
            executors += 1
            again = row + 1
        if mine == 0:
            due_buy = signals.buys[again]
        else:
            due_sell = signals.sells[again]
    levels = book_ended(slots, count - 1, state, scratch, levels)
    scratch.levels[levels], scratch.lengths[levels] = state[0], count - state[1]
    finish_levels(line, scratch, levels + 1, count, total)
    if terms.is_honest:
        finish_equity(line, rows, scratch, executors)
    else:
        line[SHARPE:] = np.nan


@kernel
def run_sets(rows: Rows, signals: Signals, terms: Terms, total: float, sets: Column, table: Column) -> None:
    """Fill ``table`` (sets, METRICS) for ``sets`` (sets, PARAMETERS); a parameter that is NaN is off."""
    count = len(rows.ts)
    scratch = Scratch(
        np.empty(count + 2),
        np.empty(count + 2),
        np.zeros(count),
        np.zeros(count),
        moves_of(rows),
        np.empty(count if terms.is_honest else 0, np.int64),
        np.empty(count if terms.is_honest else 0, np.int64),
    )
    for place in range(len(sets)):
        own = sets[place]
        per_side = int(own[SLOTS])
        slots = Slots(np.zeros((2, per_side), np.int64), np.zeros((2, per_side), np.int64), np.zeros((2, per_side)))
        limit = own[TIME_LIMIT] if own[TIME_LIMIT] == own[TIME_LIMIT] else np.inf
        barriers = Terms(
            terms.is_honest,
            own[STOP_LOSS],
            own[TAKE_PROFIT],
            limit,
            own[ACTIVATION],
            own[DELTA],
            terms.open_type,
            terms.take_profit_type,
            terms.trade_cost,
            terms.maker_fee,
            terms.taker_fee,
            terms.slippage,
            terms.latency_s,
        )
        table[place] = 0.0
        run_one(rows, signals, barriers, total, own[COOLDOWN], slots, scratch, table[place])
