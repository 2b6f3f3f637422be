"""``/docker`` routes that archive what a container leaves behind."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_orchestration.departures.removals import Removals
from aviary_orchestration.engine.api import ContainerName, Foreign
from aviary_orchestration.engine.schemas import ArchivedOut, ContainerDone

router = APIRouter(prefix="/docker", tags=["Docker"])


@dataclass(frozen=True)
class Whither:
    locally: bool
    bucket: str | None
    foreign: bool


async def removals_of(request: Request) -> Removals:
    removals: Removals = request.app.state.removals
    return removals


async def whither_of(
    archive_locally: bool = True,
    s3_bucket: Annotated[str | None, Query(max_length=63)] = None,
    foreign: Foreign = False,
) -> Whither:
    return Whither(archive_locally, s3_bucket, foreign)


RemovalsDep = Annotated[Removals, Depends(removals_of)]
WhitherDep = Annotated[Whither, Depends(whither_of)]


@router.delete(
    "/containers/{container_name}", operation_id="remove_container", responses=refusals(BadRequest, NotFound, Conflict)
)
@router.post(
    "/remove-container/{container_name}",
    operation_id="remove_container_by_name",
    responses=refusals(BadRequest, NotFound, Conflict),
)
async def remove_container(container_name: ContainerName, removals: RemovalsDep, whither: WhitherDep) -> ContainerDone:
    """Remove a container, running or not, and archive its bot's folder."""
    message = await removals.remove(
        container_name, locally=whither.locally, bucket=whither.bucket, foreign=whither.foreign
    )
    return ContainerDone(message=message)


@router.post(
    "/archive-container/{container_name}",
    operation_id="archive_container",
    responses=refusals(BadRequest, NotFound, Conflict),
)
async def archive_container(
    container_name: ContainerName, removals: RemovalsDep, whither: WhitherDep, remove: bool = False
) -> ArchivedOut:
    """Archive the folder of a bot whose container has ended."""
    words = await removals.archive(
        container_name, locally=whither.locally, bucket=whither.bucket, remove=remove, foreign=whither.foreign
    )
    path = words.removeprefix("Its folder is ").rstrip(".")
    return ArchivedOut(message=f"{container_name} is archived.", archive_path=path)
