"""Runs a controller on candles."""

from collections.abc import Callable, Mapping
from copy import copy

import numpy as np

from aviary_strategies.backtest.collect import Collected, collect, collect_ended
from aviary_strategies.backtest.coverage import coverage_of
from aviary_strategies.backtest.digest import digest_of_candles, digest_of_result
from aviary_strategies.backtest.fast import run_plan
from aviary_strategies.backtest.metrics import metrics_of, tables_of
from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.prepare import Prepared, prepare
from aviary_strategies.backtest.proven import plan_of
from aviary_strategies.backtest.result import Coverage, Played, Result
from aviary_strategies.backtest.series import marks_of, series_of
from aviary_strategies.backtest.setup import CandleRange, Setup, needed, traded, watched
from aviary_strategies.backtest.stepping import Stepping
from aviary_strategies.backtest.summary import summary_of
from aviary_strategies.candles import Candles, Column
from aviary_strategies.controllers.directional import DirectionalController
from aviary_strategies.errors import Cancelled, NoCandles
from aviary_strategies.types import Market

__all__ = ["CandleRange", "Setup", "needed", "run"]

AllCandles = Mapping[tuple[Market, str], Candles]


def run(
    setup: Setup,
    candles: AllCandles,
    *,
    progress: Callable[[float], None] = lambda share: None,  # noqa: ARG005 - nobody looks
    is_cancelled: Callable[[], bool] = lambda: False,
    stepping: bool = False,
) -> Result:
    """``candles`` as ``needed`` says, or more; raises ``Cancelled``, ``NoCandles`` and ``CannotRun``.

    A controller with a plan runs in kernels unless ``stepping`` asks it row by row, which gives the same.
    """
    if is_cancelled():
        raise Cancelled
    prepared = prepared_for(setup, candles)
    progress(0.0)
    plan = None if stepping else plan_of(setup.controller)
    marks: Column | None = None
    if plan is None:
        played = _played(setup, prepared, progress, is_cancelled)
        collected, marks = collect_ended(played.ended, prepared.clock, setup.mode), played.marks
        refused = played.refused
    else:
        played = None
        recorded = run_plan(plan, prepared.clock, prepared.features, setup.mode, setup.costs)
        collected = collect(recorded.records, recorded.length, recorded.templates, prepared.clock, setup.mode)
        refused = recorded.refused
        if setup.mode is Mode.HONEST:
            marks = marks_of(prepared.clock, recorded.records, recorded.length)
    used = [
        (candles[each.market, each.interval], each.start_s, each.end_s) for each in (*traded(setup), *watched(setup))
    ]
    coverage = _coverage(setup, candles)
    result = _result(setup, digest_of_candles(used), coverage, prepared, collected, marks, played, refused)
    progress(1.0)
    return result


def prepared_for(setup: Setup, candles: AllCandles) -> Prepared:
    """The rows and features of a run; raises ``NoCandles``."""
    markets = {each.market: _cut(candles, each) for each in traded(setup)}
    feeds = {feed: _cut(candles, each) for feed, each in zip(setup.controller.feeds, watched(setup), strict=True)}
    features = setup.controller.features(feeds)
    source = next(iter(feeds.values()), next(iter(markets.values())))
    return prepare(markets, features, source.ts, float(source.interval_s), setup.mode, setup.funding, setup.rules)


def _cut(candles: AllCandles, wanted: CandleRange) -> Candles:
    """Writable and contiguous: kernels are compiled for that."""
    given = candles.get((wanted.market, wanted.interval))
    if given is None or not len(cut := given.between(wanted.start_s, wanted.end_s)):
        raise NoCandles(
            f"No {wanted.interval} candles of {wanted.market.trading_pair} on {wanted.market.connector_name}"
        )
    return Candles(cut.interval_s, *(np.require(column, np.float64, ["C", "W"]) for column in cut.columns))


def _played(
    setup: Setup, prepared: Prepared, progress: Callable[[float], None], is_cancelled: Callable[[], bool]
) -> Played:
    controller = copy(setup.controller)
    if isinstance(controller, DirectionalController):
        controller.reference_slip = setup.mode is Mode.COMPAT
    stepping = Stepping(
        controller, prepared.rows, prepared.features, setup.mode, setup.costs, setup.rules, setup.balances
    )
    return stepping.play(progress, is_cancelled)


def _result(
    setup: Setup,
    candle_digest: str,
    coverage: Coverage,
    prepared: Prepared,
    collected: Collected,
    marks: Column | None,
    played: Played | None,
    refused: int,
) -> Result:
    clock = prepared.clock
    is_compat = setup.mode is Mode.COMPAT
    series = series_of(
        clock.ts if is_compat else clock.ts + clock.step_s,
        collected,
        None if played is None else played.position_realized,
        None if played is None else played.position_unrealized,
        None if is_compat else marks,
    )
    executors = collected.executors
    positions = () if played is None else played.positions
    return Result(
        mode=setup.mode,
        controller_name=setup.controller.name,
        config=setup.config,
        start_s=setup.start_s,
        end_s=setup.end_s,
        resolution=setup.resolution,
        costs=setup.costs,
        executors=executors,
        series=series,
        features=_features(prepared),
        summary=summary_of(executors, series["total_pnl"], positions, setup.capital),
        metrics={} if is_compat else metrics_of(executors, series["equity"], clock, setup.capital),
        tables=tables_of(executors),
        coverage=coverage,
        candle_digest=candle_digest,
        digest=digest_of_result({**setup.told, "candles": candle_digest}, executors),
        positions=positions,
        refused=refused,
        position_series={} if played is None else played.position_series,
    )


def _coverage(setup: Setup, candles: AllCandles) -> Coverage:
    wanted = traded(setup)[0]
    given = candles[wanted.market, wanted.interval]
    ts = given.between(wanted.start_s, wanted.end_s).ts
    return coverage_of(ts, wanted.start_s, wanted.end_s, float(given.interval_s))


def _features(prepared: Prepared) -> Mapping[str, Column]:
    candles, features = prepared.candles, prepared.features
    columns = {name: getattr(candles, name) for name in ("ts", "open", "high", "low", "close", "volume")}
    columns["timestamp"] = columns.pop("ts")
    return {**columns, **features}
