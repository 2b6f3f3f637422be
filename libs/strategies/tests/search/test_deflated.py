"""The paper's own numbers, and values worked out by other means."""

import math

import numpy as np
import pytest

from aviary_strategies.search.deflated import (
    Returns,
    deflated_sharpe,
    expected_best,
    probabilistic_sharpe,
    returns_of,
)

FIVE_YEARS = Returns(length=1250, sharpe=2.5 / math.sqrt(250), skewness=-3.0, kurtosis=10.0)
"""The example of Bailey and López de Prado: a yearly ratio of 2.5 out of 100 trials that vary by one half."""
VARIANCE = 0.5 / 250


def test_the_papers_example() -> None:
    assert expected_best(100, VARIANCE) == pytest.approx(0.1132, abs=5e-5)
    assert deflated_sharpe(FIVE_YEARS, 100, VARIANCE) == pytest.approx(0.9004, abs=5e-5)


def test_fewer_trials_are_more_convincing() -> None:
    assert deflated_sharpe(FIVE_YEARS, 46, VARIANCE) == pytest.approx(0.9505, abs=5e-5)
    likely = [deflated_sharpe(FIVE_YEARS, trials, VARIANCE) for trials in (1, 2, 10, 100, 10_000)]
    assert likely == sorted(likely, reverse=True)


def test_one_trial_is_not_deflated() -> None:
    assert deflated_sharpe(FIVE_YEARS, 1, VARIANCE) == probabilistic_sharpe(FIVE_YEARS)


def test_normal_returns_follow_the_error_function() -> None:
    normal = Returns(length=101, sharpe=0.1, skewness=0.0, kurtosis=3.0)
    z = 0.1 * 10.0 / math.sqrt(1 + 0.5 * 0.01)
    assert probabilistic_sharpe(normal) == pytest.approx(0.5 * (1 + math.erf(z / math.sqrt(2))), abs=1e-12)


def test_the_expected_best_is_the_mean_of_the_best() -> None:
    drawn = np.random.default_rng(3).normal(0, 0.2, (20_000, 50)).max(axis=1).mean()
    assert expected_best(50, 0.04) == pytest.approx(drawn, rel=0.02)


def test_moments_of_returns() -> None:
    found = returns_of(np.array([1.0, 1.0, 1.0, 5.0]))
    assert found is not None
    assert found.length == 4
    assert found.sharpe == pytest.approx(2.0 / math.sqrt(3.0))
    assert found.skewness == pytest.approx(2.0 / math.sqrt(3.0))
    assert found.kurtosis == pytest.approx(7.0 / 3.0)


def test_what_does_not_vary_has_no_ratio() -> None:
    assert returns_of(np.zeros(5)) is None
    assert returns_of(np.zeros(0)) is None
