"""The spellings that configs come in, from YAML files, forms and the reference engine's own dumps."""

from collections.abc import Callable
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from aviary_strategies.intervals import seconds_of
from aviary_strategies.types import OrderType, Side

E = TypeVar("E", bound=Enum)


class PositionMode(StrEnum):
    HEDGE = "HEDGE"
    ONEWAY = "ONEWAY"


def named(kind: type[E], *, null: E | None = None) -> Callable[[object], object]:
    """Takes a member's name in any case, ``OrderType.LIMIT``, or its number, also as text."""

    def read(value: object) -> object:
        if value is None or value == "":
            return null
        text = str(value.value if isinstance(value, Enum) else value).strip().rpartition(".")[2].upper()
        for member in kind:
            if text in (member.name, str(member.value).upper()):
                return member
        raise ValueError(f"{value!r} is none of {', '.join(member.name for member in kind)}")

    return read


def nothing_if_empty(value: object) -> object:
    """Forms send an empty text for what is not set."""
    return None if isinstance(value, str) and not value.strip() else value


def split(value: object) -> object:
    """``"0.01, 0.02"`` is a list; a lone number is a list of one."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [value] if isinstance(value, int | float | Decimal) else value


def split_if_any(value: object) -> object:
    """As ``split``; null where there is nothing."""
    return split(value) if nothing_if_empty(value) is not None else None


def whole(value: object) -> object:
    """A count of seconds that came as ``2700.0`` or ``"2700"``."""
    value = nothing_if_empty(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def of_fixed_length(interval: str) -> str:
    """The interval itself; a ``ValueError`` for what is none."""
    seconds_of(interval)
    return interval


ASide = Annotated[Side, BeforeValidator(named(Side))]
AnOrderType = Annotated[OrderType, BeforeValidator(named(OrderType, null=OrderType.MARKET))]
APositionMode = Annotated[PositionMode, BeforeValidator(named(PositionMode))]
Spreads = Annotated[tuple[Annotated[float, Field(allow_inf_nan=False)], ...], BeforeValidator(split)]
Finite = Annotated[Decimal, Field(allow_inf_nan=False)]
Fractions = Annotated[tuple[Finite, ...], BeforeValidator(split)]
Weights = Annotated[tuple[Annotated[Finite, Field(ge=0)], ...] | None, BeforeValidator(split_if_any)]
"""Shares of an amount, of any sum; null for equal ones."""
PerhapsFractions = Annotated[tuple[Finite, ...] | None, BeforeValidator(split_if_any)]
Barrier = Annotated[Annotated[Finite, Field(gt=0)] | None, BeforeValidator(nothing_if_empty)]
TimeLimit = Annotated[Annotated[int, Field(gt=0)] | None, BeforeValidator(whole)]
PerhapsDecimal = Annotated[Finite | None, BeforeValidator(nothing_if_empty)]
PerhapsText = Annotated[str | None, BeforeValidator(nothing_if_empty)]
PerhapsFlag = Annotated[bool, BeforeValidator(lambda value: False if value in (None, "") else value)]
PerhapsCount = Annotated[Annotated[int, Field(ge=1)] | None, BeforeValidator(whole)]
Interval = Annotated[str, AfterValidator(of_fixed_length)]
