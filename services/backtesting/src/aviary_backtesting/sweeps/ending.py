"""The end of a sweep: the best of all configs, and how much of that is luck. Everything in here blocks."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aviary_backtesting.engine.outcome import plain
from aviary_backtesting.engine.port import Stopped, Watch
from aviary_backtesting.runs.spec import Json
from aviary_backtesting.sweeps.block import INDEX, scanned
from aviary_backtesting.sweeps.search import JUDGED, LEARNED, Search, points_of
from aviary_backtesting.sweeps.spec import SweepSpec
from aviary_backtesting.sweeps.step import Step, StepKind
from aviary_backtesting.sweeps.store import Shard

if TYPE_CHECKING:
    import polars as pl

    from aviary_strategies.backtest.run import AllCandles
    from aviary_strategies.search.deflated import Returns
    from aviary_strategies.search.space import Point


class Incomplete(RuntimeError):
    """Configs are missing from the shards, or there twice."""


def ending_of(spec: SweepSpec, search: Search, shards: Sequence[Shard], candles: "AllCandles", watch: Watch) -> Json:
    """Raises ``Incomplete`` unless every config is there once."""
    table = scanned([shard.block for shard in shards]).select(INDEX, "invalid", *_used(spec, search)).collect()
    if not np.array_equal(table[INDEX].to_numpy(), np.arange(spec.trials)):
        raise Incomplete(f"{table.height} configs of {spec.trials}, or not each of them once")

    def point_at(index: int) -> "Point":
        shard = next(each for each in shards if each.first <= index < each.first + each.configs)
        step = Step(0, 0, StepKind.SHARD, shard.first, shard.configs, shard.points, 0)
        return points_of(spec, search, step)[index - shard.first]

    computed_s = sum(shard.computed_s for shard in shards)
    result = {
        "trials": spec.trials,
        "invalid": table.height - table["invalid"].null_count(),
        "objective": spec.objective,
        "direction": "max" if spec.is_largest_best else "min",
        "segments": [
            {"name": name, "start_s": each.start_s, "end_s": each.end_s}
            for name, each in zip(search.names, search.segments.ranges, strict=True)
        ],
        "best": _best(spec, search, table, point_at, candles, watch),
        "degradation": _degradation(spec, search, table),
        "walk_forward": _walk(spec, search, table),
        "candle_digests": sorted({shard.candle_digest for shard in shards}),
        "shards": len(shards),
        "computed_s": computed_s,
        "configs_per_worker_s": spec.trials / computed_s if computed_s else None,
    }
    best: Any = result["best"]
    result["deflated_sharpe"] = best[0]["deflated_sharpe"] if best else None
    return plain(result)


def _used(spec: SweepSpec, search: Search) -> list[str]:
    """The columns that the result is made of."""
    from aviary_strategies.search.metrics import METRICS

    special = [name for name in search.names if name in (LEARNED, JUDGED)]
    wanted = [f"{name}_{metric}" for name in special for metric in METRICS]
    if spec.split.kind == "walk_forward":
        wanted += [f"{name}_{metric}" for name in search.names for metric in (spec.objective, "net_pnl_quote")]
    return list(dict.fromkeys(wanted))


def _best(
    spec: SweepSpec,
    search: Search,
    table: "pl.DataFrame",
    point_at: Callable[[int], "Point"],
    candles: "AllCandles",
    watch: Watch,
) -> list[dict[str, Any]]:
    """Each is run once more in full: its returns say how far its Sharpe ratio can be trusted."""
    from aviary_strategies.search.deflated import deflated_sharpe, expected_best, probabilistic_sharpe
    from aviary_strategies.search.ranking import top

    yearly = math.sqrt(_bars_a_year(search))
    sharpes = _scores(table, LEARNED, "sharpe") / yearly
    sharpes = sharpes[np.isfinite(sharpes)]
    trials, variance = len(sharpes), float(np.var(sharpes)) if len(sharpes) else 0.0
    found = []
    for place in top(_scores(table, LEARNED, spec.objective), spec.best, largest=spec.is_largest_best).tolist():
        row = table.row(place, named=True)
        point = point_at(place)
        returns, digest = _returns(spec, search, point, candles)
        found.append(
            {
                "index": row[INDEX],
                "point": point,
                "in_sample": _metrics(row, LEARNED),
                "out_of_sample": _metrics(row, JUDGED) if search.segments.learned.test is not None else None,
                "digest": digest,
                "probabilistic_sharpe": returns and probabilistic_sharpe(returns),
                "deflated_sharpe": returns and deflated_sharpe(returns, trials, variance),
                "skewness": returns and returns.skewness,
                "kurtosis": returns and returns.kurtosis,
                "sharpe_by_luck": expected_best(trials, variance) * yearly,
            }
        )
        if watch.is_cancelled():
            raise Stopped
    return found


def _returns(spec: SweepSpec, search: Search, point: "Point", candles: "AllCandles") -> "tuple[Returns | None, str]":
    """None in compat, which has no equity to take them from."""
    from aviary_strategies.backtest.run import run
    from aviary_strategies.controllers.registry import controller_named
    from aviary_strategies.search.deflated import returns_of
    from aviary_strategies.search.space import configured

    controller = controller_named(configured(spec.base.config, point))
    segment = search.segments.ranges[search.segments.learned.train]
    result = run(search.conditions.setup(controller, segment), candles)
    equity = result.series.get("equity")
    return (None if equity is None else returns_of(np.diff(equity, prepend=0.0))), result.digest


def _degradation(spec: SweepSpec, search: Search, table: "pl.DataFrame") -> Json | None:
    from aviary_strategies.search.ranking import degradation

    if search.segments.learned.test is None:
        return None
    inside, outside = (_scores(table, segment, spec.objective) for segment in (LEARNED, JUDGED))
    found = degradation(inside, outside, largest=spec.is_largest_best)
    return None if found is None else found._asdict()


def _walk(spec: SweepSpec, search: Search, table: "pl.DataFrame") -> Json | None:
    """What following the best of each training would have brought."""
    from aviary_strategies.search.ranking import walked

    if spec.split.kind != "walk_forward":
        return None
    scores = np.stack([_scores(table, name, spec.objective) for name in search.names], axis=1)
    steps = walked(scores, search.segments.folds, largest=spec.is_largest_best)
    tested = [search.names[test] for each in steps if (test := search.segments.folds[each.fold].test) is not None]
    earned = [_scores(table, name, "net_pnl_quote")[each.chosen] for name, each in zip(tested, steps, strict=True)]
    return {
        "steps": [{**each._asdict(), "net_pnl_quote": float(quote)} for each, quote in zip(steps, earned, strict=True)],
        "net_pnl_quote": float(sum(earned)),
    }


def _metrics(row: Mapping[str, Any], segment: str) -> Json:
    from aviary_strategies.search.metrics import METRICS

    return {name: row[f"{segment}_{name}"] for name in METRICS}


def _scores(table: "pl.DataFrame", segment: str, metric: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
    return table[f"{segment}_{metric}"].to_numpy()


def _bars_a_year(search: Search) -> float:
    from aviary_strategies.backtest.metrics import YEAR_S
    from aviary_strategies.intervals import seconds_of

    return YEAR_S / seconds_of(search.conditions.resolution)
