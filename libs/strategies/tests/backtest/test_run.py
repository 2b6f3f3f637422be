"""What a run needs, what it refuses, and what its hashes tell apart."""

from dataclasses import replace

import numpy as np
import pytest
from libs.strategies.tests.backtest.walks import START_S, candles_for, setup_of

from aviary_strategies.backtest.coverage import coverage_of
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.run import needed, run
from aviary_strategies.candles import Candles
from aviary_strategies.errors import Cancelled, NoCandles


def test_honest_wants_candles_before_the_start_to_warm_its_features_up() -> None:
    honest, compat = setup_of("slow signal", Mode.HONEST), setup_of("slow signal", Mode.COMPAT)
    rows, feed = needed(honest)
    assert (rows.interval, rows.start_s, rows.end_s) == ("1m", START_S, honest.end_s - 60)
    assert (feed.interval, feed.start_s) == ("5m", START_S - 11 * 300)
    assert {each.start_s for each in needed(compat)} == {START_S}


def test_one_market_and_interval_is_wanted_once() -> None:
    (both,) = needed(setup_of("one side", Mode.HONEST))
    assert both.start_s == START_S - 21 * 60


def test_honest_may_trade_from_the_first_row_and_compat_only_once_it_is_warm() -> None:
    honest, compat = setup_of("one side", Mode.HONEST), setup_of("one side", Mode.COMPAT)
    assert len(run(honest, candles_for(honest)).series["timestamp"]) == 3000
    assert len(run(compat, candles_for(compat)).series["timestamp"]) == 3001 - 19


def test_more_candles_than_needed_change_nothing() -> None:
    setup = setup_of("one side", Mode.HONEST, minutes=1000)
    ((key, candles),) = candles_for(replace(setup, start_s=START_S - 6000, end_s=setup.end_s + 6000)).items()
    (wanted,) = needed(setup)
    exact = candles.between(wanted.start_s, wanted.end_s)
    assert run(setup, {key: candles}).digest == run(setup, {key: exact}).digest


def test_a_later_candle_changes_no_earlier_decision() -> None:
    setup = setup_of("slow signal", Mode.HONEST)
    candles = candles_for(setup)
    changed = dict(candles)
    half = START_S + 90_000
    for key, told in candles.items():
        columns = [column.copy() for column in told.columns]
        for column in columns[1:5]:
            column[told.ts + told.interval_s > half] *= 1.5
        changed[key] = Candles(told.interval_s, *columns)
    before, after = run(setup, candles).executors, run(setup, changed).executors
    decided, same = before.created_s <= half, after.created_s <= half
    assert decided.sum() > 5
    np.testing.assert_array_equal(np.sort(before.created_s[decided]), np.sort(after.created_s[same]))


@pytest.mark.parametrize(
    "change", [{"costs": Costs(slippage=0.002)}, {"mode": Mode.COMPAT}, {"end_s": START_S + 60 * 2999}]
)
def test_the_digest_tells_runs_apart(change: dict[str, object]) -> None:
    setup = setup_of("one side", Mode.HONEST)
    candles = candles_for(setup, seed=3)
    same, other = run(setup, candles), run(replace(setup, **change), candles)  # type: ignore[arg-type]
    assert same.digest == run(setup, candles_for(setup, seed=3)).digest
    assert same.digest != other.digest


def test_a_changed_candle_changes_the_candle_digest() -> None:
    setup = setup_of("one side", Mode.HONEST)
    ((key, candles),) = candles_for(setup).items()
    volume = candles.volume.copy()
    volume[-1] += 1
    other = Candles(60, *candles.columns[:-1], volume)
    assert run(setup, {key: candles}).candle_digest != run(setup, {key: other}).candle_digest


def test_columns_that_may_not_be_written_give_the_same() -> None:
    setup = setup_of("maker", Mode.HONEST)
    ((key, candles),) = candles_for(setup).items()
    frozen = [column.copy() for column in candles.columns]
    for column in frozen:
        column.flags.writeable = False
    assert run(setup, {key: candles}).digest == run(setup, {key: Candles(60, *frozen)}).digest


def test_a_range_without_candles_is_refused() -> None:
    setup = setup_of("one side", Mode.HONEST)
    later = replace(setup, start_s=START_S + 1e9, end_s=START_S + 1e9 + 6000)
    with pytest.raises(NoCandles, match="1m candles"):
        run(later, candles_for(setup))
    compat = replace(setup_of("one side", Mode.COMPAT), end_s=START_S + 600)
    with pytest.raises(NoCandles, match="too few"):
        run(compat, candles_for(compat))
    with pytest.raises(ValueError, match="before"):
        replace(setup, end_s=START_S)


def test_cancelling_ends_the_run() -> None:
    setup = setup_of("one side", Mode.HONEST)
    with pytest.raises(Cancelled):
        run(setup, candles_for(setup), is_cancelled=lambda: True)


def test_coverage_names_the_holes() -> None:
    ts = np.array([60.0, 120.0, 300.0])
    coverage = coverage_of(ts, 10.0, 420.0, 60.0)
    assert (coverage.expected, coverage.present) == (7, 3)
    assert coverage.holes == ((180.0, 300.0), (360.0, 480.0))
    assert coverage.fraction == 3 / 7
