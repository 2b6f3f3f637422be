"""The reference engine's summary of a backtest, by its names and formulas."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.executors import Executors
from aviary_strategies.backtest.result import Hold
from aviary_strategies.candles import Column
from aviary_strategies.kernels import kernel
from aviary_strategies.types import CloseType

Summary = Mapping[str, float | int | Mapping[str, int]]
_POSITION_HOLD = int(CloseType.POSITION_HOLD)


@kernel
def tally(
    side: NDArray[np.int64], close_type: NDArray[np.int64], pnl: Column, fees: Column, volume: Column
) -> tuple[NDArray[np.int64], Column, NDArray[np.int64]]:
    """Counts (longs, shorts, winning longs, winning shorts), sums (PnL, won, lost, fees, volume), and how many ended in
    which way. Held positions count by their fees only, and those without a PnL are no positions."""
    counts, sums, ways = np.zeros(4, np.int64), np.zeros(5), np.zeros(11, np.int64)
    for place in range(len(side)):
        ways[close_type[place]] += 1
        sums[3] += fees[place]
        if close_type[place] == _POSITION_HOLD or pnl[place] == 0.0:
            continue
        way = 0 if side[place] == 1 else 1
        counts[way] += 1
        counts[2 + way] += pnl[place] > 0.0
        sums[0] += pnl[place]
        sums[1 if pnl[place] > 0.0 else 2] += pnl[place]
        sums[4] += volume[place]
    return counts, sums, ways


@kernel
def level_ratio(values: Column, unit: float) -> float:
    """Mean over sample deviation of the levels themselves, in ``unit``; 0 where they do not vary."""
    count = len(values)
    lanes = np.zeros(4)
    for row in range(count):
        lanes[row & 3] += values[row] / unit
    mean = (lanes[0] + lanes[1] + lanes[2] + lanes[3]) / count
    lanes[:] = 0.0
    for row in range(count):
        lanes[row & 3] += (values[row] / unit - mean) ** 2
    squares = lanes[0] + lanes[1] + lanes[2] + lanes[3]
    if count < 2 or squares == 0.0:
        return 0.0
    return float(mean / np.sqrt(squares / (count - 1)))


@kernel
def deepest_fall(values: Column) -> float:
    """The lowest distance from the highest so far, at most 0."""
    peak, deepest = -np.inf, 0.0
    for row in range(len(values)):
        peak = max(peak, values[row])
        deepest = min(deepest, values[row] - peak)
    return deepest


def summary_of(executors: Executors, total_pnl: Column, holds: Sequence[Hold], total_amount_quote: float) -> Summary:
    counts, sums, ways = tally(
        executors.side, executors.close_type, executors.net_pnl_quote, executors.fees_quote, executors.filled_quote
    )
    longs, shorts, won_longs, won_shorts = (int(count) for count in counts)
    pnl, won, lost, fees, volume = (float(each) for each in sums)
    realized = sum(hold.realized_pnl_quote for hold in holds)
    positions, wins = longs + shorts, won_longs + won_shorts
    fall = float(deepest_fall(total_pnl)) if len(executors) else 0.0
    close_types: int | Mapping[str, int] = {
        each.name: int(ways[each]) for each in sorted(CloseType, key=lambda each: each.name) if ways[each]
    }
    return {
        "net_pnl": _share(pnl + realized, total_amount_quote),
        "net_pnl_quote": pnl + realized,
        "total_executors": len(executors),
        "total_executors_with_position": positions,
        "total_volume": volume,
        "total_long": longs,
        "total_short": shorts,
        "close_types": close_types or 0,
        "accuracy_long": _share(won_longs, longs),
        "accuracy_short": _share(won_shorts, shorts),
        "total_positions": positions,
        "accuracy": _share(wins, positions),
        "max_drawdown_usd": fall,
        "max_drawdown_pct": _share(fall, total_amount_quote),
        "sharpe_ratio": float(level_ratio(total_pnl, total_amount_quote))
        if total_amount_quote and len(executors)
        else 0.0,
        "profit_factor": (won / -lost if lost else 1.0) if len(executors) else 0.0,
        "win_signals": wins,
        "loss_signals": positions - wins,
        "unrealized_pnl_quote": sum(hold.unrealized_pnl_quote for hold in holds),
        "position_realized_pnl_quote": realized,
        "total_fees_quote": fees,
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
