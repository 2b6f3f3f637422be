"""What a controller can be configured with."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python


@dataclass(frozen=True, slots=True)
class FieldTemplate:
    """``kind`` is the field's JSON schema type, such as ``number|string|null``; ``default`` is JSON."""

    name: str
    kind: str
    default: Any
    is_required: bool
    is_updatable: bool


def fields_of(config: type[BaseModel]) -> tuple[FieldTemplate, ...]:
    """The fields of a controller's config, in their order."""
    schema = config.model_json_schema(mode="validation")["properties"]
    return tuple(
        FieldTemplate(
            name=field,
            kind=_kind(schema[field]),
            default=None if info.is_required() else to_jsonable_python(info.default),
            is_required=info.is_required(),
            is_updatable=bool(schema[field].get("is_updatable")),
        )
        for field, info in config.model_fields.items()
    )


def _kind(schema: dict[str, Any]) -> str:
    """Objects and enums are references in the schema: their own names tell more than ``object`` would."""
    if "anyOf" in schema:
        return "|".join(dict.fromkeys(_kind(option) for option in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("type", "string"))
