"""Computes a shard. Blocks."""

import time
from typing import TYPE_CHECKING

from aviary_backtesting.engine.port import Stopped, Watch
from aviary_backtesting.sweeps.block import frame_of, packed
from aviary_backtesting.sweeps.search import Search, points_of
from aviary_backtesting.sweeps.spec import SweepSpec
from aviary_backtesting.sweeps.step import Step
from aviary_backtesting.sweeps.work import Computed

if TYPE_CHECKING:
    from aviary_strategies.backtest.run import AllCandles


def computed(spec: SweepSpec, search: Search, step: Step, candles: "AllCandles", digest: str, watch: Watch) -> Computed:
    from aviary_strategies.errors import Cancelled
    from aviary_strategies.search.evaluate import evaluate

    started = time.perf_counter()
    points = points_of(spec, search, step)
    try:
        found = evaluate(
            spec.base.config,
            points,
            search.segments.ranges,
            search.conditions,
            candles,
            progress=watch.progress,
            is_cancelled=watch.is_cancelled,
        )
    except Cancelled as error:
        raise Stopped from error
    block = packed(frame_of(search, step.first, points, found))
    invalid = sum(reason is not None for reason in found.reasons)
    return Computed(block, digest, time.perf_counter() - started, invalid)
