"""What stopping and archiving takes and answers."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from aviary_common.models import Tolerant, example
from aviary_orchestration.departures.store import Job


class Wishes(Tolerant):
    """What stands in the query wins."""

    model_config = example({"skip_order_cancellation": False, "archive_locally": True})

    skip_order_cancellation: bool | None = None
    archive_locally: bool | None = None
    s3_bucket: str | None = Field(default=None, max_length=63)


class Begun(BaseModel):
    input_name: str
    actual_bot_name: str
    container_name: str
    process: str
    job_id: int


class BegunAnswer(BaseModel):
    status: str = "success"
    message: str
    details: Begun

    @classmethod
    def of(cls, job: Job) -> "BegunAnswer":
        path = f"/bot-orchestration/{job.bot_name}/archiving"
        return cls(
            message=f"{job.bot_name} is being stopped and archived; {path} tells how far it is.",
            details=Begun(
                input_name=job.bot_name,
                actual_bot_name=job.bot_name,
                container_name=job.bot_name,
                process="stop, end the container, revoke its login, archive, remove the container",
                job_id=job.id,
            ),
        )


class JobOut(BaseModel):
    """``steps`` by name, as they were done; ``error`` is what holds it up, or why it failed."""

    id: int
    bot_name: str
    state: str
    steps: dict[str, Any]
    error: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, job: Job) -> "JobOut":
        return cls(
            id=job.id,
            bot_name=job.bot_name,
            state=job.state,
            steps=dict(job.steps),
            error=job.error,
            created_at=job.created_at,
            updated_at=job.updated_at,
        )
