"""Times as callers write them, and the one way they are kept: aware, UTC."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

SECONDS_BELOW: Final = 100_000_000_000
"""Numbers below this are seconds (up to the year 5138), others milliseconds (from 1973)."""


def parse_time(value: object) -> datetime:
    """Seconds, milliseconds (also as text) or ISO 8601 to an aware UTC time; text without a zone is UTC."""
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError("must be seconds, milliseconds or ISO 8601 text")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return _parse_iso(str(value))
    if not number.is_finite() or number < 0:
        raise ValueError("must be a finite time after 1970")
    seconds = number if number < SECONDS_BELOW else number / 1000
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise ValueError("is beyond the times that exist") from error


def _parse_iso(text: str) -> datetime:
    try:
        return _utc(datetime.fromisoformat(text.strip()))
    except ValueError as error:
        raise ValueError("must be seconds, milliseconds or ISO 8601 text") from error


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def utc_now() -> datetime:
    return datetime.now(UTC)


_WRITTEN: Final = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "format": "date-time"}],
    "description": "Seconds or milliseconds since 1970, or ISO 8601.",
}

UtcTime = Annotated[datetime, BeforeValidator(parse_time), WithJsonSchema(_WRITTEN, mode="validation")]
