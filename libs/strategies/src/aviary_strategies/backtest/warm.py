"""Compiles every kernel, or loads those that most runs need, so that no user has to wait for it.

``python -m aviary_strategies.backtest.warm`` fills the cache on disk once and for all: an image's build or a worker's
start calls it. It is a process of its own, because a compiler keeps hundreds of megabytes for as long as it lives.
"""

import fcntl
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from aviary_strategies.backtest.metrics import moments
from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.run import Setup, needed, run
from aviary_strategies.backtest.setup import CandleRange
from aviary_strategies.backtest.sweep import run_many
from aviary_strategies.candles import Candles
from aviary_strategies.controllers.registry import controller_named, names
from aviary_strategies.errors import StrategyError
from aviary_strategies.intervals import seconds_of
from aviary_strategies.kernels import mark_beside
from aviary_strategies.types import Market

_START_S: Final = 1_700_006_400.0
_ROWS: Final = 400
USUAL: Final = ("bollinger_v1", "pmm_simple")
"""One for each of the kinds that run in kernels."""


def is_compiled() -> bool:
    """Whether ``compile_all`` has been through with these kernels on this kind of processor."""
    return _mark().exists()


def compile_all() -> None:
    """Every bundled controller over some hours of a made-up market, what runs use before what sweeps use. Several
    processes take turns, and only the first one has work to do."""
    mark = _mark()
    mark.parent.mkdir(parents=True, exist_ok=True)
    with mark.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if mark.exists():
            return
        _run_each(names())
        _sweep_each(names())
        mark.touch()


def load_usual() -> None:
    """What most runs need; the rest is loaded when it is asked for."""
    _run_each(USUAL)


def _mark() -> Path:
    return mark_beside(moments)


def _run_each(controllers: Iterable[str]) -> None:
    for name in controllers:
        for mode in Mode:
            with suppress(StrategyError):
                setup = _setup(name, mode)
                run(setup, _made_up_for(setup))


def _sweep_each(controllers: Iterable[str]) -> None:
    for name in controllers:
        for mode in Mode:
            with suppress(StrategyError):
                setup = _setup(name, mode)
                run_many(setup, _made_up_for(setup), {})


def _setup(name: str, mode: Mode) -> Setup:
    """As the controller's defaults have it."""
    return Setup(controller_named({"controller_name": name}), _START_S, _START_S + 60 * _ROWS, "1m", mode)


def _made_up_for(setup: Setup) -> dict[tuple[Market, str], Candles]:
    return {(each.market, each.interval): _made_up(each) for each in needed(setup)}


def _made_up(wanted: CandleRange) -> Candles:
    """A price that swings by a few percent and never stands still."""
    step = seconds_of(wanted.interval)
    first = wanted.start_s // step * step
    ts = np.arange(first, wanted.end_s + 1, step)
    close = 100 + 3 * np.sin(ts / 1500) + np.sin(ts / 130)
    opened = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(opened, close) + 0.1, np.minimum(opened, close) - 0.1
    return Candles(step, ts, opened, high, low, close, np.ones(len(ts)))


if __name__ == "__main__":
    compile_all()
