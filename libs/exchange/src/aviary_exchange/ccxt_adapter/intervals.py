"""The names of candle intervals, and how far apart candles open.

A name is a number and one of s, m, h, d, w, M; months are the calendar's. Weeks open on another day at each venue, so
nothing here supposes where a candle opens.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime

from aviary_exchange.ccxt_adapter.raw import milliseconds

NAME = re.compile(r"[1-9][0-9]*[smhdwM]")

RENAMED: Mapping[str, Mapping[str, str]] = {
    "backpack": {"15": "15m", "30": "30m"},
    "bitstamp": {"1w": "3d"},
    "kraken": {"2w": "15d"},
    "ndax": {"1M": "4w", "4M": "16w"},
}
"""Where ccxt's name is not a name, or not the length that it asks for."""

MISSING: Mapping[str, frozenset[str]] = {"binanceusdm": frozenset({"1s"})}
"""What ccxt lists and the venue does not have."""

UNIT_MS: Mapping[str, int] = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def usable(ccxt_id: str, timeframes: Mapping[str, object] | None) -> dict[str, object]:
    """ccxt's table of an exchange, name by what is asked of the venue, put right."""
    renamed, missing = RENAMED.get(ccxt_id, {}), MISSING.get(ccxt_id, frozenset())
    named = {renamed.get(name, name): asked for name, asked in (timeframes or {}).items()}
    return {name: asked for name, asked in named.items() if NAME.fullmatch(name) and name not in missing}


def moved(at_ms: int, interval: str, count: int) -> int:
    """The moment ``count`` intervals later (or earlier, not before 1970).

    Between it and ``at_ms``, one of the two ends included, exactly ``count`` candles open.
    """
    length, unit = int(interval[:-1]), interval[-1]
    if unit == "M":
        return _months_moved(at_ms, length * count)
    return max(0, at_ms + length * count * UNIT_MS[unit])


def _months_moved(at_ms: int, months: int) -> int:
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    if year < 1970:
        return 0
    day = min(at.day, monthrange(year, month + 1)[1])
    return milliseconds(at.replace(year=year, month=month + 1, day=day))
