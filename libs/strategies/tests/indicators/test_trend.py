import numpy as np
import pytest
from libs.strategies.tests.indicators.prices import candles, walk

from aviary_strategies.candles import Candles, Column
from aviary_strategies.indicators.macd import macd
from aviary_strategies.indicators.moving_averages import ema
from aviary_strategies.indicators.supertrend import supertrend
from aviary_strategies.indicators.true_range import atr, natr


def average_from(values: Column, length: int, seed_end: int) -> Column:
    """An exponential average seeded with the mean of the ``length`` values that end at ``seed_end``."""
    averages = np.full(len(values), np.nan)
    averages[seed_end] = values[seed_end - length + 1 : seed_end + 1].mean()
    for i in range(seed_end + 1, len(values)):
        averages[i] = averages[i - 1] + (values[i] - averages[i - 1]) * 2 / (length + 1)
    return averages


@pytest.mark.parametrize(("fast", "slow"), [(21, 42), (42, 21), (5, 5)])
def test_both_averages_of_the_macd_start_with_the_slow_one(fast: int, slow: int) -> None:
    close = walk(400)
    quick, steady = min(fast, slow), max(fast, slow)
    line = average_from(close, quick, steady - 1) - average_from(close, steady, steady - 1)
    signal = np.concatenate([np.full(steady - 1, np.nan), ema(line[steady - 1 :], 9)])
    line[np.isnan(signal)] = np.nan
    found = macd(close, fast, slow, 9)
    np.testing.assert_allclose(found.line, line, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(found.signal, signal, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(found.histogram, line - signal, rtol=1e-9, atol=1e-9)
    assert np.flatnonzero(~np.isnan(found.line))[0] == steady + 9 - 2


def test_macd_of_too_few_candles_is_nothing() -> None:
    assert np.isnan(np.array(macd(walk(49), 21, 42, 9))).all()
    assert not np.isnan(np.array(macd(walk(50), 21, 42, 9))[:, -1]).any()


def with_gaps(size: int) -> Candles:
    """Every fifth candle, which opens away from where the one before it closed."""
    rows = candles(5 * size)
    return Candles(rows.interval_s, *(np.ascontiguousarray(column[::5]) for column in rows.columns))


def true_ranges(rows: Candles) -> Column:
    before = rows.close[:-1]
    return np.asarray(np.maximum(rows.high[1:], before) - np.minimum(rows.low[1:], before), np.float64)


def test_average_true_range_is_wilders() -> None:
    rows = with_gaps(300)
    ranges = true_ranges(rows)
    assert (ranges > rows.high[1:] - rows.low[1:]).any()
    expected = np.full(300, np.nan)
    expected[14] = ranges[:14].mean()
    for i in range(15, 300):
        expected[i] = (expected[i - 1] * 13 + ranges[i - 1]) / 14
    found = atr(rows.high, rows.low, rows.close, 14)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    np.testing.assert_array_equal(natr(rows.high, rows.low, rows.close, 14), 100 * found / rows.close)


def test_supertrend_turns_when_the_price_crosses_its_line_and_else_only_follows() -> None:
    rows = candles(3000)
    found = supertrend(rows.high, rows.low, rows.close, 20, 4.0)
    assert np.isnan(found.line[:20]).all()
    assert found.direction[20] == 1.0
    turns = 0
    for i in range(21, 3000):
        before, now = found.direction[i - 1 : i + 1]
        if before == now:
            assert (found.line[i] - found.line[i - 1]) * now >= 0
            assert (rows.close[i] - found.line[i]) * now >= 0 or (rows.close[i] - found.line[i - 1]) * now >= 0
        else:
            turns += 1
            assert (rows.close[i] - found.line[i - 1]) * before < 0
    assert turns > 5


def test_supertrend_stands_its_multiple_of_the_range_away_where_it_turns() -> None:
    rows = candles(3000)
    found = supertrend(rows.high, rows.low, rows.close, 20, 4.0)
    turns = np.flatnonzero(found.direction[21:] != found.direction[20:-1]) + 21
    away = found.direction * 4.0 * atr(rows.high, rows.low, rows.close, 20)
    np.testing.assert_allclose(found.line[turns], ((rows.high + rows.low) / 2 - away)[turns], rtol=1e-14)
