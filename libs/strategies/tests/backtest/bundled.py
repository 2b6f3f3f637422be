"""Configs of all bundled controllers that trade on random walks, and such walks."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.run import Setup, needed
from aviary_strategies.candles import Candles
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.intervals import seconds_of
from aviary_strategies.types import Market

BEGIN: Final = 1_735_689_600.0
WARM: Final = 700
"""Minutes before the start, for features."""

_CLOSE: Final = {"buy_spreads": "0.001", "sell_spreads": "0.001"}
_GRID: Final = {"start_price": 95, "end_price": 105, "limit_price": 80}
_MINUTES: Final = {"interval": "1m", "bb_length": 20}
TRADING: Final[Mapping[str, Mapping[str, Any]]] = {
    "arbitrage_controller": {"min_profitability": 0.0005, "delay_between_executors": 60},
    "bollinger_v1": {"interval": "3m", "bb_length": 20, "trailing_stop": "0.003,0.001"},
    "bollinger_v2": {**_MINUTES, "cooldown_time": 60, "take_profit": 0.003},
    "bollingrid": _MINUTES,
    "dman_maker_v2": {**_CLOSE, "dca_spreads": "0.001,0.002", "dca_amounts": "1,2"},
    "dman_v3": {**_MINUTES, "dca_spreads": "0.001,0.002", "dca_amounts_pct": "1,2"},
    "grid_strike": _GRID,
    "hedge_asset": {"hedge_ratio": 1},
    "macd_bb_v1": {
        **_MINUTES,
        "macd_fast": 8,
        "macd_slow": 16,
        "bb_long_threshold": 0.4,
        "bb_short_threshold": 0.6,
    },
    "multi_grid_strike": {"grids": [{"grid_id": "a", "side": "BUY", "amount_quote_pct": 0.5, **_GRID}]},
    "pmm": _CLOSE,
    "pmm_adjusted": {**_CLOSE, "candles_interval": "1m"},
    "pmm_dynamic": {"interval": "1m"},
    "pmm_mister": {},
    "pmm_simple": {"buy_spreads": "0.001,0.002", "sell_spreads": "0.001,0.002"},
    "quantum_grid_allocator": {"interval": "1m"},
    "stat_arb": {"lookback_period": 60, "entry_threshold": 0.5, "quoter_spread": 0.0005, "take_profit": 0.002},
    "supertrend_v1": {"interval": "1m", "length": 10, "percentage_threshold": 0.02},
    "xemm_multiple_levels": {
        "buy_levels_targets_amount": "0.002,10",
        "sell_levels_targets_amount": "0.002,10",
        "min_profitability": 0.001,
    },
}


def setup_of(name: str, minutes: int, mode: Mode = Mode.HONEST, **fields: Any) -> Setup:
    controller = controller_named({"id": "test", "controller_name": name, **TRADING[name], **fields})
    start = BEGIN + WARM * 60
    owned = {("binance", "SOL"): 3.0, ("binance", "USDT"): 1000.0}
    return Setup(controller, start, start + minutes * 60, "1m", mode, balances=owned)


def candles_for(setup: Setup, minutes: int, *, shocked_from: int | None = None) -> dict[tuple[Market, str], Candles]:
    """A walk for each market, those of one base asset close to each other; from minute ``shocked_from`` after the start
    on all prices are others."""
    candles = {}
    for place, wanted in enumerate(sorted(needed(setup))):
        made = _walk(sum(wanted.market.trading_pair.partition("-")[0].encode()), WARM + minutes)
        apart = 1 + 0.002 * np.sin(np.arange(len(made)) / 40 + place)
        changed = np.ones(len(made))
        if shocked_from is not None:
            changed[WARM + shocked_from :] = np.linspace(1.05, 0.8, minutes - shocked_from)
        factor = apart * changed
        prices = [column * factor for column in (made.open, made.high, made.low, made.close)]
        candles[wanted.market, wanted.interval] = _longer(
            Candles(60, made.ts, *prices, made.volume), seconds_of(wanted.interval) // 60
        )
    return candles


def _walk(seed: int, minutes: int) -> Candles:
    """One-minute candles around 100."""
    random = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(random.normal(0, 1e-3, minutes)))
    opened = np.r_[100.0, close[:-1]]
    high = np.maximum(opened, close) * (1 + np.abs(random.normal(0, 4e-4, minutes)))
    low = np.minimum(opened, close) * (1 - np.abs(random.normal(0, 4e-4, minutes)))
    return Candles(60, BEGIN + 60.0 * np.arange(minutes), opened, high, low, close, np.ones(minutes))


def _longer(candles: Candles, count: int) -> Candles:
    if count <= 1:
        return candles
    length = len(candles) // count * count
    ts, opened, high, low, close, volume = (column[:length].reshape(-1, count) for column in candles.columns)
    columns = (ts[:, 0], opened[:, 0], high.max(axis=1), low.min(axis=1), close[:, -1], volume.sum(axis=1))
    return Candles(candles.interval_s * count, *(np.ascontiguousarray(column) for column in columns))
