"""JSON texts as Python's ``json`` writes them, which is more than JSON: what an answer cannot hold becomes null."""

import json
from math import isfinite

import orjson
from pydantic import JsonValue

from aviary_orchestration.archives.enums import Side, name_of


def parsed(text: str | None) -> JsonValue:
    """``None`` for what is no JSON at all."""
    if text is None:
        return None
    try:
        value: JsonValue = json.loads(text, parse_constant=lambda _: None, parse_float=_finite)
        orjson.dumps(value)  # refuses what the answer could not hold: half a character, numbers without end, deep nests
    except (ValueError, TypeError, RecursionError):
        return None
    return value


def parsed_with_names(text: str | None) -> JsonValue:
    """The same, with a number for ``side`` turned into its name."""
    value = parsed(text)
    if isinstance(value, dict) and isinstance(number := value.get("side"), int) and not isinstance(number, bool):
        return {**value, "side": name_of(Side, number)}
    return value


def _finite(text: str) -> float | None:
    return number if isfinite(number := float(text)) else None
