"""Intervals that history can be sampled by; all of them divide a UTC day, so buckets are aligned to the clock."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

Interval = Literal["5m", "15m", "30m", "1h", "4h", "12h", "1d"]

STEPS: Final[Mapping[Interval, timedelta]] = {
    "5m": timedelta(minutes=5),
    "15m": timedelta(minutes=15),
    "30m": timedelta(minutes=30),
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "12h": timedelta(hours=12),
    "1d": timedelta(days=1),
}
ORIGIN: Final = datetime(2000, 1, 1, tzinfo=UTC)


def bucket_start(at: datetime, step: timedelta) -> datetime:
    """As PostgreSQL's ``date_bin`` with the same origin."""
    return at - (at - ORIGIN) % step
