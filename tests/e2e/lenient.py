"""What a request means to pydantic, where its JSON has another type than the document says.

``{"flatten": 0}`` and ``{"limit": "50"}`` are read as what they plainly mean, so taking them is no mistake.
"""

from collections.abc import Mapping
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.validators import extend
from pydantic import TypeAdapter, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Document = dict[str, Any]


def _read_as(kind: type) -> Any:
    adapter = TypeAdapter(kind)

    def reads(_checker: object, value: object) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            return False
        return True

    return reads


_TYPES: Final = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {"boolean": _read_as(bool), "integer": _read_as(int), "number": _read_as(float)}
)
_ROOT: Final = "urn:openapi"
_Lenient: Final = extend(Draft202012Validator, type_checker=_TYPES)


class Bodies:
    """Of one document, by the operation's method and path."""

    def __init__(self, document: Document) -> None:
        self._paths: Mapping[str, Any] = document["paths"]
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_ROOT, resource)

    def reads(self, method: str, path: str, body: object) -> bool:
        """Whether the body is right but for types that mean the same."""
        if "application/json" not in self._paths[path][method.lower()].get("requestBody", {}).get("content", {}):
            return False
        steps = ("paths", path, method.lower(), "requestBody", "content", "application/json", "schema")
        pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
        validator = _Lenient({"$ref": f"{_ROOT}#/{pointer}"}, registry=self._registry)
        return bool(validator.is_valid(body))
