"""A config class as JSON: what its fields are called, what they take, and what they are when nobody says."""

import json
from collections.abc import Mapping
from enum import Enum
from typing import NotRequired, TypedDict

from pydantic import BaseModel
from pydantic.fields import FieldInfo


class Described(TypedDict):
    name: str
    type: str
    default: object
    required: bool
    is_updatable: bool
    description: NotRequired[str]


def described(kind: type[BaseModel]) -> list[Described]:
    return [_described(name, field) for name, field in kind.model_fields.items()]


def _described(name: str, field: FieldInfo) -> Described:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    required = field.is_required()
    entry: Described = {
        "name": name,
        "type": str(field.annotation),
        "default": None if required else plain(field.get_default(call_default_factory=True, validated_data={})),
        "required": required,
        "is_updatable": bool(extra.get("is_updatable") or getattr(extra.get("client_data"), "is_updatable", False)),
    }
    text = field.description or extra.get("prompt")
    if isinstance(text, str) and text.strip():
        entry["description"] = text.strip()
    return entry


def plain(value: object) -> object:
    """As JSON; what JSON has no form for is told as text, and so are numbers that it has none for."""
    if isinstance(value, Enum):
        return value.value if isinstance(value, str | int) else str(value)
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = [plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, set | frozenset) else items
    if value is None or isinstance(value, str | bool | int | float):
        return value if _fits(value) else str(value)
    return str(value)


def _fits(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True
