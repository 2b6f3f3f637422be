from math import fsum

import numpy as np
import pytest
from libs.strategies.tests.indicators.prices import walk

from aviary_strategies.candles import Column
from aviary_strategies.indicators.moving_averages import ema, sma
from aviary_strategies.indicators.windows import windows


def two_passes(values: Column, length: int) -> tuple[Column, Column]:
    mean, deviation = np.full((2, len(values)), np.nan)
    for i in range(length - 1, len(values)):
        window = values[i - length + 1 : i + 1]
        mean[i] = fsum(window) / length
        deviation[i] = np.sqrt(fsum((window - mean[i]) ** 2) / length)
    return mean, deviation


@pytest.mark.parametrize("length", [1, 2, 7, 100, 333])
def test_mean_and_deviation_are_those_of_two_passes(length: int) -> None:
    values = walk(3000)
    mean, deviation = windows(values, length)
    true_mean, true_deviation = two_passes(values, length)
    np.testing.assert_allclose(mean, true_mean, rtol=1e-15)
    np.testing.assert_allclose(deviation, true_deviation, rtol=1e-12, atol=1e-300)


def test_a_spike_that_has_left_the_window_leaves_no_error_behind() -> None:
    values = walk(1000)
    values[300] *= 1e6
    np.testing.assert_allclose(windows(values, 50)[1], two_passes(values, 50)[1], rtol=1e-12)


def test_a_price_that_does_not_move_has_no_deviation_at_all() -> None:
    values = np.concatenate([walk(200), np.full(200, 0.1)])
    mean, deviation = windows(values, 50)
    assert (deviation[249:] == 0.0).all()
    assert (mean[249:] == 0.1).all()
    assert (deviation[49:249] > 0.0).all()


def test_too_few_values_give_nothing() -> None:
    for column in (*windows(walk(9), 10), sma(walk(9), 10), ema(walk(9), 10)):
        assert len(column) == 9
        assert np.isnan(column).all()


def test_moving_average_starts_with_its_first_full_window() -> None:
    averages = sma(np.array([1.0, 2.0, 6.0, 4.0]), 3)
    assert np.isnan(averages[:2]).all()
    assert averages[2:].tolist() == [3.0, 4.0]


def test_exponential_average_is_seeded_with_the_mean_of_its_first_window() -> None:
    averages = ema(np.array([1.0, 2.0, 6.0, 5.0, 1.0]), 3)
    assert np.isnan(averages[:2]).all()
    assert averages[2:].tolist() == [3.0, 4.0, 2.5]
