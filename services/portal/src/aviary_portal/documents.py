"""One OpenAPI document out of those of all services."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, count
from typing import Any, Final

import httpx

from aviary_common import __version__, logs
from aviary_common.http.app import SECURITY, SECURITY_SCHEMES
from aviary_portal.samples import with_samples
from aviary_portal.tags import TAGS, place_of

log = logs.get(__name__)

KEEP_S: Final = 60.0
RETRY_S: Final = 2.0
DEADLINE_S: Final = 3.0
TITLE: Final = "Aviary"
SCHEMAS: Final = "#/components/schemas/"

Document = dict[str, Any]


class Documents:
    """Reads every service's document once a minute, sooner after one did not answer; such a one keeps its last part."""

    def __init__(
        self,
        services: Mapping[str, str],
        client: httpx.AsyncClient,
        own: Document,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._client = client
        self._own = own
        self._clock = clock
        self._parts: dict[str, Document] = {}
        self._merged: Document = {}
        self._read_again_at = float("-inf")
        self._reading = asyncio.Lock()

    async def merged(self) -> Document:
        async with self._reading:
            if self._clock() >= self._read_again_at:
                complete = await self._read()
                self._merged = merge([self._own, *self._parts_in_order()])
                self._read_again_at = self._clock() + (KEEP_S if complete else RETRY_S)
        return self._merged

    def _parts_in_order(self) -> Iterator[Document]:
        return (self._parts[name] for name in self._services if name in self._parts)

    async def _read(self) -> bool:
        """Whether every service answered."""
        found = await asyncio.gather(*(self._read_one(name, base) for name, base in self._services.items()))
        self._parts.update((name, part) for name, part in found if part is not None)
        return all(part is not None for _, part in found)

    async def _read_one(self, name: str, base: str) -> tuple[str, Document | None]:
        try:
            response = await self._client.get(f"{base}/openapi.json", timeout=DEADLINE_S)
            response.raise_for_status()
            document: Document = response.json()
            if "openapi" not in document:
                raise ValueError("the answer is no OpenAPI document")
        except (httpx.HTTPError, ValueError) as error:
            log.warning("document not read", part=name, error=str(error))
            return name, None
        return name, document


def merge(parts: list[Document]) -> Document:
    """Paths, schemas and answers of all parts, in the order of the sections.

    The shared library gives schemas of one name one meaning, but a service may choose a name that another has taken:
    its schema is then renamed with the title of its part. A taken operation id gets a number."""
    merged: Document = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": __version__, "description": "The Hummingbot API as a family of services."},
        "security": SECURITY,
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": {},
        "components": {
            "schemas": {},
            "responses": {},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }
    schemas = merged["components"]["schemas"]
    operation_ids: set[str] = set()
    for part in parts:
        own = part.get("components", {}).get("schemas", {})
        suffix = part["info"]["title"].replace(" ", "")
        renamed = {SCHEMAS + name: f"{SCHEMAS}{name}_{suffix}" for name in _clashing(own, schemas)}
        for name, schema in own.items():
            new_name = renamed.get(SCHEMAS + name, name).removeprefix(SCHEMAS)
            schemas[new_name] = _point(schema, renamed)
        for path, operations in part.get("paths", {}).items():
            added = {method: with_samples(_point(operation, renamed)) for method, operation in operations.items()}
            for operation in added.values():
                operation["operationId"] = _free(operation["operationId"], operation_ids)
            merged["paths"].setdefault(path, {}).update(added)
        merged["components"]["responses"] |= part.get("components", {}).get("responses", {})
    merged["components"]["schemas"] = dict(sorted(schemas.items()))
    merged["paths"] = dict(sorted(merged["paths"].items(), key=lambda item: _place(item[1])))
    return merged


def _place(operations: Document) -> int:
    return min(place_of(operation.get("tags", [])) for operation in operations.values())


def _clashing(own: Mapping[str, Any], taken: Mapping[str, Any]) -> set[str]:
    """Names that mean something else already; of equal texts, too, when what they refer to differs."""
    shared = {name for name in own if name in taken}
    clashing: set[str] = set()
    found = {name for name in shared if own[name] != taken[name]}
    while found:
        clashing |= found
        references = {SCHEMAS + name for name in clashing}
        found = {name for name in shared - clashing if references.intersection(_texts(own[name]))}
    return clashing


def _texts(value: Any) -> Iterator[str]:
    """All text in a document: references are text, as ``$ref`` or in a discriminator's mapping."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _point(value: Any, renamed: Mapping[str, str]) -> Any:
    """A copy whose references follow the renaming."""
    if isinstance(value, dict):
        return {key: _point(item, renamed) for key, item in value.items()}
    if isinstance(value, list):
        return [_point(item, renamed) for item in value]
    return renamed.get(value, value) if isinstance(value, str) else value


def _free(operation_id: str, taken: set[str]) -> str:
    """The id, or the id with the first number that nobody has; it is taken then."""
    numbered = (f"{operation_id}_{number}" for number in count(2))
    free = next(each for each in chain((operation_id,), numbered) if each not in taken)
    taken.add(free)
    return free
