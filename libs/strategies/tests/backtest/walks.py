"""Candles of a random walk, and controllers to run on them."""

from typing import Any

import numpy as np

from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.setup import Setup, needed
from aviary_strategies.candles import Candles
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.types import Market

START_S = 1_700_006_400.0
BARRIERS = {"stop_loss": "0.006", "take_profit": "0.004", "time_limit": 2700}
TRAILING = {"trailing_stop": {"activation_price": "0.003", "trailing_delta": "0.001"}}
CONFIGS: dict[str, dict[str, Any]] = {
    "one side": {"controller_name": "bollinger_v1", "interval": "1m", "bb_length": 20, **BARRIERS, **TRAILING},
    "slow signal": {"controller_name": "bollinger_v1", "interval": "5m", "bb_length": 10, "cooldown_time": 900},
    "many slots": {"controller_name": "macd_bb_v1", "interval": "3m", "bb_length": 20, "max_executors_per_side": 5},
    "maker": {
        "controller_name": "pmm_simple",
        "buy_spreads": [0.001, 0.002],
        "sell_spreads": [0.0015],
        "sell_amounts_pct": [3],
        "executor_refresh_time": 600,
        **BARRIERS,
    },
    "slow to cool": {
        "controller_name": "pmm_simple",
        "buy_spreads": [0.0005],
        "sell_spreads": [0.001],
        "cooldown_time": 7200,
        "stop_loss": "0.002",
        "take_profit": None,
        "time_limit": None,
    },
}


def walk(seed: int, count: int, step: int = 60, first_s: float = START_S, holes: int = 0) -> Candles:
    """Prices of two decimals; each of the ``holes`` is up to forty candles long."""
    rng = np.random.default_rng(seed)
    close = np.round(1000 * np.exp(np.cumsum(rng.normal(0, 0.0008, count))), 2)
    opened = np.concatenate((close[:1], close[:-1]))
    high = np.round(np.maximum(opened, close) * (1 + np.abs(rng.normal(0, 0.0003, count))), 2)
    low = np.round(np.minimum(opened, close) * (1 - np.abs(rng.normal(0, 0.0003, count))), 2)
    kept = np.ones(count, np.bool_)
    for first in rng.integers(1, max(2, count - 45), holes):
        kept[first : first + rng.integers(1, 40)] = False
    columns = (first_s + step * np.arange(count), opened, high, low, close, rng.random(count))
    return Candles(step, *(np.ascontiguousarray(column[kept], dtype=np.float64) for column in columns))


def setup_of(name: str, mode: Mode, minutes: int = 3000, costs: Costs | None = None) -> Setup:
    config = {"total_amount_quote": 1000, **CONFIGS[name]}
    return Setup(controller_named(config), START_S, START_S + 60 * minutes, "1m", mode, costs or Costs())


def candles_for(setup: Setup, seed: int = 7, holes: int = 0) -> dict[tuple[Market, str], Candles]:
    """Walks that have nothing to do with each other, but for one interval."""
    given = {}
    for each in needed(setup):
        step = {"1m": 60, "3m": 180, "5m": 300}[each.interval]
        first = each.start_s // step * step
        given[each.market, each.interval] = walk(seed, int((each.end_s - first) // step) + 1, step, first, holes)
    return given
