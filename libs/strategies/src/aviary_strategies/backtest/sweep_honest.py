"""The honest position at the market, for sweeps: ``simulate_honest`` to the last digit, by blocks of rows."""

import numpy as np

from aviary_strategies.backtest.arrival import arrives
from aviary_strategies.backtest.position_honest import (
    EARLY_STOP,
    STOP_LOSS,
    TAKE_PROFIT,
    TIME_LIMIT,
    TRAILING_STOP,
    settled,
)
from aviary_strategies.backtest.position_terms import MARKET, Life, Terms
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.sweep_prices import Prices, first_reached
from aviary_strategies.kernels import inlined


@inlined
def first_after(rows: Rows, created: int, time_limit: float) -> int:
    """The first row that opens when the time limit is over, counted from the close of ``created``; or their number."""
    count = len(rows.ts)
    over = rows.ts[created] + rows.step_s + time_limit
    row = count
    if time_limit < (count - created) * rows.step_s:
        row = min(count, created + 2 + int(time_limit / rows.step_s))
    while row - 1 > created and rows.ts[row - 1] >= over:
        row -= 1
    return row


@inlined
def left(
    rows: Rows, prices: Prices, side: int, entry: tuple[int, float, bool], expiry: int, terms: Terms
) -> tuple[int, float, float, int]:
    """The row, price, fee rate and close type of the exit of a position entered at (row, price, whether at the open).
    Prices are times the sign, but for the one returned."""
    first, paid, is_at_open = entry
    sign = 1 - 2 * side
    count = len(rows.ts)
    slip = 1.0 - sign * terms.slippage
    stop = sign * paid * (1.0 - sign * terms.stop_loss)
    target = sign * paid * (1.0 + sign * terms.take_profit)
    arming = sign * paid + paid * terms.activation
    distance = paid * terms.delta
    is_resting = terms.take_profit_type != MARKET
    peak, line = sign * paid, -np.inf
    if stop != stop:
        stop = -np.inf
    if target != target:
        target = np.inf
    if arming != arming:
        arming = np.inf
    row = first
    while row < count:
        worst, best = prices.worst[side, row], prices.best[side, row]
        if row >= expiry:
            worst = best = sign * rows.open[row]
        if worst <= stop:
            opened = sign * rows.open[row] if row > first else np.inf
            return row, sign * min(opened, stop) * slip, terms.taker_fee, STOP_LOSS
        if worst <= line:
            return row, sign * min(sign * rows.open[row], line) * slip, terms.taker_fee, TRAILING_STOP
        if row > first or is_at_open:
            if best > target or (best == target and not is_resting):
                got = sign * target * (1.0 if is_resting else slip)
                return row, got, terms.maker_fee if is_resting else terms.taker_fee, TAKE_PROFIT
            if row >= expiry:
                return row, rows.open[row] * slip, terms.taker_fee, TIME_LIMIT
            peak = max(peak, best)
            if peak >= arming:
                line = peak - distance
                if sign * rows.close[row] <= line:
                    return row, rows.close[row] * slip, terms.taker_fee, TRAILING_STOP
        # Where neither the stops nor a new best price are reached, nothing happens.
        aim = min(target, peak if line > -np.inf else arming)
        row = first_reached(prices, side, row + 1, min(expiry, count), max(line, stop), aim)
    return count - 1, rows.close[count - 1] * slip, terms.taker_fee, EARLY_STOP


@inlined
def quick_honest(rows: Rows, prices: Prices, created: int, side: int, amount: float, terms: Terms) -> Life:
    count = len(rows.ts)
    expiry = first_after(rows, created, terms.time_limit)
    row, met = arrives(rows, created, terms.latency_s)
    if row < 0 or row >= expiry:
        end, close_type = (expiry, TIME_LIMIT) if expiry < count else (count - 1, EARLY_STOP)
        return Life(-1, 0.0, 0.0, end, close_type, rows.close[end], 0.0, 0.0, 0.0, 0.0)
    sign = 1 - 2 * side
    paid = met * (1.0 + sign * terms.slippage)
    is_at_open = rows.ts[created] + rows.step_s + terms.latency_s <= rows.ts[row]
    end, got, rate, close_type = left(rows, prices, side, (row, paid, is_at_open), expiry, terms)
    return settled(rows, sign, amount, (row, paid, terms.taker_fee), (end, got, rate), close_type)
