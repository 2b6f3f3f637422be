"""What a sweep keeps of its executors: what they add to the metrics."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.position_terms import Life
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined, kernel

METRICS: Final = (
    "net_pnl_quote",
    "total_executors",
    "total_positions",
    "total_long",
    "total_short",
    "win_signals",
    "loss_signals",
    "win_rate",
    "profit_factor",
    "total_volume",
    "total_fees_quote",
    "max_drawdown_usd",
    "sharpe_ratio",
    "time_limits",
    "stop_losses",
    "take_profits",
    "early_stops",
    "trailing_stops",
    "equity_sharpe",
    "equity_sortino",
    "equity_max_drawdown_quote",
    "exposure",
)
(NET, EXECUTORS, POSITIONS, LONGS, SHORTS, WINS, LOSSES, RATE, FACTOR, VOLUME, FEES, FALL, RATIO) = range(13)
(TIME_LIMITS, STOP_LOSSES, TAKE_PROFITS, EARLY_STOPS, TRAILING_STOPS, SHARPE, SORTINO, EQUITY_FALL, EXPOSURE) = range(
    13, 22
)
_YEAR_S: Final = 365 * 86_400.0


class Scratch(NamedTuple):
    """Levels of the closed PnL and how many rows each lasts. Of the equity, row by row: what comes besides the moves of
    the price, and base units that join (both zero between two sets); the price's own moves, less the funding. Fills and
    ends of all positions."""

    levels: Column
    lengths: Column
    extra: Column
    joining: Column
    moves: Column
    fills: NDArray[np.int64]
    ends: NDArray[np.int64]


@inlined
def count_in(line: Column, life: Life, sign: int) -> None:
    line[EXECUTORS] += 1.0
    line[FEES] += life.fees
    way = life.close_type
    line[TIME_LIMITS + (0 if way == 1 else 1 if way == 2 else 2 if way == 3 else 3 if way == 5 else 4)] += 1.0
    pnl = life.net_pnl_quote
    if pnl == 0.0:
        return
    line[LONGS if sign > 0 else SHORTS] += 1.0
    line[VOLUME] += life.filled_quote
    line[NET] += pnl
    if pnl > 0.0:
        line[WINS] += 1.0
        line[FACTOR] += pnl
    else:
        line[LOSSES] += 1.0
        line[RATIO] -= pnl


@kernel
def finish_levels(line: Column, scratch: Scratch, levels: int, rows: int, capital: float) -> None:
    """Drawdown of the closed PnL, and the ratio of its mean to its deviation."""
    peak, fall, total = -np.inf, 0.0, 0.0
    for place in range(levels):
        level = scratch.levels[place]
        peak = max(peak, level)
        fall = min(fall, level - peak)
        total += level * scratch.lengths[place]
    mean = total / rows
    squares = 0.0
    for place in range(levels):
        squares += (scratch.levels[place] - mean) ** 2 * scratch.lengths[place]
    line[FALL] = fall if line[EXECUTORS] > 0.0 else 0.0
    won, lost = line[FACTOR], line[RATIO]
    line[FACTOR] = (won / lost if lost > 0.0 else 1.0) if line[EXECUTORS] > 0.0 else 0.0
    line[RATIO] = mean / np.sqrt(squares / (rows - 1)) if squares > 0.0 and rows > 1 and capital > 0.0 else 0.0
    line[POSITIONS] = line[LONGS] + line[SHORTS]
    line[RATE] = line[WINS] / line[POSITIONS] if line[POSITIONS] > 0.0 else 0.0


@inlined
def mark(rows: Rows, scratch: Scratch, life: Life, signed: float) -> None:
    """Write down how the equity moves while this position is open."""
    fill, end = life.fill_row, life.end_row
    if fill < 0:
        return
    worth = 0.0
    if fill < end:
        scratch.extra[fill] += signed * (rows.close[fill] - life.fill_price) - life.entry_fee
        scratch.joining[fill + 1] += signed
        scratch.joining[end] -= signed
        paid = life.fill_price + (rows.funding[end - 1] - rows.funding[fill])
        worth = signed * (rows.close[end - 1] - paid) - life.entry_fee
    scratch.extra[end] += life.net_pnl_quote - worth


@kernel
def finish_equity(line: Column, rows: Rows, scratch: Scratch, executors: int) -> None:
    """Yearly ratios, drawdown and exposure of the equity; leaves the scratch as it was. Only rows at which something
    was open are looked at: fills come in the order of creation."""
    extra, joining, moves = scratch.extra, scratch.joining, scratch.moves
    count = len(extra)
    equity = peak = deepest = squares = losses = units = 0.0
    seen, held, covered = 0, 0, 0
    for place in range(executors):
        fill, end = scratch.fills[place], scratch.ends[place]
        if fill < 0:
            continue
        covered += max(0, end - max(fill, held))
        held = max(held, end)
        if fill >= seen:
            units = 0.0
        for row in range(max(fill, seen), end + 1):
            units += joining[row]
            step = units * moves[row] + extra[row]
            extra[row] = 0.0
            joining[row] = 0.0
            equity += step
            squares += step * step
            losses += min(step, 0.0) * step
            peak = max(peak, equity)
            deepest = min(deepest, equity - peak)
        seen = max(seen, end + 1)
    mean = equity / count
    yearly = np.sqrt(_YEAR_S / rows.step_s)
    deviation = np.sqrt(max(squares / count - mean * mean, 0.0))
    line[SHARPE] = mean * yearly / deviation if deviation > 0.0 else np.nan
    line[SORTINO] = mean * yearly / np.sqrt(losses / count) if losses > 0.0 else np.nan
    line[EQUITY_FALL] = -deepest
    line[EXPOSURE] = covered / count


@kernel
def moves_of(rows: Rows) -> Column:
    """What a base unit held long gains from close to close."""
    moves = np.zeros(len(rows.ts))
    for row in range(1, len(moves)):
        moves[row] = (rows.close[row] - rows.close[row - 1]) - (rows.funding[row] - rows.funding[row - 1])
    return moves
