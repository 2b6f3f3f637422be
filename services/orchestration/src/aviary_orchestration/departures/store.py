"""The queries on jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_orchestration.departures.tables import bot_job

Json = dict[str, Any]


class State(StrEnum):
    """QUEUED to RUNNING to one of the others, which are for good."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED: Final = (State.QUEUED, State.RUNNING)


@dataclass(frozen=True)
class Options:
    """``s3_bucket`` counts when it is not archived locally."""

    skip_order_cancellation: bool = True
    archive_locally: bool = True
    s3_bucket: str | None = None


@dataclass(frozen=True)
class Job:
    """``steps`` holds what was done so far, by name, with the outcome in words."""

    id: int
    bot_name: str
    state: State
    options: Options
    steps: Mapping[str, Json]
    error: str | None
    created_at: datetime
    updated_at: datetime


async def add(connection: AsyncConnection, bot_name: str, options: Options) -> Job | None:
    """``None``: there is an unfinished one already."""
    values = {"bot_name": bot_name, "state": State.QUEUED, "options": vars(options), "steps": {}}
    query = insert(bot_job).values(values).on_conflict_do_nothing().returning(*bot_job.c)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _job(row)


async def unfinished(connection: AsyncConnection) -> Sequence[int]:
    query = select(bot_job.c.id).where(bot_job.c.state.in_(UNFINISHED)).order_by(bot_job.c.id)
    return (await connection.scalars(query)).all()


async def get(connection: AsyncConnection, job_id: int) -> Job | None:
    row = (await connection.execute(select(*bot_job.c).where(bot_job.c.id == job_id))).one_or_none()
    return None if row is None else _job(row)


async def newest_of(connection: AsyncConnection, bot_name: str) -> Job | None:
    query = select(*bot_job.c).where(bot_job.c.bot_name == bot_name).order_by(bot_job.c.id.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _job(row)


async def note_step(connection: AsyncConnection, job_id: int, step: str, outcome: Json) -> None:
    """What hindered it before is over."""
    steps = bot_job.c.steps + {step: outcome}
    values = {"steps": steps, "state": State.RUNNING, "error": None, "updated_at": func.now()}
    await connection.execute(update(bot_job).where(bot_job.c.id == job_id).values(values))


async def note_error(connection: AsyncConnection, job_id: int, error: str) -> None:
    values = {"state": State.RUNNING, "error": error, "updated_at": func.now()}
    await connection.execute(update(bot_job).where(bot_job.c.id == job_id).values(values))


async def end(connection: AsyncConnection, job_id: int, state: State, error: str | None = None) -> None:
    values = {"state": state, "error": error, "updated_at": func.now()}
    await connection.execute(update(bot_job).where(bot_job.c.id == job_id).values(values))


def _job(row: Row[Any]) -> Job:
    return Job(
        row.id,
        row.bot_name,
        State(row.state),
        Options(**row.options),
        dict(sorted(row.steps.items(), key=_done_at)),
        row.error,
        row.created_at,
        row.updated_at,
    )


def _done_at(step: tuple[str, Json]) -> str:
    """The database does not keep the order of keys."""
    return str(step[1]["at"])
