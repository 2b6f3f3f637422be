"""The grid executor: levels that are opened and closed again and again while the price stays in their range."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.actions import GridSpec
from aviary_strategies.backtest.arrival import first_at_or_after
from aviary_strategies.backtest.filled import FilledSimulation
from aviary_strategies.backtest.grid_levels import grid_levels
from aviary_strategies.backtest.model import MarketRules
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel
from aviary_strategies.types import CloseType

TIME_LIMIT: Final = int(CloseType.TIME_LIMIT)
STOP_LOSS: Final = int(CloseType.STOP_LOSS)
TAKE_PROFIT: Final = int(CloseType.TAKE_PROFIT)
EARLY_STOP: Final = int(CloseType.EARLY_STOP)


def simulate_grid(spec: GridSpec, venue: Venue, created: int, rules: MarketRules) -> FilledSimulation:
    """Over when the price leaves the range: by ``end_price`` as TAKE_PROFIT, by ``limit_price`` as STOP_LOSS, or as
    POSITION_HOLD with what is open when the spec keeps it."""
    last = len(venue.clock.ts) - 1
    first, price = venue.arrival(spec.market, created)
    if first < 0:
        return FilledSimulation(venue, created, (), last, CloseType.EARLY_STOP)
    levels, rows, sign = grid_levels(spec, price, rules), venue.rows[spec.market], spec.side.sign
    # A sold grid begins at its upper end: its levels are bought back downwards.
    far, near = (spec.end_price, spec.limit_price)
    if sign < 0:
        far = spec.start_price
    limit_s = math.inf
    if spec.barriers.time_limit is not None:
        limit_s = float(rows.ts[created]) + rows.step_s + spec.barriers.time_limit
    batch = spec.max_orders_per_batch or len(levels.prices)
    per_row = batch * max(1, int(rows.step_s / spec.order_frequency)) if spec.order_frequency else len(levels.prices)
    events, end_row, exit_price, how = _path(
        rows,
        venue.rests_from(first),
        first_at_or_after(rows, limit_s),
        sign,
        levels.prices,
        levels.take_profit,
        far,
        near,
        spec.barriers.stop_loss if spec.barriers.stop_loss is not None else math.nan,
        spec.max_open_orders,
        per_row,
        spec.activation_bounds if spec.activation_bounds is not None else math.inf,
        spec.safe_extra_spread,
        levels.quote,
    )
    fills = []
    held = 0.0
    for at, amount, at_price in events.tolist():
        is_exit = amount * sign < 0
        fills.append(venue.maker_fill(int(at), spec.market, amount, at_price, is_exit=is_exit))
        held += amount
    close_type = CloseType(int(how))
    still_open = abs(held) > 1e-12 * levels.quote / price
    if close_type in {CloseType.TAKE_PROFIT, CloseType.STOP_LOSS} and spec.keep_position and still_open:
        return FilledSimulation(venue, created, fills, int(end_row), CloseType.POSITION_HOLD)
    if still_open:
        fills.append(venue.taker_fill(int(end_row), spec.market, -held, float(exit_price)))
    return FilledSimulation(venue, created, fills, int(end_row), close_type)


@kernel
def _path(
    rows: Rows,
    first: int,
    limit_row: int,
    sign: int,
    prices: Column,
    take_profit: float,
    far: float,
    near: float,
    stop_loss: float,
    max_open: int,
    per_row: int,
    bounds: float,
    extra: float,
    quote: float,
) -> tuple[NDArray[np.float64], int, float, int]:
    """The fills as (row, signed base, price), the last row, the price of the exit before slippage, how it ended.

    Orders for a row are placed at the close before it: the unfilled levels nearest to the price, at most ``max_open``
    and ``per_row`` new ones, within ``bounds``, ``extra`` away from the price where a level lies beyond it. A level
    that is opened or closed within a row does no more in that row, and the limit price counts before the end price.
    """
    count = len(prices)
    amounts = np.zeros(count)  # base that is open, by level
    entries = np.zeros(count)  # the price it was opened at
    resting = np.zeros(count)  # the price of the resting entry; 0 is none
    events = np.empty((64, 3))
    used = 0
    realized, opened_quote = 0.0, 0.0
    last = len(rows.ts) - 1
    for row in range(first, len(rows.ts)):
        if row == limit_row:
            return events[:used], row, rows.open[row], TIME_LIMIT
        price = rows.open[row] if row == first else rows.close[row - 1]
        placed = 0
        busy = 0
        for level in range(count):
            if resting[level] > 0 and abs(resting[level] / price - 1) > bounds:
                resting[level] = 0.0
            if resting[level] > 0:
                busy += 1
        for step in range(count):
            level = count - 1 - step if sign > 0 else step
            if busy >= max_open or placed >= per_row:
                break
            if amounts[level] != 0.0 or resting[level] > 0:
                continue
            wanted = sign * min(sign * prices[level], sign * price * (1 - sign * extra))
            if abs(wanted / price - 1) > bounds:
                continue
            resting[level] = wanted
            placed += 1
            busy += 1
        against = rows.low[row] if sign > 0 else rows.high[row]
        with_it = rows.high[row] if sign > 0 else rows.low[row]
        while used + 2 * count > len(events):
            larger = np.empty((2 * len(events), 3))
            larger[:used] = events[:used]
            events = larger
        for level in range(count):
            target = prices[level] * (1 + sign * take_profit)
            if amounts[level] != 0.0 and sign * (with_it - target) > 0:
                events[used, 0], events[used, 1], events[used, 2] = row, -amounts[level], target
                used += 1
                realized += amounts[level] * (target - entries[level])
                amounts[level] = 0.0
            elif resting[level] > 0 and sign * (against - resting[level]) < 0:
                amounts[level] = sign * quote / resting[level]
                entries[level] = resting[level]
                opened_quote += quote
                events[used, 0], events[used, 1], events[used, 2] = row, amounts[level], resting[level]
                used += 1
                resting[level] = 0.0
        if sign * (against - near) <= 0:
            return events[:used], row, sign * min(sign * near, sign * rows.open[row]), STOP_LOSS
        if sign * (with_it - far) > 0:
            return events[:used], row, far, TAKE_PROFIT
        if stop_loss == stop_loss and opened_quote > 0:
            floating = 0.0
            for level in range(count):
                floating += amounts[level] * (rows.close[row] - entries[level])
            if (realized + floating) / opened_quote <= -stop_loss:
                return events[:used], row, rows.close[row], STOP_LOSS
    return events[:used], last, rows.close[last], EARLY_STOP
