"""The candles of a whole search, known before any of its points is."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any, Final

from pydantic import ValidationError

from aviary_strategies.backtest.setup import CandleRange, needed
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.search.conditions import Conditions
from aviary_strategies.search.segments import Segments
from aviary_strategies.search.space import Point, Space, configured
from aviary_strategies.search.trials import QUICK, why
from aviary_strategies.search.values import Choices

MAX_CORNERS: Final = 1000


def ranges_of(
    base: Mapping[str, Any], space: Space, segments: Segments, conditions: Conditions
) -> tuple[CandleRange, ...]:
    """What the configs at the space's corners need; the same for everyone who asks. A ``ValueError`` when none of them
    is right: then the base is wrong, and it says what is."""
    found: dict[tuple[object, str], CandleRange] = {}
    reason = ""
    for point in islice(corners(space), MAX_CORNERS):
        try:
            controller = controller_named(configured(base, point))
        except ValidationError as error:
            reason = reason or why(error)
            continue
        for segment in segments.ranges:
            for each in needed(conditions.setup(controller, segment)):
                known = found.get((each.market, each.interval), each)
                start, end = min(known.start_s, each.start_s), max(known.end_s, each.end_s)
                found[each.market, each.interval] = each._replace(start_s=start, end_s=end)
    if not found:
        raise ValueError(reason)
    return tuple(found.values())


def corners(space: Space) -> Iterator[Point]:
    """All numbers at their smallest, then all at their largest, with every combination of what is no number; then each
    number alone at its largest."""
    plain = {
        name: field.bounds
        for name, field in space.fields.items()
        if isinstance(field, Choices) and not field.is_ordered and name.partition(".")[0] not in QUICK
    }
    bounds = {name: field.bounds for name, field in space.fields.items()}
    ends = [{name: values[end] for name, values in bounds.items()} for end in (0, -1)]
    alone = [{**ends[0], name: values[-1]} for name, values in bounds.items()]
    for end in (*ends, *alone):
        for values in product(*plain.values()):
            yield {**end, **dict(zip(plain, values, strict=True))}
