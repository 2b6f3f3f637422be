"""What the OpenAPI document says of every route beyond what FastAPI finds out by itself.

Refusals stand once among the components. A route names those of its own, ``responses=refusals(NotFound, Conflict)``;
what any route may answer, and what follows from having parameters or a body, is added here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aviary_common.errors import (
    AviaryError,
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    NotYet,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unprocessable,
)

Document = dict[str, Any]
Responses = dict[int | str, dict[str, Any]]

RESPONSES: Final = "#/components/responses/"
_MEANINGS: Final[Mapping[type[AviaryError], str]] = {
    BadRequest: "Understood, and refused for a reason that the caller can mend",
    Unauthorized: "No login, or a wrong one",
    Forbidden: "Not allowed",
    NotFound: "There is nothing of that name",
    Conflict: "What is there now stands in the way",
    TooLarge: "The body is too large",
    Unprocessable: "The request does not have the form, or the values, that it must have",
    TooManyRequests: "Too many wrong logins, or too many requests",
    NotYet: "Known, and not in this release",
    Unavailable: "A component is down, or did not answer in time; the answer names it",
}
_HEADERS: Final[Mapping[type[AviaryError], str]] = {
    Unauthorized: "WWW-Authenticate",
    TooManyRequests: "Retry-After",
}
_SCHEMAS: Final[Document] = {
    "Problem": {
        "title": "Problem",
        "description": "`code` is stable and meant for programs.",
        "type": "object",
        "required": ["detail", "code"],
        "properties": {"detail": {"type": "string"}, "code": {"type": "string"}},
    },
    "InvalidFields": {
        "title": "InvalidFields",
        "description": "What is wrong with each field of a request, and where it stands.",
        "type": "object",
        "required": ["detail"],
        "properties": {
            "detail": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["type", "loc", "msg"],
                    "properties": {
                        "type": {"type": "string"},
                        "loc": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
                        "msg": {"type": "string"},
                    },
                },
            }
        },
    },
}
_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
_INVALID: Final = {"anyOf": [{"$ref": "#/components/schemas/InvalidFields"}, _PROBLEM]}
_OF_THE_LOGIN: Final = ("401", "403", "429")
_CAPITALS: Final = frozenset({"amm", "api", "clmm", "mqtt", "vwap"})


def refusals(*kinds: type[AviaryError]) -> Responses:
    """For ``responses=`` of a route or a router."""
    return {kind.status: {"$ref": f"{RESPONSES}{kind.__name__}"} for kind in kinds}


def in_forms(media_types: Iterable[str], description: str) -> Responses:
    """For a successful answer that is a file or a stream, in one of these forms."""
    return {200: {"description": description, "content": {media_type: {} for media_type in media_types}}}


COMMON: Final = refusals(Unauthorized, Forbidden, TooManyRequests, Unavailable)
"""What the login and the loss of a component make any route answer."""


def complete(document: Document) -> Document:
    """Of one service; doing it twice changes nothing."""
    components = document.setdefault("components", {})
    components["responses"] = {kind.__name__: _response(kind) for kind in _MEANINGS}
    schemas = components.setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas.update(_SCHEMAS)
    for operation in _operations(document):
        operation["summary"] = in_words(operation["operationId"])
        operation["responses"] = _responses(operation)
    return document


def in_words(operation_id: str) -> str:
    """``get_vwap_for_volume`` is ``Get VWAP for volume``."""
    first, *others = [word.upper() if word in _CAPITALS else word for word in operation_id.split("_")]
    return " ".join([first[0].upper() + first[1:], *others])


def _operations(document: Document) -> Iterator[Document]:
    return (operation for methods in document.get("paths", {}).values() for operation in methods.values())


def _response(kind: type[AviaryError]) -> Document:
    schema = _INVALID if kind is Unprocessable else _PROBLEM
    header = _HEADERS.get(kind)
    headers = {"headers": {header: {"schema": {"type": "string"}}}} if header else {}
    return {"description": _MEANINGS[kind], **headers, "content": {"application/json": {"schema": schema}}}


def _responses(operation: Document) -> Document:
    found = dict(operation["responses"])
    if (operation.get("parameters") or "requestBody" in operation) and str(NotYet.status) not in found:
        found |= _named(Unprocessable)
    if "requestBody" in operation:
        found |= _named(BadRequest)
    if operation.get("security") == []:
        found = {status: response for status, response in found.items() if status not in _OF_THE_LOGIN}
    return {status: _only_reference(found[status]) for status in sorted(found)}


def _named(kind: type[AviaryError]) -> Document:
    return {str(status): response for status, response in refusals(kind).items()}


def _only_reference(response: Document) -> Document:
    """FastAPI writes a description beside a reference; the one that it refers to has a better one."""
    return {"$ref": response["$ref"]} if "$ref" in response else response
