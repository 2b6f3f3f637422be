"""``/docker``: containers, images and pulls."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import PlainTextResponse, StreamingResponse

from aviary_common.errors import Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_common.timestamps import UtcTime
from aviary_orchestration.engine.images import tags, with_tag
from aviary_orchestration.engine.logs import MAX_TAIL, Wanted
from aviary_orchestration.engine.schemas import (
    ContainerDone,
    ContainerOut,
    LogsOut,
    PrunedOut,
    PullImage,
    PullOut,
    PullsOut,
    PullStarted,
)
from aviary_orchestration.engine.service import Docker

router = APIRouter(prefix="/docker", tags=["Docker"])


async def docker_of(request: Request) -> Docker:
    docker: Docker = request.app.state.docker
    return docker


async def wanted_logs(
    tail: Annotated[int, Query(ge=0, le=MAX_TAIL)] = 100,
    timestamps: bool = False,
    since: Annotated[UtcTime | None, Query()] = None,
) -> Wanted:
    return Wanted(tail, timestamps, max(1, int(since.timestamp())) if since else None)


DockerDep = Annotated[Docker, Depends(docker_of)]
WantedLogs = Annotated[Wanted, Depends(wanted_logs)]
ContainerName = Annotated[str, Path(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*$", max_length=128)]
NameFilter = Annotated[str | None, Query(max_length=128)]
Foreign = Annotated[bool, Query(description="Also containers that Aviary did not start.")]


@router.get("/running", operation_id="get_docker_running")
async def running(docker: DockerDep) -> bool:
    """Whether the Docker engine answers."""
    return await docker.engine.is_running()


@router.get("/available-images", operation_id="list_docker_images")
async def available_images(
    docker: DockerDep, image_name: Annotated[str | None, Query(max_length=256)] = None
) -> list[str]:
    """Every tag, or those that contain the text."""
    return list(await tags(docker.engine, image_name))


@router.get("/active-containers", operation_id="list_active_containers")
async def active_containers(docker: DockerDep, name_filter: NameFilter = None) -> list[ContainerOut]:
    """Running containers of the engine, ours or not."""
    return [ContainerOut.of(each) for each in await docker.containers.list(status="running", name_filter=name_filter)]


@router.get("/exited-containers", operation_id="list_exited_containers")
async def exited_containers(docker: DockerDep, name_filter: NameFilter = None) -> list[ContainerOut]:
    """Containers that have ended and are still there."""
    return [ContainerOut.of(each) for each in await docker.containers.list(status="exited", name_filter=name_filter)]


@router.post("/clean-exited-containers", operation_id="clean_exited_containers")
async def clean_exited_containers(docker: DockerDep, foreign: Foreign = False) -> PrunedOut:
    """Remove Aviary's containers that have ended."""
    return PrunedOut.of(await docker.containers.prune(foreign=foreign))


@router.post("/pull-image", operation_id="pull_docker_image", responses=refusals(Conflict))
async def pull_image(wanted: PullImage, docker: DockerDep) -> PullStarted:
    """Pull in the background."""
    pull, new = await docker.pulls.start(with_tag(wanted.image_name, wanted.tag))
    return PullStarted.of(pull, new=new)


@router.get("/pull-status", operation_id="list_docker_pulls")
async def pull_status(docker: DockerDep) -> PullsOut:
    """Pulls under way, and those that have ended within the last hour."""
    pulls = {pull.image: PullOut.of(pull) for pull in await docker.pulls.all()}
    return PullsOut(pull_operations=pulls, total_operations=len(pulls))


@router.post(
    "/containers/{container_name}/start", operation_id="start_container", responses=refusals(NotFound, Conflict)
)
@router.post(
    "/start-container/{container_name}", operation_id="start_container_by_name", responses=refusals(NotFound, Conflict)
)
async def start_container(container_name: ContainerName, docker: DockerDep, foreign: Foreign = False) -> ContainerDone:
    """Start a container that is there."""
    await docker.start(container_name, foreign=foreign)
    return ContainerDone(message=f"{container_name} is running.")


@router.post("/containers/{container_name}/stop", operation_id="stop_container", responses=refusals(NotFound, Conflict))
@router.post(
    "/stop-container/{container_name}", operation_id="stop_container_by_name", responses=refusals(NotFound, Conflict)
)
async def stop_container(container_name: ContainerName, docker: DockerDep, foreign: Foreign = False) -> ContainerDone:
    """Returns when it has ended. A bot's open orders stay; ``/bot-orchestration/stop-bot`` cancels them."""
    await docker.stop(container_name, foreign=foreign)
    return ContainerDone(message=f"{container_name} has ended.")


@router.get("/containers/{container_name}/logs", operation_id="get_container_logs", responses=refusals(NotFound))
async def container_logs(container_name: ContainerName, docker: DockerDep, wanted: WantedLogs) -> LogsOut:
    """The last lines that a container has printed."""
    return LogsOut(container_name=container_name, logs=await docker.logs.printed(container_name, wanted))


@router.get(
    "/containers/{container_name}/logs/follow",
    operation_id="follow_container_logs",
    responses=refusals(NotFound),
    response_class=PlainTextResponse,
)
async def follow_container_logs(
    container_name: ContainerName, docker: DockerDep, wanted: WantedLogs
) -> StreamingResponse:
    """The same as plain text, and then whatever comes, until the container ends."""
    return StreamingResponse(await docker.logs.follow(container_name, wanted), media_type="text/plain; charset=utf-8")
