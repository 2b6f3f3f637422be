"""The compat position for sweeps: at the market, by prices instead of the reference's running product.

The two differ by rounding only. Whatever that could decide (a price within a billionth of a barrier, a PnL next to
nothing) is left to the exact kernel, so that counts stay the same and sums differ in their last digits.
"""

import numpy as np

from aviary_strategies.backtest.position_compat import (
    STOP_LOSS,
    TAKE_PROFIT,
    TIME_LIMIT,
    TRAILING_STOP,
    last_row,
    simulate_compat,
)
from aviary_strategies.backtest.position_terms import Life, Terms
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.touching import first_touch
from aviary_strategies.kernels import inlined, kernel

_NEAR = 1e-9


@kernel
def exact(rows: Rows, created: int, sign: int, amount: float, terms: Terms) -> Life:
    return simulate_compat(rows, created, sign, amount, rows.close[created], 0.0, terms)


@inlined
def quick_compat(rows: Rows, created: int, sign: int, amount: float, terms: Terms) -> Life:
    low, high, close = rows.low, rows.high, rows.close
    last = last_row(rows, created, terms.time_limit)
    paid = close[created]
    both_fees = 2.0 * terms.trade_cost
    stop = paid * (1.0 - terms.stop_loss) if sign > 0 else paid * (1.0 + terms.stop_loss)
    target = sign * paid * (1.0 + sign * (terms.take_profit + both_fees))
    arming = sign * paid * (1.0 + sign * (terms.activation + both_fees))
    near = paid * _NEAR
    distance = paid * terms.delta
    aim = sign * (np.fmin(target, arming) - near)
    peak, line = -np.inf, -np.inf
    end, close_type, doubts = last, TIME_LIMIT, False
    row = first_touch(low if sign > 0 else high, close, created, last, sign, stop, aim)
    # Prices below are times the sign: a short position is a long one in a mirror.
    while row <= last:
        now = sign * close[row]
        doubts = doubts or abs(now - target) <= near or abs(now - arming) <= near or abs(now - line) <= near
        peak = max(peak, now)
        if peak > arming:
            line = peak - distance
            doubts = doubts or abs(now - line) <= near
        if now > target:
            end, close_type = row, TAKE_PROFIT
            break
        if (sign > 0 and low[row] <= stop) or (sign < 0 and high[row] >= stop):
            end, close_type = row, STOP_LOSS
            break
        if now < line:
            end, close_type = row, TRAILING_STOP
            break
        row += 1
    pct = (close[end] / paid - 1.0) * sign - both_fees
    if doubts or abs(pct) <= _NEAR:
        return exact(rows, created, sign, amount, terms)
    filled = amount * paid
    fees = both_fees * filled
    return Life(created, paid, fees, end, close_type, close[end], pct, pct * filled, fees, 2.0 * filled)
