"""One OpenAPI document out of those of all services."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

import httpx

from aviary_common import __version__, logs

log = logs.get(__name__)

KEEP_S: Final = 60.0
DEADLINE_S: Final = 3.0
TITLE: Final = "Aviary"

Document = dict[str, Any]


class Documents:
    """Reads every service's document at most once a minute; one that is down keeps its last known part."""

    def __init__(self, services: Mapping[str, str], client: httpx.AsyncClient, own: Document) -> None:
        self._services = services
        self._client = client
        self._own = own
        self._parts: dict[str, Document] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def merged(self) -> Document:
        async with self._reading:
            if time.monotonic() - self._read_at > KEEP_S:
                complete = await self._read()
                self._read_at = time.monotonic() if complete else float("-inf")
        return merge([self._own, *(self._parts[name] for name in self._services if name in self._parts)])

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
        except (httpx.HTTPError, ValueError) as error:
            log.warning("document not read", part=name, error=str(error))
            return name, None
        return name, document


def merge(parts: list[Document]) -> Document:
    """Paths and schemas of all parts. The shared library gives schemas of one name one meaning, but a service may
    choose a name that another has taken: its schema is then renamed with the title of its part."""
    merged: Document = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": __version__, "description": "The Hummingbot API as a family of services."},
        "security": [{"login": []}],
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {"login": {"type": "http", "scheme": "basic"}}},
    }
    schemas = merged["components"]["schemas"]
    for part in parts:
        own = part.get("components", {}).get("schemas", {})
        taken = {name for name, schema in own.items() if name in schemas and schemas[name] != schema}
        renamed = {name: f"{name}_{part['info']['title'].replace(' ', '')}" for name in taken}
        schemas.update({renamed.get(name, name): _point(schema, renamed) for name, schema in own.items()})
        for path, operations in part.get("paths", {}).items():
            merged["paths"].setdefault(path, {}).update(_point(operations, renamed))
    return merged


def _point(value: Any, renamed: Mapping[str, str]) -> Any:
    """A copy whose references follow the renaming."""
    if isinstance(value, dict):
        return {key: _point_key(key, item, renamed) for key, item in value.items()}
    if isinstance(value, list):
        return [_point(item, renamed) for item in value]
    return value


def _point_key(key: str, value: Any, renamed: Mapping[str, str]) -> Any:
    if key == "$ref" and isinstance(value, str):
        prefix, _, name = value.rpartition("/")
        return f"{prefix}/{renamed.get(name, name)}"
    return _point(value, renamed)
