"""What a stored value means. SQLite keeps anything in any column, so every reading has an answer for anything."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Final

Stored = int | float | str | bytes | None
Plain = int | float | str | None

MILLIONTHS: Final = -6
LARGEST: Final = 30
"""The power of ten above which a number is none that anybody traded."""


@dataclass(frozen=True)
class Column:
    """``stored`` is its name in the file."""

    stored: str
    read: Callable[[Stored], object]


def whole(value: Stored) -> int:
    return int(_number(value))


def number(value: Stored) -> Decimal:
    return _number(value)


def fixed(value: Stored) -> Decimal:
    """Stored as a whole number of millionths."""
    return _number(value).scaleb(MILLIONTHS)


def text(value: Stored) -> str | None:
    return value.hex() if isinstance(value, bytes) else None if value is None else str(value)


def flag(value: Stored) -> bool:
    return bool(_number(value))


def plain(value: Stored) -> Plain:
    """As it is, as far as JSON can hold it: bytes as hex digits, infinity as nothing."""
    if isinstance(value, bytes):
        return value.hex()
    return None if isinstance(value, float) and not isfinite(value) else value


def side(value: Stored) -> int | str | None:
    """Some releases store its number, some its name."""
    return value if isinstance(value, int) else text(value)


def _number(value: Stored) -> Decimal:
    """Nothing, text without a number, and infinity are 0."""
    if value is None or isinstance(value, bytes):
        return Decimal(0)
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and found.adjusted() <= LARGEST else Decimal(0)
