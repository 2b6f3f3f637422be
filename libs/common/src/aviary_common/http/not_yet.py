"""Endpoints that the API has and this release does not: they answer 501 and say so."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from fastapi import APIRouter

from aviary_common.errors import NotYet
from aviary_common.http.document import refusals


def not_yet_router(tag: str, what: str, endpoints: str) -> APIRouter:
    """``endpoints`` is a method, a path and an operation id per line; ``what`` names, in the plural, what they will
    give."""
    router = APIRouter(tags=[tag], responses=refusals(NotYet))
    for line in endpoints.split("\n"):
        if line.strip():
            method, path, operation_id = line.split()
            words = f"{what} are not in this release yet: {method} {_shown(path)} will come with them."
            router.add_api_route(
                path,
                _refusal(words),
                methods=[method],
                description=words,
                operation_id=operation_id,
                status_code=501,
                response_model=None,
                openapi_extra={"parameters": [_parameter(name) for name in re.findall(r"{(\w+)", path)]},
            )
    return router


def _refusal(detail: str) -> Callable[[], Awaitable[NoReturn]]:
    async def refuse() -> NoReturn:
        raise NotYet(detail)

    return refuse


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _shown(path: str) -> str:
    """Without the converters that only the router needs."""
    return path.replace(":path}", "}")
