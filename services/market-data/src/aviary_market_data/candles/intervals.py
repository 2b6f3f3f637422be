"""Intervals by Hummingbot's names."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

_UNITS: Final[Mapping[str, timedelta]] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "M": timedelta(days=28),
    "y": timedelta(days=365),
}
_NAME: Final = re.compile(rf"[1-9]\d*[{''.join(_UNITS)}]")


def is_interval(name: str) -> bool:
    """Some venues have others besides, such as ``15``."""
    return _NAME.fullmatch(name) is not None


def shortest(interval: str) -> timedelta:
    """How long a candle lasts at least, so that no range holds more of them than it says: months differ."""
    return int(interval[:-1]) * _UNITS[interval[-1]]
