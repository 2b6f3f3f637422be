"""Intervals by Hummingbot's names."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

_UNITS: Final[Mapping[str, timedelta]] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "M": timedelta(days=31),
}


def length_of(interval: str) -> timedelta:
    """How long a candle lasts; the longest month for ``1M``."""
    return int(interval[:-1]) * _UNITS[interval[-1]]
