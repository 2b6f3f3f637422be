"""Binance's candle intervals."""

from calendar import monthrange
from datetime import UTC, datetime

from aviary_sandbox_exchange.errors import Reason, VenueError

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
MONDAY_MS = 4 * DAY_MS
"""1970-01-05, the first Monday: weeks start on it."""

LENGTH_MS = {
    "1s": 1_000,
    "1m": MINUTE_MS,
    "3m": 3 * MINUTE_MS,
    "5m": 5 * MINUTE_MS,
    "15m": 15 * MINUTE_MS,
    "30m": 30 * MINUTE_MS,
    "1h": HOUR_MS,
    "2h": 2 * HOUR_MS,
    "4h": 4 * HOUR_MS,
    "6h": 6 * HOUR_MS,
    "8h": 8 * HOUR_MS,
    "12h": 12 * HOUR_MS,
    "1d": DAY_MS,
    "3d": 3 * DAY_MS,
    "1w": WEEK_MS,
    "1M": 30 * DAY_MS,
}


def check_interval(interval: str) -> str:
    if interval not in LENGTH_MS:
        raise VenueError(Reason.BAD_INTERVAL)
    return interval


def start_of(interval: str, time_ms: int) -> int:
    """When the candle that holds this moment opened."""
    if interval == "1M":
        moment = datetime.fromtimestamp(time_ms / 1000, UTC)
        return int(datetime(moment.year, moment.month, 1, tzinfo=UTC).timestamp()) * 1000
    if interval == "1w":
        return (time_ms - MONDAY_MS) // WEEK_MS * WEEK_MS + MONDAY_MS
    return time_ms // LENGTH_MS[interval] * LENGTH_MS[interval]


def end_of(interval: str, start_ms: int) -> int:
    """When the next candle opens."""
    if interval == "1M":
        moment = datetime.fromtimestamp(start_ms / 1000, UTC)
        return start_ms + monthrange(moment.year, moment.month)[1] * DAY_MS
    return start_ms + LENGTH_MS[interval]
