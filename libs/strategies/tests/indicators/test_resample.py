import numpy as np
import pytest
from libs.strategies.tests.indicators.prices import candles

from aviary_strategies.candles import Candles
from aviary_strategies.indicators.resample import resample
from aviary_strategies.intervals import seconds_of


def without(rows: Candles, place: int) -> Candles:
    return Candles(rows.interval_s, *(np.delete(column, place) for column in rows.columns))


def test_three_minutes_are_one_candle_of_three() -> None:
    rows = candles(9)
    found = resample(rows, 180)
    assert found.interval_s == 180
    assert found.ts.tolist() == rows.ts[::3].tolist()
    assert found.open.tolist() == rows.open[::3].tolist()
    assert found.high.tolist() == rows.high.reshape(3, 3).max(axis=1).tolist()
    assert found.low.tolist() == rows.low.reshape(3, 3).min(axis=1).tolist()
    assert found.close.tolist() == rows.close[2::3].tolist()
    np.testing.assert_allclose(found.volume, rows.volume.reshape(3, 3).sum(axis=1))


def test_a_bucket_that_has_begun_or_not_ended_is_left_out() -> None:
    rows = candles(12).rows(1, 11)
    assert resample(rows, 180).ts.tolist() == rows.ts[[2, 5]].tolist()


def test_a_bucket_with_a_hole_is_left_out() -> None:
    rows = candles(9)
    assert resample(without(rows, 4), 180).ts.tolist() == rows.ts[[0, 6]].tolist()


def test_weeks_begin_on_mondays() -> None:
    found = resample(candles(21, interval_s=86_400), seconds_of("1w"))
    assert len(found) == 2
    assert ((found.ts / 86_400 + 3) % 7 == 0).all()


def test_the_same_interval_is_the_same_candles() -> None:
    rows = candles(5)
    assert resample(rows, 60) is rows


def test_an_interval_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="90 s is no multiple of the 60 s"):
        resample(candles(5), 90)
