"""Candle intervals by Hummingbot's names."""

from collections.abc import Mapping
from typing import Final

_UNIT_S: Final[Mapping[str, int]] = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def seconds_of(interval: str) -> int:
    """The length of a candle in seconds; a ``ValueError`` for what has no fixed length."""
    count, unit = interval[:-1], interval[-1:]
    if unit not in _UNIT_S or not count.isdecimal() or count.startswith("0"):
        raise ValueError(f"{interval!r} is no interval of a fixed length, such as 1m, 15m, 4h or 1d")
    return int(count) * _UNIT_S[unit]
