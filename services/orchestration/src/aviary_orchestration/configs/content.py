"""What is in a config: a JSON object, whose fractions are ``Decimal`` so that their digits survive."""

import json
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Final, NoReturn

from aviary_common.errors import BadRequest, Unprocessable

Content = dict[str, object]
MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 50


def read_json(text: bytes) -> object:
    """Raises ``Unprocessable``: not JSON, a number that is none, or nested too deeply."""
    try:
        return json.loads(text, parse_float=_fraction, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unprocessable(f"The body is not JSON: {error}", code="bad_json") from error


def as_content(value: object) -> Content:
    if not isinstance(value, dict):
        raise Unprocessable("The body must be a JSON object.", code="bad_json")
    if deeper_than(value, MAX_DEPTH):
        raise Unprocessable(f"The body is nested more than {MAX_DEPTH} levels deep.", code="bad_json")
    return value


def plain(content: Mapping[str, object]) -> dict[str, object]:
    """With floats for fractions: what JSON readers expect, and what pydantic turns back into the same decimals."""
    plain: dict[str, object] = json.loads(to_json(content))
    return plain


def to_json(value: object) -> bytes:
    return json.dumps(value, default=_told).encode()


def without(content: Mapping[str, object], *names: str) -> Content:
    return {key: value for key, value in content.items() if key not in names}


def text_at(content: Mapping[str, object], name: str) -> str | None:
    value = content.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadRequest(f"{name} must be text.", code="bad_name")
    return value


def deeper_than(value: object, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [
            item
            for each in layer
            if isinstance(each, dict | list)
            for item in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(layer)


def _told(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def _fraction(text: str) -> Decimal:
    if not isfinite(float(text)):
        _no_number(text)
    return Decimal(text)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
