"""The directional base rule as a kernel: only rows with a signal are visited."""

import numpy as np

from aviary_strategies.backtest.exact import divide
from aviary_strategies.backtest.position import life_of
from aviary_strategies.backtest.position_terms import Terms
from aviary_strategies.backtest.quantise import quantised
from aviary_strategies.backtest.records import Places, Records, grown, room_for, write
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel


@kernel
def signal_rows(signal: Column) -> Places:
    """Row + 1 where the signal buys, -(row + 1) where it sells; NaN does neither."""
    rows = np.empty(len(signal), np.int64)
    count = 0
    for row in range(len(signal)):
        if signal[row] > 0.0:
            rows[count] = row + 1
            count += 1
        elif signal[row] < 0.0:
            rows[count] = -(row + 1)
            count += 1
    return rows[:count].copy()


@kernel
def run_directional(
    rows: Rows,
    signals: Places,
    terms: Terms,
    total: tuple[float, float],
    slots: int,
    cooldown_s: float,
    slip_counts_all: bool,
) -> tuple[Records, int, int]:
    """The executors, their number, and how many were refused; template 0 buys, 1 sells. ``slip_counts_all``: a sell
    signal counts the active executors of both sides, as the reference does."""
    records = room_for(1024)
    count = refused = 0
    # An executor that ended is overwritten; at most ``slots`` of each side are active.
    ends = np.full((2, slots), -1, np.int64)
    begins = np.zeros((2, slots), np.int64)
    for coded in signals:
        sign = 1 if coded > 0 else -1
        row = abs(coded) - 1
        mine = 0 if sign > 0 else 1
        active, newest, free = 0, -1, -1
        for side in range(2):
            if side != mine and not (slip_counts_all and sign < 0):
                continue
            for slot in range(slots):
                if ends[side, slot] > row:
                    active += 1
                    newest = max(newest, begins[side, slot])
                elif side == mine:
                    free = slot
        if active >= slots or free < 0:
            continue
        if newest >= 0 and not rows.ts[row] - rows.ts[newest] > cooldown_s:
            continue
        price = rows.close[row]
        high, low = divide(total[0], total[1], price, 0.0)
        amount = divide(high, low, float(slots), 0.0)[0]
        amount, price, rest = quantised(rows, row, sign, amount, price, 0.0, terms.open_type)
        if amount < 0.0:
            refused += 1
            continue
        life = life_of(rows, row, sign, amount, price, rest, terms)
        if count == len(records.whole):
            records = grown(records)
        write(records, count, row, mine, sign, (amount, price, rest), life)
        count += 1
        ends[mine, free] = life.end_row
        begins[mine, free] = row
    return records, count, refused
