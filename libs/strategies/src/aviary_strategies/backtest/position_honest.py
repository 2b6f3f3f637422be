"""A position as it could have been traded: nothing is filled before its order arrives, or at a better price than one
could have had.

Of a candle one knows four prices and not their order, so what could have been either way goes against the position:
the stop loss before the take profit, the worst price before the best one.
"""

import numpy as np

from aviary_strategies.backtest.arrival import arrival, arrives, resting_fill
from aviary_strategies.backtest.position_terms import LIMIT_MAKER, MARKET, Life, Terms
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.touching import first_touch
from aviary_strategies.kernels import inlined, kernel

TIME_LIMIT, STOP_LOSS, TAKE_PROFIT, EARLY_STOP, TRAILING_STOP = 1, 2, 3, 5, 6
AT_OPEN, WITHIN, RESTING = 0, 1, 2


@inlined
def enter(rows: Rows, created: int, sign: int, price: float, terms: Terms, horizon: int) -> tuple[int, float, int, int]:
    """The row and price of the entry (row -1: none before ``horizon``), how it was filled, and the first row past the
    time limit."""
    ts = rows.ts
    count = len(ts)
    row, met = arrives(rows, created, terms.latency_s)
    decided = ts[created] + rows.step_s
    expiry = count
    if terms.time_limit < (count - created) * rows.step_s:
        expiry = min(count, created + 2 + int(terms.time_limit / rows.step_s))
    while expiry - 1 > created and ts[expiry - 1] >= decided + terms.time_limit:
        expiry -= 1
    if row < 0 or row >= expiry:
        return -1, 0.0, RESTING, expiry
    is_at_open = decided + terms.latency_s <= ts[row]
    how = AT_OPEN if is_at_open else WITHIN
    slipped = met * (1.0 + sign * terms.slippage)
    if terms.open_type == MARKET:
        return row, slipped, how, expiry
    limit = price
    if sign * (met - price) <= 0.0:
        if terms.open_type != LIMIT_MAKER:
            return row, min(slipped, price) if sign > 0 else max(slipped, price), how, expiry
        limit = met
    first = row if is_at_open else row + 1
    return resting_fill(rows, first, min(expiry, horizon), sign, limit), limit, RESTING, expiry


@inlined
def settled(
    rows: Rows,
    sign: int,
    amount: float,
    filled: tuple[int, float, float],
    left: tuple[int, float, float],
    close_type: int,
) -> Life:
    """The books of a position filled and left at (row, price, fee rate)."""
    fill_row, paid, entry_rate = filled
    end_row, got, exit_rate = left
    entry_fee = amount * paid * entry_rate
    fees = entry_fee + amount * got * exit_rate
    funding = sign * amount * (rows.funding[end_row] - rows.funding[fill_row])
    pnl = sign * amount * (got - paid) - fees - funding
    opened = amount * paid
    return Life(fill_row, paid, entry_fee, end_row, close_type, got, pnl / opened, pnl, fees, opened + amount * got)


@inlined
def leave(
    rows: Rows, sign: int, entry: tuple[int, float, int], expiry: int, terms: Terms
) -> tuple[int, float, float, int]:
    """The row, price, fee rate and close type of the exit of a position entered at (row, price, how)."""
    first, paid, how = entry
    opens, closes = rows.open, rows.close
    worsts, finests = (rows.low, rows.high) if sign > 0 else (rows.high, rows.low)
    count = len(rows.ts)
    slip = 1.0 - sign * terms.slippage
    stop = sign * paid * (1.0 - sign * terms.stop_loss)
    target = sign * paid * (1.0 + sign * terms.take_profit)
    is_resting_target = terms.take_profit_type != MARKET
    target_slip = 1.0 if is_resting_target else slip
    target_rate = terms.maker_fee if is_resting_target else terms.taker_fee
    distance = paid * terms.delta
    arming = sign * paid + paid * terms.activation
    best = sign * paid
    line = -np.inf
    if stop != stop:
        stop = -np.inf
    if target != target:
        target = np.inf
    if arming != arming:
        arming = np.inf
    # Prices below are times the sign: a short position is a long one in a mirror.
    row = first
    while row < count:
        opened = sign * opens[row]
        worst, finest = sign * worsts[row], sign * finests[row]
        is_first = row == first
        if row >= expiry:
            worst = finest = opened
        reached = opened if not is_first or (how == RESTING and opened < sign * paid) else np.inf
        if worst <= stop:
            return row, sign * min(reached, stop) * slip, terms.taker_fee, STOP_LOSS
        if worst <= line:
            return row, sign * min(opened, line) * slip, terms.taker_fee, TRAILING_STOP
        if not is_first or how == AT_OPEN:
            if finest > target or (finest == target and not is_resting_target):
                return row, sign * target * target_slip, target_rate, TAKE_PROFIT
            if row >= expiry:
                return row, opens[row] * slip, terms.taker_fee, TIME_LIMIT
            best = max(best, finest)
            if best >= arming:
                line = best - distance
                if sign * closes[row] <= line:
                    return row, closes[row] * slip, terms.taker_fee, TRAILING_STOP
        # Where neither the stops nor a new best price are reached, nothing happens.
        guard = max(line, stop)
        reach = best if line > -np.inf else arming
        reach = min(target, reach)
        row = first_touch(worsts, finests, row + 1, min(expiry, count), sign, sign * guard, sign * reach)
    return count - 1, closes[count - 1] * slip, terms.taker_fee, EARLY_STOP


@inlined
def simulate_honest(rows: Rows, created: int, sign: int, amount: float, price: float, terms: Terms) -> Life:
    count = len(rows.ts)
    row, paid, how, expiry = enter(rows, created, sign, price, terms, count)
    if row < 0:
        end, close_type = (expiry, TIME_LIMIT) if expiry < count else (count - 1, EARLY_STOP)
        return Life(-1, 0.0, 0.0, end, close_type, rows.close[end], 0.0, 0.0, 0.0, 0.0)
    entry_rate = terms.maker_fee if how == RESTING else terms.taker_fee
    end, got, exit_rate, close_type = leave(rows, sign, (row, paid, how), expiry, terms)
    return settled(rows, sign, amount, (row, paid, entry_rate), (end, got, exit_rate), close_type)


@kernel
def stop_honest(rows: Rows, life: Life, row: int, sign: int, amount: float, terms: Terms) -> Life:
    """What becomes of ``life`` when its end is decided at the close of ``row`` < its end: an order that has not been
    filled by then is cancelled, a position is sold when that order arrives, unless a barrier comes first."""
    if life.fill_row < 0 or life.fill_row > row:
        return Life(-1, 0.0, 0.0, row, EARLY_STOP, rows.close[row], 0.0, 0.0, 0.0, 0.0)
    end, met = arrival(rows, row, terms.latency_s)
    if end < 0:
        end, met = len(rows.ts) - 1, rows.close[len(rows.ts) - 1]
    if life.end_row < end:
        return life
    got = met * (1.0 - sign * terms.slippage)
    entry_rate = life.entry_fee / (amount * life.fill_price)
    return settled(
        rows, sign, amount, (life.fill_row, life.fill_price, entry_rate), (end, got, terms.taker_fee), EARLY_STOP
    )
