"""``/``, ``/openapi.json``, and what the edge says when a service is away."""

from typing import Annotated, Any, Final, NoReturn

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel

from aviary_common import __version__
from aviary_common.errors import NotFound, Unavailable
from aviary_portal.documents import Documents

router = APIRouter(tags=["System"])

UNAVAILABLE_PATH: Final = "/internal/unavailable"
PUBLIC_PATHS: Final = frozenset({"/", "/openapi.json", UNAVAILABLE_PATH})
METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class About(BaseModel):
    name: str
    version: str
    status: str


async def documents_of(request: Request) -> Documents:
    documents: Documents = request.app.state.documents
    return documents


@router.get("/", operation_id="get_about", openapi_extra={"security": []})
async def about() -> About:
    """Name and version."""
    return About(name="Aviary", version=__version__, status="running")


@router.get("/openapi.json", include_in_schema=False)
async def openapi(documents: Annotated[Documents, Depends(documents_of)]) -> dict[str, Any]:
    return await documents.merged()


@router.api_route(UNAVAILABLE_PATH, methods=METHODS, include_in_schema=False, response_model=None)
async def unavailable(service: str = "the service") -> NoReturn:
    """The words for a connection that broke between the edge and a service."""
    raise Unavailable(service, f"{service} broke off while it answered; what it was doing may or may not have happened")


@router.api_route("/{path:path}", methods=METHODS, include_in_schema=False, response_model=None)
async def elsewhere(path: str, x_aviary_service: Annotated[str, Header()] = "") -> NoReturn:
    """The edge sends another service's paths here while none of its replicas is alive, and says whose they are."""
    if x_aviary_service:
        raise Unavailable(x_aviary_service)
    raise NotFound(f"There is nothing at /{path}.")
