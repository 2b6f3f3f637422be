"""The DCA executor: a position opened level by level, closed as one."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.actions import DcaSpec
from aviary_strategies.backtest.arrival import first_at_or_after
from aviary_strategies.backtest.filled import FilledSimulation
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel
from aviary_strategies.types import CloseType, OrderType

NEVER: Final = math.nan
TIME_LIMIT: Final = int(CloseType.TIME_LIMIT)
STOP_LOSS: Final = int(CloseType.STOP_LOSS)
TAKE_PROFIT: Final = int(CloseType.TAKE_PROFIT)
TRAILING_STOP: Final = int(CloseType.TRAILING_STOP)
EARLY_STOP: Final = int(CloseType.EARLY_STOP)


def simulate_dca(spec: DcaSpec, venue: Venue, created: int) -> FilledSimulation:
    """Levels rest as maker orders from their arrival on; the stop loss counts once all are filled. Barriers are
    relative to the average price of what is filled, weighted by base."""
    last = len(venue.clock.ts) - 1
    row, price = venue.arrival(spec.market, created)
    if row < 0:
        return FilledSimulation(venue, created, (), last, CloseType.EARLY_STOP)
    sign, barriers = spec.side.sign, spec.barriers
    limits = np.array([sign * min(sign * each, sign * price) for each in spec.prices])
    amounts = np.array([quote / limit for quote, limit in zip(spec.amounts_quote, limits, strict=True)])
    rows = venue.rows[spec.market]
    decided_s = float(rows.ts[created]) + rows.step_s
    limit_s = math.inf if barriers.time_limit is None else decided_s + barriers.time_limit
    filled, end_row, exit_price, how = _path(
        rows,
        venue.rests_from(row),
        first_at_or_after(rows, limit_s),
        sign,
        limits,
        amounts,
        NEVER if barriers.stop_loss is None else barriers.stop_loss,
        NEVER if barriers.take_profit is None else barriers.take_profit,
        NEVER if barriers.trailing is None else barriers.trailing.activation,
        NEVER if barriers.trailing is None else barriers.trailing.delta,
    )
    entries = [
        venue.maker_fill(int(at), spec.market, sign * float(amount), float(limit))
        for at, amount, limit in sorted(zip(filled, amounts, limits, strict=True))
        if at >= 0
    ]
    close_type = CloseType(int(how))
    if not entries:
        return FilledSimulation(venue, created, (), int(end_row), close_type)
    held = sum(fill.amount for fill in entries)
    is_maker = close_type is CloseType.TAKE_PROFIT and barriers.take_profit_order_type is not OrderType.MARKET
    closing = venue.maker_fill if is_maker else venue.taker_fill
    exit_ = closing(int(end_row), spec.market, -held, float(exit_price), is_exit=True)
    return FilledSimulation(venue, created, (*entries, exit_), int(end_row), close_type)


@kernel
def _path(
    rows: Rows,
    first: int,
    limit_row: int,
    sign: int,
    limits: Column,
    amounts: Column,
    stop_loss: float,
    take_profit: float,
    activation: float,
    delta: float,
) -> tuple[NDArray[np.int64], int, float, int]:
    """Rows of the levels' fills (-1: none), the last row, the price of the exit before slippage, and how it ended.

    Within a row the worst order is taken: levels fill, then the stop loss, then the trailing stop, and a take profit
    only where no level filled in the same row.
    """
    filled = np.full(len(limits), -1, np.int64)
    base, cost, best = 0.0, 0.0, 0.0
    missing = len(limits)
    last = len(rows.ts) - 1
    for row in range(first, len(rows.ts)):
        if row == limit_row:
            return filled, row, rows.open[row], TIME_LIMIT
        against = rows.low[row] if sign > 0 else rows.high[row]
        with_it = rows.high[row] if sign > 0 else rows.low[row]
        grew = False
        for level in range(len(limits)):
            if filled[level] < 0 and sign * (against - limits[level]) < 0:
                filled[level] = row
                base += amounts[level]
                cost += amounts[level] * limits[level]
                missing -= 1
                grew = True
        if base == 0.0:
            continue
        average = cost / base
        opened = rows.open[row]
        if missing == 0 and stop_loss == stop_loss:
            stop = average * (1 - sign * stop_loss)
            if sign * (against - stop) <= 0:
                return filled, row, sign * min(sign * stop, sign * opened), STOP_LOSS
        if activation == activation and best >= activation:
            line = average * (1 + sign * (best - delta))
            if sign * (against - line) <= 0:
                return filled, row, sign * min(sign * line, sign * opened), TRAILING_STOP
        if not grew:
            if take_profit == take_profit and sign * (with_it - average * (1 + sign * take_profit)) > 0:
                return filled, row, average * (1 + sign * take_profit), TAKE_PROFIT
            best = max(best, sign * (with_it / average - 1))
            if activation == activation and best >= activation:
                line = average * (1 + sign * (best - delta))
                if sign * (rows.close[row] - line) <= 0:
                    return filled, row, rows.close[row], TRAILING_STOP
        else:
            best = max(0.0, sign * (rows.close[row] / average - 1))
    return filled, last, rows.close[last], EARLY_STOP
