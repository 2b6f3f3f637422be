"""What a trader asks of an equity curve: of the value of everything at every close, open positions included."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.executors import Executors
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel
from aviary_strategies.types import CloseType, Side

YEAR_S: Final = 365 * 86_400
LINE: Final = ("count", "filled", "wins", "losses", "net_pnl_quote", "fees_quote", "volume_quote")
Table = Mapping[str, Mapping[str, float]]


@kernel
def moments(equity: Column) -> tuple[float, float, float]:
    """Sums of the steps between rows, of their squares, and of the squares of those that lose; the first step is from
    nothing."""
    total = squares = losses = before = 0.0
    for row in range(len(equity)):
        step = equity[row] - before
        before = equity[row]
        total += step
        squares += step * step
        losses += step * step if step < 0.0 else 0.0
    return total, squares, losses


@kernel
def share_of_rows_in_position(fill: NDArray[np.int64], end: NDArray[np.int64], rows: int) -> float:
    """The share of rows at whose close some position was open."""
    change = np.zeros(rows + 1, np.int64)
    for place in range(len(fill)):
        if 0 <= fill[place] < end[place]:
            change[fill[place]] += 1
            change[end[place]] -= 1
    covered = open_now = 0
    for row in range(rows):
        open_now += change[row]
        covered += open_now > 0
    return covered / rows


def metrics_of(executors: Executors, equity: Column, rows: Rows, capital: float) -> Mapping[str, float | None]:
    """Returns are per row, of a ``capital`` that stays the same; ratios are annualised, of a market always open.

    None where a division by zero would be due. Drawdowns are at least 0 here.
    """
    count = len(equity)
    total, squares, losses = moments(equity)
    mean = total / count
    deviation = max(squares / count - mean * mean, 0.0) ** 0.5
    yearly = (YEAR_S / rows.step_s) ** 0.5
    deepest = -float(equity_fall(equity))
    volume = float(summed(executors.filled_quote))
    fees = float(summed(executors.fees_quote))
    profit = float(equity[-1])
    years = count * rows.step_s / YEAR_S
    return {
        "net_pnl_quote": profit,
        "net_pnl": _ratio(profit, capital),
        "sharpe": _ratio(mean * yearly, deviation),
        "sortino": _ratio(mean * yearly, (losses / count) ** 0.5),
        "calmar": _ratio(profit / years, deepest),
        "max_drawdown_quote": deepest,
        "max_drawdown": _ratio(deepest, capital),
        "exposure": float(share_of_rows_in_position(executors.fill_row, executors.end_row, count)),
        "volume_quote": volume,
        "turnover": _ratio(volume, capital),
        "fees_quote": fees,
        "buy_and_hold": _ratio(float(rows.close[-1] - rows.open[0]), float(rows.open[0])),
    }


@kernel
def equity_fall(equity: Column) -> float:
    """The lowest distance from the highest so far, where the start (nothing gained) is the first peak."""
    peak = deepest = 0.0
    for row in range(len(equity)):
        peak = max(peak, equity[row])
        deepest = min(deepest, equity[row] - peak)
    return deepest


@kernel
def summed(values: Column) -> float:
    """In the written order, so that every machine gets the same."""
    total = 0.0
    for value in values:
        total += value
    return total


@kernel
def tally_by(
    group: NDArray[np.int64], fill: NDArray[np.int64], pnl: Column, fees: Column, volume: Column, groups: int
) -> Column:
    """By group: the count, the filled ones, wins, losses, and sums of PnL, fees and volume."""
    table = np.zeros((groups, len(LINE)))
    for place in range(len(group)):
        line = table[group[place]]
        line[0] += 1
        line[1] += fill[place] >= 0
        line[2] += pnl[place] > 0.0
        line[3] += pnl[place] < 0.0
        line[4] += pnl[place]
        line[5] += fees[place]
        line[6] += volume[place]
    return table


def tables_of(executors: Executors) -> Mapping[str, Table]:
    """Names by ``LINE``; of the ways to end those that happened."""
    return {
        "by_side": _table(executors, executors.side, Side),
        "by_close_type": _table(executors, executors.close_type, CloseType),
    }


def _table(executors: Executors, group: NDArray[np.int64], names: type[Side] | type[CloseType]) -> Table:
    table = tally_by(
        group,
        executors.fill_row,
        executors.net_pnl_quote,
        executors.fees_quote,
        executors.filled_quote,
        int(max(CloseType)) + 1,
    )
    return {each.name: dict(zip(LINE, table[each].tolist(), strict=True)) for each in names if table[each, 0]}


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
