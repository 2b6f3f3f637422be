"""What a sweep keeps of its executors: what they add to the metrics."""

from typing import Final

import numpy as np

from aviary_strategies.backtest.position_terms import Life
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.sweep_books import Books
from aviary_strategies.candles import Column
from aviary_strategies.kernels import inlined

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


@inlined
def count_in(line: Column, life: Life, sign: int) -> None:
    line[EXECUTORS] += 1.0
    line[FEES] += life.fees
    way = life.close_type
    line[TIME_LIMITS + (way - 1 if way < 4 else way - 2)] += 1.0
    pnl = life.net_pnl_quote
    if pnl == 0.0:
        return
    line[LONGS if sign > 0 else SHORTS] += 1.0
    line[VOLUME] += life.filled_quote
    line[NET] += pnl
    # Without branches: no processor guesses which of them win.
    line[WINS] += pnl > 0.0
    line[FACTOR] += max(pnl, 0.0)
    line[LOSSES] += pnl < 0.0
    line[RATIO] -= min(pnl, 0.0)


@inlined
def finish(line: Column, books: Books, rows: Rows, capital: float, is_honest: bool) -> None:
    """What follows from the sums. The ratio of the closed PnL is its mean by its deviation, those of the equity are
    yearly."""
    count = len(rows.ts)
    mean = books.levels / count
    spread = books.level_squares - mean * books.levels
    won, lost = line[FACTOR], line[RATIO]
    line[FALL] = books.level_fall
    line[FACTOR] = (won / lost if lost > 0.0 else 1.0) if line[EXECUTORS] > 0.0 else 0.0
    line[RATIO] = mean / np.sqrt(spread / (count - 1)) if spread > 0.0 and count > 1 and capital > 0.0 else 0.0
    line[POSITIONS] = line[LONGS] + line[SHORTS]
    line[RATE] = line[WINS] / line[POSITIONS] if line[POSITIONS] > 0.0 else 0.0
    if not is_honest:
        line[SHARPE:] = np.nan
        return
    gain = books.equity / count
    yearly = np.sqrt(_YEAR_S / rows.step_s)
    deviation = np.sqrt(max(books.squares / count - gain * gain, 0.0))
    line[SHARPE] = gain * yearly / deviation if deviation > 0.0 else np.nan
    line[SORTINO] = gain * yearly / np.sqrt(books.losses / count) if books.losses > 0.0 else np.nan
    line[EQUITY_FALL] = -books.fall
    line[EXPOSURE] = books.covered / count
