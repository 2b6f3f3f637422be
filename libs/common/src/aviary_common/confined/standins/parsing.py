"""Texts that stand for lists in configs, as they are typed at a prompt."""

from collections.abc import Callable
from typing import TypeVar

from aviary_common.confined.standins.models import CandlesConfig

T = TypeVar("T")


def numbers(value: object, kind: Callable[[str], T]) -> object:
    """``"0.01, 0.02"`` as a list; what is no text is left as it is."""
    if not isinstance(value, str):
        return value
    return [kind(part.strip()) for part in value.split(",") if part.strip()]


def parse_comma_separated_list(value: object) -> object:
    return numbers(value, float)


def candles(text: str) -> list[CandlesConfig]:
    """``connector.pair.interval.records`` and more of them after a colon."""
    found = []
    for entry in filter(None, text.strip().split(":")):
        parts = entry.split(".")
        if len(parts) != 4 or not parts[3].isdecimal():
            raise ValueError(f"{entry!r} is not of the form connector.pair.interval.records")
        connector, pair, interval, records = parts
        found.append(CandlesConfig(connector=connector, trading_pair=pair, interval=interval, max_records=int(records)))
    return found


def markets(text: str) -> dict[str, set[str]]:
    """``connector.pair,pair`` and more of them after a colon."""
    found = {}
    for entry in filter(None, text.strip().split(":")):
        connector, _, pairs = entry.partition(".")
        if not pairs:
            raise ValueError(f"{entry!r} is not of the form connector.pair,pair")
        found[connector] = set(pairs.split(","))
    return found
