"""Compiles every kernel, or loads it from the cache, so that no user has to wait for it."""

from contextlib import suppress
from typing import Final

import numpy as np

from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.run import Setup, needed, run
from aviary_strategies.backtest.setup import CandleRange
from aviary_strategies.backtest.sweep import run_many
from aviary_strategies.candles import Candles
from aviary_strategies.controllers.registry import controller_named, names
from aviary_strategies.errors import StrategyError
from aviary_strategies.intervals import seconds_of

_START_S: Final = 1_700_006_400.0
_ROWS: Final = 400


def warm() -> None:
    """Runs every bundled controller, as its defaults have it, over some hours of a made-up market."""
    for name in names():
        for mode in Mode:
            with suppress(StrategyError):
                setup = Setup(controller_named({"controller_name": name}), _START_S, _START_S + 60 * _ROWS, "1m", mode)
                candles = {(each.market, each.interval): _made_up(each) for each in needed(setup)}
                run(setup, candles)
                run_many(setup, candles, {})


def _made_up(wanted: CandleRange) -> Candles:
    """A price that swings by a few percent and never stands still."""
    step = seconds_of(wanted.interval)
    first = wanted.start_s // step * step
    ts = np.arange(first, wanted.end_s + 1, step)
    close = 100 + 3 * np.sin(ts / 1500) + np.sin(ts / 130)
    opened = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(opened, close) + 0.1, np.minimum(opened, close) - 0.1
    return Candles(step, ts, opened, high, low, close, np.ones(len(ts)))
