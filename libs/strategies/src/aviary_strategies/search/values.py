"""The values that one field of a config may take."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np

from aviary_strategies.candles import Column
from aviary_strategies.search.errors import SpaceError

Value = str | int | float | bool | None | tuple["Value", ...]
MAX_VALUES: Final = 100_000
"""Of one field."""
DIGITS: Final = 12
"""Of a number that is computed: what differs between machines lies behind them."""
_KEYS: Final = frozenset({"values", "low", "high", "step", "count", "log"})


@dataclass(frozen=True, slots=True)
class Choices:
    """``is_ordered``: numbers from small to large, so that neighbours are alike."""

    values: tuple[Value, ...]
    is_ordered: bool = False

    @property
    def bounds(self) -> tuple[Value, ...]:
        return (self.values[0], self.values[-1]) if self.is_ordered else self.values

    def drawn(self, shares: Column) -> list[Value]:
        places = np.minimum((shares * len(self.values)).astype(np.int64), len(self.values) - 1)
        return [self.values[place] for place in places.tolist()]


@dataclass(frozen=True, slots=True)
class Span:
    """All numbers from ``low`` to ``high``, both included."""

    low: float
    high: float
    is_log: bool = False
    is_integer: bool = False

    @property
    def bounds(self) -> tuple[Value, ...]:
        return (self._number(self.low), self._number(self.high))

    def drawn(self, shares: Column) -> list[Value]:
        return [self.at(share) for share in shares.tolist()]

    def at(self, share: float) -> float | int:
        """The number so far along the way; of a logarithmic span each magnitude is as long as any other."""
        spread = 1.0 if self.is_integer else 0.0
        if self.is_log:
            found = self.low * ((self.high + spread) / self.low) ** share
        else:
            found = self.low + (self.high + spread - self.low) * share
        found = min(math.floor(found), self.high) if self.is_integer else min(max(found, self.low), self.high)
        return self._number(found)

    def _number(self, value: float) -> float | int:
        return int(value) if self.is_integer else float(f"{value:.{DIGITS}g}")


def values_of(field: str, told: Any) -> Choices | Span:
    """From a list, from ``{values}``, or from ``{low, high}`` with a ``step``, a ``count`` or ``log``."""
    if isinstance(told, list | tuple):
        return _listed(field, told)
    if not isinstance(told, Mapping):
        raise SpaceError(field, "is a list of values, or low and high")
    if strange := sorted(set(told) - _KEYS):
        raise SpaceError(field, f"has {strange[0]!r}, which is none of {', '.join(sorted(_KEYS))}")
    if "values" in told:
        if len(told) > 1:
            raise SpaceError(field, "has both values and a range")
        return _listed(field, told["values"])
    return _ranged(field, told)


def _listed(field: str, told: Any) -> Choices:
    if not isinstance(told, list | tuple) or not told:
        raise SpaceError(field, "has no values")
    if len(told) > MAX_VALUES:
        raise SpaceError(field, f"has more than {MAX_VALUES} values")
    values = tuple(_plain(field, value) for value in told)
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    is_ordered = len(numbers) == len(values)
    if is_ordered:
        values = tuple(sorted(numbers))
    if len({(type(value), value) for value in values}) < len(values):
        raise SpaceError(field, "has a value twice")
    return Choices(values, is_ordered)


def _ranged(field: str, told: Mapping[str, Any]) -> Choices | Span:
    low, high = _number(field, told, "low"), _number(field, told, "high")
    is_log, step, count = told.get("log", False), told.get("step"), told.get("count")
    if not isinstance(is_log, bool):
        raise SpaceError(field, "log is true or false")
    if not low < high:
        raise SpaceError(field, "low has to be less than high")
    if is_log and low <= 0:
        raise SpaceError(field, "a logarithmic range begins above 0")
    if sum((is_log and step is not None, step is not None and count is not None)):
        raise SpaceError(field, "has a step, or log with a count: not both")
    is_integer = all(isinstance(each, int) for each in (low, high, step or 0))
    span = Span(low, high, is_log, is_integer)
    if count is not None:
        return _counted(field, span, count)
    if step is not None or (is_integer and not is_log):
        return _stepped(field, low, high, 1 if step is None else _number(field, told, "step"), is_integer)
    return span


def _counted(field: str, span: Span, count: Any) -> Choices:
    if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= MAX_VALUES:
        raise SpaceError(field, f"count is a whole number from 2 to {MAX_VALUES}")
    exact = Span(span.low, span.high, span.is_log)
    found = [exact.at(place / (count - 1)) for place in range(count)]
    return Choices(tuple(dict.fromkeys(round(each) for each in found) if span.is_integer else found), is_ordered=True)


def _stepped(field: str, low: float, high: float, step: float, is_integer: bool) -> Choices:
    if step <= 0:
        raise SpaceError(field, "step has to be above 0")
    first, by = Decimal(str(low)), Decimal(str(step))
    count = int((Decimal(str(high)) - first) / by) + 1
    if count > MAX_VALUES:
        raise SpaceError(field, f"has {count} values, more than {MAX_VALUES}: a larger step, or log, has fewer")
    exact = (first + by * place for place in range(count))
    return Choices(tuple(int(each) if is_integer else float(each) for each in exact), is_ordered=True)


def _plain(field: str, value: Any) -> Value:
    if isinstance(value, list | tuple):
        return tuple(_plain(field, each) for each in value)
    if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise SpaceError(field, f"has the value {value!r}, which is no text, number, true, false, null or list of these")


def _number(field: str, told: Mapping[str, Any], name: str) -> float:
    value = told.get(name)
    if value is None:
        raise SpaceError(field, f"has no {name}")
    if not _is_number(value) or not math.isfinite(value):
        raise SpaceError(field, f"{name} is a number")
    return float(value) if isinstance(value, float) else int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
