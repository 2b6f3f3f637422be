"""Many configs on the same candles."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.backtest.run import AllCandles, run
from aviary_strategies.errors import Cancelled, CannotRun, NoCandles
from aviary_strategies.search.conditions import Conditions
from aviary_strategies.search.metrics import METRICS, row_of
from aviary_strategies.search.planned import planned_rows, plans_of
from aviary_strategies.search.segments import Segment
from aviary_strategies.search.space import Point
from aviary_strategies.search.trials import Trial, trials_of

Block = NDArray[np.float64]


class Evaluated(NamedTuple):
    """``values`` by config, segment and ``METRICS``; NaN in the rows of an invalid config, which has a reason."""

    values: Block
    reasons: list[str | None]


def evaluate(
    base: Mapping[str, Any],
    points: Sequence[Point],
    segments: Sequence[Segment],
    conditions: Conditions,
    candles: AllCandles,
    *,
    progress: Callable[[float], None] = lambda share: None,  # noqa: ARG005 - nobody looks
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Evaluated:
    """The rows are those that ``run`` would give of each config and segment alone. ``candles`` as ``needed`` says of
    every config, or more. A config that is wrong or finds no candles is a row, not the end; raises ``Cancelled``."""
    values = np.full((len(points), len(segments), len(METRICS)), np.nan)
    trials = trials_of(base, points)
    reasons = dict(trials.reasons)
    done, total = len(reasons) * len(segments), max(1, len(points) * len(segments))
    if is_cancelled():
        raise Cancelled
    for group in trials.groups:
        for number, segment in enumerate(segments):
            for some, found in _pieces(group, segment, conditions, candles):
                if is_cancelled():
                    raise Cancelled
                if isinstance(found, str):
                    reasons.update(dict.fromkeys(some, found))
                else:
                    values[some, number] = found
                done += len(some)
                progress(done / total)
    values[list(reasons)] = np.nan
    return Evaluated(values, [reasons.get(place) for place in range(len(points))])


def _pieces(
    group: Sequence[Trial], segment: Segment, conditions: Conditions, candles: AllCandles
) -> Iterator[tuple[list[int], Block | str]]:
    """Places and their rows, or the reason why these cannot be run; a look at who waits is due after each."""
    plans = plans_of([trial.controller for trial in group])
    if plans is None:
        for trial in group:
            yield [trial.place], _alone(trial, segment, conditions, candles)
        return
    places = [trial.place for trial in group]
    try:
        for rows in planned_rows(group[0].controller, plans, segment, conditions, candles):
            yield places[: len(rows)], rows
            places = places[len(rows) :]
    except (NoCandles, CannotRun) as error:
        yield places, str(error)


def _alone(trial: Trial, segment: Segment, conditions: Conditions, candles: AllCandles) -> Block | str:
    try:
        return np.array([row_of(run(conditions.setup(trial.controller, segment), candles))])
    except (NoCandles, CannotRun, ValueError) as error:
        return str(error)
