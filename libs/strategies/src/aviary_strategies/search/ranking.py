"""The best of many, and what their being the best is worth out of sample."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.candles import Column
from aviary_strategies.search.segments import Fold

Places = NDArray[np.int64]


def top(scores: Column, count: int, *, largest: bool = True) -> Places:
    """Places of the best ``count``, best first; of equals the earlier one. What has no score (NaN) is never among
    them."""
    scored = np.flatnonzero(~np.isnan(scores))
    order = np.argsort(-scores[scored] if largest else scores[scored], kind="stable")
    return scored[order[:count]]


class Step(NamedTuple):
    """The best config in the training of a fold, and what it did there and in the test."""

    fold: int
    chosen: int
    trained: float
    tested: float


def walked(scores: Column, folds: Sequence[Fold], *, largest: bool = True) -> list[Step]:
    """``scores`` by config and segment. A fold in which nothing has a score chooses nothing."""
    steps = []
    for number, fold in enumerate(folds):
        best = top(scores[:, fold.train], 1, largest=largest)
        if fold.test is None or not len(best):
            continue
        chosen = int(best[0])
        steps.append(Step(number, chosen, float(scores[chosen, fold.train]), float(scores[chosen, fold.test])))
    return steps


class Degradation(NamedTuple):
    """``rank_correlation`` is Spearman's, between in and out of sample over all configs: near 0 the search has learned
    nothing that lasts. ``below_median`` is the share of the best tenth in sample that came out below the median out of
    sample: one half is what chance gives."""

    rank_correlation: float
    median_in: float
    median_out: float
    best_in: float
    best_out: float
    below_median: float


def degradation(trained: Column, tested: Column, *, largest: bool = True) -> Degradation | None:
    """None when fewer than two configs have both scores."""
    both = ~(np.isnan(trained) | np.isnan(tested))
    inside, outside = trained[both], tested[both]
    if len(inside) < 2:
        return None
    best = top(inside, max(1, len(inside) // 10), largest=largest)
    middle = float(np.median(outside))
    worse = outside[best] < middle if largest else outside[best] > middle
    return Degradation(
        _correlation(_ranks(inside), _ranks(outside)),
        float(np.median(inside)),
        middle,
        float(inside[best[0]]),
        float(outside[best[0]]),
        float(np.mean(worse)),
    )


def _ranks(values: Column) -> Column:
    """Equals share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    means: Column = ends - (counts - 1) / 2.0
    return means[inverse]


def _correlation(left: Column, right: Column) -> float:
    """NaN when either does not vary."""
    left, right = left - left.mean(), right - right.mean()
    scale = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / scale if scale else float("nan")
