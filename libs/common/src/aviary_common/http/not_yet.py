"""Endpoints that the API has and this release does not: they answer 501 and say so."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, NoReturn

from fastapi import APIRouter

from aviary_common.errors import NotYet

_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {501: {"description": "Known, and not in this release"}}


def not_yet_router(tag: str, what: str, endpoints: str) -> APIRouter:
    """``endpoints`` is a method and a path per line; ``what`` names, in the plural, what they will give."""
    router = APIRouter(tags=[tag])
    for line in endpoints.split("\n"):
        if line.strip():
            method, path = line.split()
            router.add_api_route(
                path,
                _refusal(f"{what} are not in this release yet: {method} {_shown(path)} will come with them."),
                methods=[method],
                summary=f"{what} (not yet)",
                operation_id=_operation_id(method, path),
                status_code=501,
                response_model=None,
                responses=_RESPONSES,
            )
    return router


def _refusal(detail: str) -> Callable[[], Awaitable[NoReturn]]:
    async def refuse() -> NoReturn:
        raise NotYet(detail)

    return refuse


def _shown(path: str) -> str:
    """Without the converters that only the router needs."""
    return path.replace(":path}", "}")


def _operation_id(method: str, path: str) -> str:
    """Injective: ``/a-b`` and ``/a/b`` are two operations."""
    plain = _shown(path).replace("{", "").replace("}", "").replace("/", "__")
    return method.lower() + plain.replace("-", "_")
