"""What there is to plot: one value for each row."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest import records as at
from aviary_strategies.backtest.collect import Collected
from aviary_strategies.backtest.records import Records
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel
from aviary_strategies.types import CloseType

_POSITION_HOLD = int(CloseType.POSITION_HOLD)


@kernel
def realized_by_row(
    created: NDArray[np.int64],
    shown: NDArray[np.int64],
    close_type: NDArray[np.int64],
    pnl: Column,
    volume: Column,
    rows: int,
) -> tuple[Column, Column, Column]:
    """PnL and volume of the executors that are seen ended, and how many are active, at each row; executors are in the
    order in which they are seen to end."""
    total, traded = np.empty(rows), np.empty(rows)
    active = np.zeros(rows)
    for place in range(len(shown)):
        if shown[place] > created[place] + 1:
            active[created[place] + 1] += 1.0
            if shown[place] < rows:
                active[shown[place]] -= 1.0
    place = 0
    sum_pnl = sum_volume = alive = 0.0
    for row in range(rows):
        while place < len(shown) and shown[place] <= row:
            if close_type[place] != _POSITION_HOLD:
                sum_pnl += pnl[place]
                sum_volume += volume[place]
            place += 1
        alive += active[row]
        total[row], traded[row], active[row] = sum_pnl, sum_volume, alive
    return total, active, traded


@kernel
def marks_by_row(rows: Rows, whole: NDArray[np.int64], floats: Column) -> Column:
    """Net PnL of all positions, open ones valued at the close of each row, with the funding paid until then.

    What is open is one sum of base units and one of what they cost; both start anew whenever nothing is open, so that
    rounding does not pile up.
    """
    count = len(rows.ts)
    units, cost, ended = np.zeros(count), np.zeros(count), np.zeros(count)
    opened = np.zeros(count, np.int64)
    for place in range(len(whole)):
        fill, end = whole[place, at.FILLED], whole[place, at.ENDED]
        if fill < 0:
            continue
        ended[end] += floats[place, at.PNL]
        if fill == end:
            continue
        signed = whole[place, at.SIGN] * floats[place, at.AMOUNT]
        paid = signed * (floats[place, at.FILL_PRICE] - rows.funding[fill]) + floats[place, at.ENTRY_FEE]
        opened[fill] += 1
        opened[end] -= 1
        units[fill] += signed
        units[end] -= signed
        cost[fill] += paid
        cost[end] -= paid
    marks = np.empty(count)
    gained = held = spent = 0.0
    open_now = 0
    for row in range(count):
        gained += ended[row]
        held += units[row]
        spent += cost[row]
        open_now += opened[row]
        if open_now == 0:
            held = spent = 0.0
        marks[row] = gained + held * (rows.close[row] - rows.funding[row]) - spent
    return marks


@kernel
def below_peak(values: Column) -> Column:
    """How far each is from the highest so far: at most 0."""
    fall = np.empty(len(values))
    peak = -np.inf
    for row in range(len(values)):
        peak = max(peak, values[row])
        fall[row] = values[row] - peak
    return fall


def marks_of(rows: Rows, records: Records, count: int) -> Column:
    return marks_by_row(rows, records.whole[:count], records.floats[:count])


def series_of(
    now_s: Column,
    collected: Collected,
    held_realized: Column | None,
    held_unrealized: Column | None,
    marks: Column | None,
) -> Mapping[str, Column]:
    """By the reference engine's names; ``equity`` and ``drawdown`` (both in quote) where there are marks."""
    executors, shown = collected
    realized, active, volume = realized_by_row(
        executors.created_row, shown, executors.close_type, executors.net_pnl_quote, executors.filled_quote, len(now_s)
    )
    nothing = np.zeros(len(now_s))
    held_realized = nothing if held_realized is None else held_realized
    held_unrealized = nothing if held_unrealized is None else held_unrealized
    series = {
        "timestamp": now_s,
        "executor_realized_pnl": realized,
        "position_realized_pnl": held_realized,
        "position_unrealized_pnl": held_unrealized,
        "total_pnl": realized + held_realized + held_unrealized,
        "active_executors": active,
        "cumulative_volume": volume,
    }
    if marks is not None:
        series["equity"] = marks + held_realized + held_unrealized
        series["drawdown"] = below_peak(series["equity"])
    return series
