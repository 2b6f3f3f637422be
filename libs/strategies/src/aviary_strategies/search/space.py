"""Which fields of a config a search varies, and its points: each known by its index alone, the same on every machine,
so that a range of indexes is all that a worker needs to be told."""

import math
from collections.abc import Container, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
from pydantic import BaseModel

from aviary_strategies.search.errors import SpaceError
from aviary_strategies.search.values import Choices, Span, Value, values_of

Point = Mapping[str, Value]
MAX_FIELDS: Final = 32
_LANES: Final = 4
"""Numbers that Philox 4x64 gives at each count."""


@dataclass(frozen=True, slots=True)
class Space:
    """``fields`` by their dotted names; in a grid the last one changes with every point."""

    fields: Mapping[str, Choices | Span]

    @property
    def size(self) -> int | None:
        """The points of its grid; None when some field has no end of values."""
        sizes = [len(field.values) if isinstance(field, Choices) else 0 for field in self.fields.values()]
        return math.prod(sizes) or None

    def point(self, index: int) -> Point:
        """Of the grid."""
        if self.size is None or not 0 <= index < self.size:
            raise IndexError(index)
        found: dict[str, Value] = {}
        for name, field in reversed(list(self.fields.items())):
            assert isinstance(field, Choices)  # noqa: S101 - the size says so
            index, place = divmod(index, len(field.values))
            found[name] = field.values[place]
        return {name: found[name] for name in self.fields}

    def points(self, first: int, count: int) -> list[Point]:
        """Of the grid."""
        return [self.point(index) for index in range(first, first + count)]

    def random_points(self, seed: int, first: int, count: int) -> list[Point]:
        """Each index has its own place in the stream of a counting generator, whose bits numpy promises to keep."""
        counts = -(-len(self.fields) // _LANES)
        raw = np.random.Philox(key=seed, counter=first * counts).random_raw(count * counts * _LANES)
        shares = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
        by_point = shares.reshape(count, counts * _LANES)
        drawn = [field.drawn(by_point[:, lane]) for lane, field in enumerate(self.fields.values())]
        return [dict(zip(self.fields, values, strict=True)) for values in zip(*drawn, strict=True)]

    def random_point(self, seed: int, index: int) -> Point:
        return self.random_points(seed, index, 1)[0]


def space_of(told: Mapping[str, Any], quick: Container[str] = ()) -> Space:
    """Fields in ``quick`` change fastest in the grid: what does not touch the features, so that neighbours share
    these. A ``SpaceError`` says which field is wrong, and why."""
    if not told:
        raise SpaceError("space", "has no field to vary")
    if len(told) > MAX_FIELDS:
        raise SpaceError("space", f"has more than {MAX_FIELDS} fields")
    fields = {str(name): values_of(str(name), values) for name, values in told.items()}
    for name in fields:
        if clash := next((other for other in fields if other.startswith(f"{name}.")), None):
            raise SpaceError(clash, f"lies within {name}, which is varied as well")
    return Space(dict(sorted(fields.items(), key=lambda field: field[0].partition(".")[0] in quick)))


def refuse_unknown(space: Space, config_class: type[BaseModel]) -> None:
    known = config_class.model_fields
    for name in space.fields:
        top = name.partition(".")[0]
        if top in known:
            continue
        nearest = get_close_matches(top, known, n=1)
        raise SpaceError(name, "is no field of this controller" + (f"; did you mean {nearest[0]}?" if nearest else ""))


def configured(base: Mapping[str, Any], point: Point) -> dict[str, Any]:
    """The config at a point; ``base`` is left as it is."""
    config = dict(base)
    copied: set[str] = set()
    for name, value in point.items():
        top, *path = name.split(".")
        if not path:
            config[top] = value
            continue
        if top not in copied:
            config[top] = deepcopy(config.get(top))
            copied.add(top)
        if config[top] is None:
            config[top] = {}
        _put(name, config[top], path, value)
    return config


def _put(name: str, inside: Any, path: Sequence[str], value: Value) -> None:
    key, *rest = path
    if isinstance(inside, list) and key.isdecimal() and int(key) < len(inside):
        at: Any = int(key)
    elif isinstance(inside, dict):
        at = key
        inside.setdefault(at, {})
    else:
        raise SpaceError(name, f"there is no {key!r} in it to vary: the config has {inside!r} there")
    if rest:
        _put(name, inside[at], rest, value)
    else:
        inside[at] = value
