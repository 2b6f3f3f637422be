"""Reading what ccxt hands over: untyped dictionaries with numbers as strings."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Raw = Mapping[str, Any]
"""A ccxt structure or a venue's own JSON. It stays inside this package."""

ZERO = Decimal(0)


class Digits(float):
    """A float that remembers the venue's digits, for code of ccxt's that insists on floats."""

    __slots__ = ("text",)
    text: str


def to_decimal(value: object) -> Decimal | None:
    """Exact for strings and integers; a float goes through ``repr``: exact for what had up to 15 digits."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if value is None or value == "":
        return None
    if isinstance(value, Digits):
        value = value.text
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def number(raw: Raw, key: str) -> Decimal:
    """A number that must be there; ``ValueError`` (an unreadable answer) when it is not."""
    return required(raw.get(key))


def required(value: object) -> Decimal:
    found = to_decimal(value)
    if found is None:
        raise ValueError("not a number")
    return found


def text(raw: Raw, key: str) -> str | None:
    value = raw.get(key)
    return None if value is None or value == "" else str(value)


def instant(milliseconds: object) -> datetime:
    """UTC; now, where the venue gives no time."""
    if milliseconds is None:
        return datetime.now(UTC)
    return datetime.fromtimestamp(float(str(milliseconds)) / 1000, UTC)


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def plain(value: Decimal) -> str:
    """Without an exponent, as venues want it."""
    return f"{value:f}"
