"""What the ``/docker`` routes take and answer."""

from typing import Self

from pydantic import BaseModel, Field

from aviary_common.models import Tolerant, example
from aviary_orchestration.engine.containers import Container, Pruned
from aviary_orchestration.engine.pulls import Pull


class ContainerOut(BaseModel):
    id: str
    name: str
    status: str
    image: str

    @classmethod
    def of(cls, container: Container) -> Self:
        return cls(id=container.id, name=container.name, status=container.status, image=container.image)


class ContainerDone(BaseModel):
    success: bool = True
    message: str


class PrunedOut(BaseModel):
    """``space_reclaimed`` in bytes."""

    success: bool = True
    containers_deleted: list[str]
    space_reclaimed: int

    @classmethod
    def of(cls, pruned: Pruned) -> Self:
        return cls(containers_deleted=list(pruned.names), space_reclaimed=pruned.bytes)


class LogsOut(BaseModel):
    container_name: str
    logs: str


class ArchivedOut(ContainerDone):
    archive_path: str


class PullImage(Tolerant):
    """The tag may stand in the name as well."""

    model_config = example({"image_name": "hummingbot/hummingbot:latest"})

    image_name: str = Field(min_length=1)
    tag: str | None = None


class PullStarted(BaseModel):
    """``started_at`` in Unix seconds."""

    message: str
    status: str
    image_name: str
    started_at: float

    @classmethod
    def of(cls, pull: Pull, *, new: bool) -> Self:
        if new:
            message, status = f"Pulling {pull.image}; /docker/pull-status tells how far it is.", "started"
        else:
            message, status = f"{pull.image} is being pulled already.", "in_progress"
        return cls(message=message, status=status, image_name=pull.image, started_at=pull.started_at)


class PullOut(BaseModel):
    status: str
    started_at: float
    completed_at: float | None = None
    failed_at: float | None = None
    progress: str
    bytes_done: int
    bytes_total: int
    result: str | None = None
    error: str | None = None
    duration_seconds: float

    @classmethod
    def of(cls, pull: Pull) -> Self:
        completed = pull.status == "completed"
        return cls(
            status=pull.status,
            started_at=pull.started_at,
            completed_at=pull.ended_at if completed else None,
            failed_at=pull.ended_at if pull.status == "failed" else None,
            progress=_progress(pull),
            bytes_done=pull.bytes_done,
            bytes_total=pull.bytes_total,
            result=f"{pull.image} is there." if completed else None,
            error=pull.error,
            duration_seconds=round((pull.ended_at or pull.told_at) - pull.started_at, 3),
        )


class PullsOut(BaseModel):
    """By image."""

    pull_operations: dict[str, PullOut]
    total_operations: int


def _progress(pull: Pull) -> str:
    if pull.status == "completed":
        return "100 %"
    if not pull.bytes_total:
        return "waiting"
    return f"{100 * pull.bytes_done / pull.bytes_total:.0f} % of {pull.bytes_total / 1e6:.0f} MB"
