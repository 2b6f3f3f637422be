"""The next configs by a tree-structured Parzen estimator (Bergstra et al., 2011), asked of Optuna. Blocks.

A study is not kept: it is made anew from what the shards have left, in the order of their configs, so whoever makes it
is told the same points.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from aviary_backtesting.runs.spec import Json
from aviary_backtesting.sweeps.search import LEARNED, Search, points_of
from aviary_backtesting.sweeps.spec import SweepSpec
from aviary_backtesting.sweeps.step import Step, StepKind
from aviary_backtesting.sweeps.store import Shard

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

    from aviary_strategies.search.space import Point
    from aviary_strategies.search.values import Choices, Span

SHARDS: Final = 4
"""Of a batch, so that several workers have something to do."""


def next_points(spec: SweepSpec, search: Search, known: Sequence[Shard], step: Step) -> list[list[Json]]:
    """In shards."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    seed = int(np.random.SeedSequence((spec.seed, step.first)).generate_state(1)[0])
    sampler = optuna.samplers.TPESampler(seed=seed, multivariate=False)
    study = optuna.create_study(sampler=sampler, direction="maximize" if spec.is_largest_best else "minimize")
    distributions = {name: _distribution(field) for name, field in search.space.fields.items()}
    study.add_trials([trial for shard in known for trial in _trials(spec, search, shard, distributions)])
    points: list[Json] = []
    for _ in range(step.configs):
        params = study.ask(distributions).params
        points.append({name: _value(field, params[name]) for name, field in search.space.fields.items()})
    size = -(-len(points) // SHARDS)
    return [points[first : first + size] for first in range(0, len(points), size)]


def _trials(
    spec: SweepSpec, search: Search, shard: Shard, distributions: Mapping[str, "BaseDistribution"]
) -> list["FrozenTrial"]:
    from optuna.trial import TrialState, create_trial

    from aviary_backtesting.sweeps.block import scanned

    column = f"{LEARNED}_{spec.objective}"
    scores = scanned([shard.block]).select(column).collect()[column].to_list()
    step = Step(0, 0, StepKind.SHARD, shard.first, shard.configs, shard.points, 0)
    trials = []
    for point, score in zip(points_of(spec, search, step), scores, strict=True):
        is_scored = score is not None and np.isfinite(score)
        params = _params(search, point)
        state = TrialState.COMPLETE if is_scored else TrialState.FAIL
        value = float(score) if is_scored else None
        trials.append(create_trial(params=params, distributions=dict(distributions), value=value, state=state))
    return trials


def _distribution(field: "Choices | Span") -> "BaseDistribution":
    """Of choices their places: those in order are near each other, the others are not."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    from aviary_strategies.search.values import Choices

    if isinstance(field, Choices):
        last = len(field.values) - 1
        return IntDistribution(0, last) if field.is_ordered else CategoricalDistribution(range(last + 1))
    if field.is_integer:
        return IntDistribution(int(field.low), int(field.high), log=field.is_log)
    return FloatDistribution(field.low, field.high, log=field.is_log)


def _params(search: Search, point: "Point") -> dict[str, Any]:
    from aviary_strategies.search.values import Choices

    return {
        name: field.values.index(point[name]) if isinstance(field, Choices) else point[name]
        for name, field in search.space.fields.items()
    }


def _value(field: "Choices | Span", param: Any) -> Any:
    from aviary_strategies.search.values import Choices

    return field.values[param] if isinstance(field, Choices) else param
