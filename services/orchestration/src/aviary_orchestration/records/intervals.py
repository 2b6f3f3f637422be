"""The intervals that a history of performance may be asked in."""

from datetime import timedelta
from typing import Final

from aviary_common.errors import BadRequest

STEPS: Final = {
    "5m": timedelta(minutes=5),
    "15m": timedelta(minutes=15),
    "30m": timedelta(minutes=30),
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "12h": timedelta(hours=12),
    "1d": timedelta(days=1),
}


def step_of(interval: str) -> timedelta:
    try:
        return STEPS[interval]
    except KeyError:
        raise BadRequest(f"interval must be one of {', '.join(STEPS)}.", code="bad_interval") from None
