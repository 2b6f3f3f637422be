"""What a sweep means to ``aviary_strategies``, which is imported on first use. Everything in here blocks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aviary_backtesting.engine.port import CandleRange
from aviary_backtesting.sweeps.spec import Method, Split, SweepSpec
from aviary_backtesting.sweeps.step import Step
from aviary_common.errors import Unprocessable

if TYPE_CHECKING:
    from aviary_strategies.search.conditions import Conditions
    from aviary_strategies.search.segments import Segments
    from aviary_strategies.search.space import Point, Space

LEARNED: Final = "in"
"""The segment that a search goes by; ``out`` is the one that it is judged by."""
JUDGED: Final = "out"


@dataclass(frozen=True)
class Search:
    """``candles`` is how many rows one config goes through, in all segments together."""

    space: "Space"
    segments: "Segments"
    conditions: "Conditions"

    @property
    def names(self) -> list[str]:
        """Of the segments, as the table's columns begin."""
        learned, judged = self.segments.learned
        special = {learned: LEARNED} | ({} if judged is None else {judged: JUDGED})
        return [special.get(place, f"part{place}") for place in range(len(self.segments.ranges))]

    @property
    def candles(self) -> float:
        from aviary_strategies.intervals import seconds_of

        seconds = sum(each.end_s - each.start_s for each in self.segments.ranges)
        return seconds / seconds_of(self.conditions.resolution)


def search_of(spec: SweepSpec) -> Search:
    """Raises ``Unprocessable`` for what cannot be searched, by the field."""
    from aviary_strategies.backtest.model import Costs, Mode
    from aviary_strategies.controllers.registry import UnknownController, class_named
    from aviary_strategies.search.conditions import Conditions
    from aviary_strategies.search.errors import SpaceError
    from aviary_strategies.search.metrics import METRICS
    from aviary_strategies.search.space import configured, refuse_unknown, space_of
    from aviary_strategies.search.trials import QUICK

    base = spec.base
    if spec.objective not in METRICS:
        raise Unprocessable(f"objective: is one of {', '.join(METRICS)}", code="bad_objective")
    try:
        space = space_of(spec.space, QUICK)
        refuse_unknown(space, class_named(base.controller_name).config_class)
        configured(base.config, space.random_point(spec.seed, 0))
    except SpaceError as error:
        raise Unprocessable(f"space.{error}", code="bad_space") from error
    except UnknownController as error:
        raise Unprocessable(f"Only bundled controllers can be swept: {error}.", code="cannot_sweep") from error
    if spec.method is Method.GRID and space.size is None:
        endless = next(name for name, field in space.fields.items() if not hasattr(field, "values"))
        raise Unprocessable(f"space.{endless}: a grid needs a step or a count", code="bad_space")
    conditions = Conditions(base.resolution, Mode(base.mode), Costs(**base.costs))
    return Search(space, _segments(spec, spec.split, conditions), conditions)


def _segments(spec: SweepSpec, split: Split, conditions: "Conditions") -> "Segments":
    from aviary_strategies.backtest.model import Mode
    from aviary_strategies.intervals import seconds_of
    from aviary_strategies.search.segments import holdout, walk_forward, whole

    start, end, step = spec.base.start_s, spec.base.end_s, float(seconds_of(conditions.resolution))
    gap = step if conditions.mode is Mode.COMPAT else 0.0
    try:
        match split.kind:
            case "holdout":
                return holdout(start, end, step, split.share, gap)
            case "walk_forward":
                return walk_forward(start, end, step, split.folds, anchored=split.anchored, gap_s=gap)
            case "none":
                return whole(start, end)
    except ValueError as error:
        raise Unprocessable(f"split: {error}", code="bad_split") from error


def ranges_of(spec: SweepSpec, search: Search) -> list[CandleRange]:
    """The candles of all of its configs."""
    from aviary_strategies.search.ranges import ranges_of

    try:
        found = ranges_of(spec.base.config, search.space, search.segments, search.conditions)
    except ValueError as error:
        raise Unprocessable(f"space: no config in it is right: {error}", code="bad_space") from error
    return [CandleRange(*each.market, each.interval, each.start_s, each.end_s) for each in found]


def points_of(spec: SweepSpec, search: Search, step: Step) -> list["Point"]:
    if step.points is not None:
        return [{name: _whole(value) for name, value in point.items()} for point in step.points]
    if spec.method is Method.GRID:
        return search.space.points(step.first, step.configs)
    return search.space.random_points(spec.seed, step.first, step.configs)


def _whole(value: Any) -> Any:
    """JSON has lists only."""
    return tuple(_whole(each) for each in value) if isinstance(value, list) else value
