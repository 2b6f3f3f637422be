"""A position as the reference engine (release 20260922) simulates it, bit for bit, its flaws included.

Entries and exits are booked at closes, the PnL is a running product of the closes' growth (rounded as
there), both fees are charged from
the entry on, and a stop loss is looked for in all rows, also in those before the entry.
"""

import numpy as np

from aviary_strategies.backtest.position_terms import MARKET, Life, Terms
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.touching import first_touch
from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined, kernel

TIME_LIMIT, STOP_LOSS, TAKE_PROFIT, TRAILING_STOP = 1, 2, 3, 6
_SLACK = 1e-9
"""Wider than what rounding adds up to over the longest run."""


@inlined
def last_row(rows: Rows, created: int, time_limit: float) -> int:
    """The last row that opens within the time limit, counted from the row of the creation."""
    ts = rows.ts
    last = len(ts) - 1
    if time_limit < (last - created) * rows.step_s:
        last = created + int(time_limit / rows.step_s)
    while last > created and ts[last] > ts[created] + time_limit:
        last -= 1
    return last


@inlined
def entry_row(rows: Rows, created: int, last: int, sign: int, price: float, rest: float) -> int:
    """The first row up to ``last`` whose close reaches ``price`` + ``rest``; -1 if none does."""
    close = rows.close
    for row in range(created, last + 1):
        beyond = (close[row] - price) * sign
        if beyond < 0.0 or (beyond == 0.0 and rest * sign >= 0.0):
            return row
    return -1


@inlined
def simulate_compat(
    rows: Rows, created: int, sign: int, amount: float, price: float, rest: float, terms: Terms
) -> Life:
    low, high, close = rows.low, rows.high, rows.close
    last = last_row(rows, created, terms.time_limit)
    entry = created if terms.open_type == MARKET else entry_row(rows, created, last, sign, price, rest)
    if entry < 0:
        return Life(-1, 0.0, 0.0, last, TIME_LIMIT, close[last], 0.0, 0.0, 0.0, 0.0)
    paid = close[entry]
    stop = paid * (1.0 - terms.stop_loss) if sign > 0 else paid * (1.0 + terms.stop_loss)
    for row in range(created, entry):
        if (sign > 0 and low[row] <= stop) or (sign < 0 and high[row] >= stop):
            return Life(-1, 0.0, 0.0, row, STOP_LOSS, close[row], 0.0, 0.0, 0.0, 0.0)
    both_fees = 2.0 * terms.trade_cost
    filled = amount * paid
    # Up to the first row near a barrier only the product matters: before it is armed, the trailing line does not.
    aim = paid * (1.0 + sign * (np.fmin(terms.take_profit, terms.activation) + both_fees)) * (1.0 - sign * _SLACK)
    near = first_touch(low if sign > 0 else high, close, entry, last, sign, stop, aim)
    product = 1.0
    for row in range(entry + 1, near):
        product *= 1.0 + (close[row] / close[row - 1] - 1.0)
    pct = 0.0
    line = -np.inf
    is_armed = False
    end, close_type = last, TIME_LIMIT
    for row in range(near, last + 1):
        if row > entry:
            product *= 1.0 + (close[row] / close[row - 1] - 1.0)
        pct = (product - 1.0) * sign - both_fees
        line = max(line, pct - terms.delta)
        is_armed = is_armed or pct > terms.activation
        if pct > terms.take_profit:
            end, close_type = row, TAKE_PROFIT
            break
        if (sign > 0 and low[row] <= stop) or (sign < 0 and high[row] >= stop):
            end, close_type = row, STOP_LOSS
            break
        if is_armed and pct < line:
            end, close_type = row, TRAILING_STOP
            break
    fees = both_fees * filled
    return Life(entry, paid, fees, end, close_type, close[end], pct, pct * filled, fees, 2.0 * filled)


@kernel
def pct_by_row(close: Column, entry: int, end: int, sign: int, trade_cost: float) -> Column:
    """Net PnL as a fraction, both fees paid, at the closes of the rows ``entry`` to ``end``."""
    pct = np.empty(end - entry + 1)
    product = 1.0
    for place in range(len(pct)):
        if place > 0:
            product *= 1.0 + (close[entry + place] / close[entry + place - 1] - 1.0)
        pct[place] = (product - 1.0) * sign - 2.0 * trade_cost
    return pct
