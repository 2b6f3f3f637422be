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
from aviary_strategies.backtest.sweep_prices import Prices, first_reached
from aviary_strategies.kernels import inlined, kernel

_NEAR = 1e-9


@kernel
def exact(rows: Rows, created: int, sign: int, amount: float, terms: Terms) -> Life:
    return simulate_compat(rows, created, sign, amount, rows.close[created], 0.0, terms)


@inlined
def quick_compat(rows: Rows, prices: Prices, created: int, side: int, amount: float, terms: Terms) -> Life:
    """Prices are times the sign, but for ``paid``."""
    sign = 1 - 2 * side
    last = last_row(rows, created, terms.time_limit)
    paid = rows.close[created]
    both_fees = 2.0 * terms.trade_cost
    stop = sign * paid * (1.0 - sign * terms.stop_loss)
    target = sign * paid * (1.0 + sign * (terms.take_profit + both_fees))
    arming = sign * paid * (1.0 + sign * (terms.activation + both_fees))
    near, distance = paid * _NEAR, paid * terms.delta
    if stop != stop:
        stop = -np.inf
    if target != target:
        target = np.inf
    if arming != arming:
        arming = np.inf
    peak, line = -np.inf, -np.inf
    end, close_type, doubts = last, TIME_LIMIT, False
    row = first_reached(prices, side, created, last + 1, stop, min(target, arming) - near)
    while row <= last:
        now = prices.best[side, row]
        doubts = doubts or abs(now - target) <= near or abs(now - arming) <= near or abs(now - line) <= near
        peak = max(peak, now)
        if peak > arming:
            line = peak - distance
            doubts = doubts or abs(now - line) <= near
        if now > target:
            end, close_type = row, TAKE_PROFIT
            break
        if prices.worst[side, row] <= stop:
            end, close_type = row, STOP_LOSS
            break
        if now < line:
            end, close_type = row, TRAILING_STOP
            break
        # Where no price comes near a barrier or becomes the best one, nothing happens.
        aim = min(target - near, peak if line > -np.inf else arming - near)
        row = first_reached(prices, side, row + 1, last + 1, max(stop, line + near), aim)
    pct = (rows.close[end] / paid - 1.0) * sign - both_fees
    if doubts or abs(pct) <= _NEAR:
        return exact(rows, created, sign, amount, terms)
    filled = amount * paid
    fees = both_fees * filled
    return Life(created, paid, fees, end, close_type, rows.close[end], pct, pct * filled, fees, 2.0 * filled)
