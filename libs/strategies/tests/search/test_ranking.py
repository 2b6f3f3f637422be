"""The best of many."""

import numpy as np
import pytest

from aviary_strategies.search.ranking import degradation, top, walked
from aviary_strategies.search.segments import Fold

NAN = float("nan")


def test_of_equals_the_earlier_is_better() -> None:
    scores = np.array([1.0, 3.0, NAN, 3.0, 2.0])
    assert top(scores, 3).tolist() == [1, 3, 4]
    assert top(scores, 9).tolist() == [1, 3, 4, 0]
    assert top(scores, 2, largest=False).tolist() == [0, 4]


def test_infinite_scores_are_ranked() -> None:
    assert top(np.array([1.0, np.inf, -np.inf]), 3).tolist() == [1, 0, 2]


def test_walking_forward_takes_the_best_of_each_training_to_its_test() -> None:
    scores = np.array([[1.0, 5.0, 7.0], [2.0, 4.0, 8.0], [0.0, 6.0, 9.0]])
    steps = walked(scores, [Fold(0, 1), Fold(1, 2), Fold(0, None)])
    assert [(step.chosen, step.trained, step.tested) for step in steps] == [(1, 2.0, 4.0), (2, 6.0, 9.0)]


def test_a_fold_without_scores_chooses_nothing() -> None:
    assert walked(np.array([[NAN, 1.0]]), [Fold(0, 1)]) == []


def test_the_same_order_out_of_sample_correlates_fully() -> None:
    inside = np.array([1.0, 2.0, 3.0, 4.0, NAN])
    found = degradation(inside, np.exp(inside))
    assert found is not None
    assert found.rank_correlation == pytest.approx(1.0)
    assert found.below_median == 0.0
    reverse = degradation(inside, -inside)
    assert reverse is not None
    assert reverse.rank_correlation == pytest.approx(-1.0)
    assert reverse.below_median == 1.0
    assert (reverse.best_in, reverse.best_out, reverse.median_in, reverse.median_out) == (4.0, -4.0, 2.5, -2.5)


def test_equals_share_their_ranks() -> None:
    found = degradation(np.array([1.0, 1.0, 2.0]), np.array([5.0, 6.0, 7.0]))
    assert found is not None
    assert found.rank_correlation == pytest.approx(np.corrcoef([1.5, 1.5, 3.0], [1.0, 2.0, 3.0])[0, 1])


def test_one_config_has_nothing_to_correlate() -> None:
    assert degradation(np.array([1.0]), np.array([1.0])) is None
