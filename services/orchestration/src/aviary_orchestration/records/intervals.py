"""The intervals that a history of performance may be asked in."""

from typing import Final

from aviary_common.errors import BadRequest

SECONDS: Final = {
    "5m": 300,
    "15m": 900,
    "30m": 1800,
    "1h": 3600,
    "4h": 14_400,
    "12h": 43_200,
    "1d": 86_400,
}


def seconds_of(interval: str) -> int:
    try:
        return SECONDS[interval]
    except KeyError:
        raise BadRequest(f"interval must be one of {', '.join(SECONDS)}.", code="bad_interval") from None
