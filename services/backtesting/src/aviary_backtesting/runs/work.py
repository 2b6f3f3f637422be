"""The queries of those who work on runs. Every write names its attempt: whoever was taken for dead writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_backtesting.results import large
from aviary_backtesting.runs.run import Run, run_of
from aviary_backtesting.runs.spec import Json
from aviary_backtesting.runs.states import UNFINISHED, Phase, Status
from aviary_backtesting.runs.tables import part_table, run_table
from aviary_common.database.outbox import Told, unannounced

_RUN = run_table.c
_PART_COLUMNS: Final = ("run", "name", "rows", "content")


@dataclass(frozen=True, slots=True)
class Limits:
    dead_after_s: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    rows: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Findings:
    """What a completed run's row tells."""

    engine_version: str
    candle_digest: str
    digest: str
    summary: Json
    metrics: Json
    tables: Json
    coverage: Json
    venue_terms: list[Json] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


async def claim(connection: AsyncConnection, worker: str, limits: Limits) -> Run | None:
    """The oldest run that nobody works on is this worker's from now on; of many workers each gets another one. It may
    be completed, and only lack parts that its worker died over."""
    first = (
        select(_RUN.id)
        .where(_free(limits), _RUN.attempt - _RUN.given_back < limits.attempts)
        .order_by(_RUN.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    change = (
        update(run_table)
        .where(_RUN.id == first.scalar_subquery())
        .values(
            status=case((_is_completed(), literal(Status.COMPLETED)), else_=literal(Status.RUNNING)),
            phase=case((_is_completed(), None), else_=literal(Phase.CANDLES)),
            progress=case((_is_completed(), 1.0), else_=0.0),
            worker=worker,
            attempt=_RUN.attempt + 1,
            started_at=func.coalesce(_RUN.started_at, func.clock_timestamp()),
            heartbeat_at=func.clock_timestamp(),
        )
        .returning(*_RUN)
    )
    row = (await connection.execute(change)).one_or_none()
    return None if row is None else run_of(row)


async def free(connection: AsyncConnection, limits: Limits, waiting_s: float) -> int:
    """How many wait for a worker, and have done so for some time."""
    waits = _free(limits) & (_RUN.heartbeat_at < func.now() - _seconds(waiting_s))
    return await connection.scalar(select(func.count()).select_from(run_table).where(waits)) or 0


async def beat(connection: AsyncConnection, run: Run, phase: Phase, progress: float) -> bool:
    """Still at it; false when the run is somebody else's, or nobody's, by now."""
    values = {
        "phase": case((_is_completed(), None), else_=literal(phase)),
        "progress": case((_is_completed(), 1.0), else_=progress),
        "heartbeat_at": func.clock_timestamp(),
    }
    change = update(run_table).where(_mine(run), _RUN.status.in_((Status.RUNNING, Status.COMPLETED))).values(values)
    return bool((await connection.execute(change)).rowcount)


async def complete(
    connection: AsyncConnection, run: Run, found: Findings, parts: Sequence[Part], told: Told = unannounced
) -> bool:
    """Once only: false when the run is not this attempt's any more. ``told`` puts an event beside it."""
    values: Mapping[str, Any] = {
        "status": Status.COMPLETED,
        "phase": None,
        "progress": 1,
        "saved": False,
        "bytes": sum(len(part.content) for part in parts),
        "completed_at": func.clock_timestamp(),
        "heartbeat_at": func.clock_timestamp(),
        "engine_version": found.engine_version,
        "candle_digest": found.candle_digest,
        "digest": found.digest,
        "summary": found.summary,
        "metrics": found.metrics,
        "tables": found.tables,
        "coverage": found.coverage,
        "venue_terms": found.venue_terms,
        "warnings": found.warnings,
    }
    change = update(run_table).where(_mine(run), _RUN.status == Status.RUNNING).values(values).returning(_RUN.id)
    if (await connection.execute(told(change))).one_or_none() is None:
        return False
    if parts:
        await _put(connection, run, parts)
    return True


async def add_parts(connection: AsyncConnection, run: Run, parts: Sequence[Part]) -> bool:
    """Of a completed run; false when it is not this attempt's any more."""
    size = {
        "bytes": _RUN.bytes + sum(len(part.content) for part in parts),
        "heartbeat_at": func.clock_timestamp(),
    }
    change = update(run_table).where(_mine(run), _RUN.status == Status.COMPLETED).values(size)
    if not (await connection.execute(change)).rowcount:
        return False
    await _put(connection, run, parts)
    return True


async def seal(connection: AsyncConnection, run: Run) -> None:
    """All parts are there."""
    values = {"saved": True, "phase": None}
    await connection.execute(update(run_table).where(_mine(run), _RUN.status == Status.COMPLETED).values(values))


async def fail(connection: AsyncConnection, run: Run, error: Json) -> bool:
    values = {"status": Status.FAILED, "error": error, "phase": None, "completed_at": func.clock_timestamp()}
    change = update(run_table).where(_mine(run), _RUN.status == Status.RUNNING).values(values)
    return bool((await connection.execute(change)).rowcount)


async def give_back(connection: AsyncConnection, run: Run) -> None:
    """Another worker may begin it at once."""
    values = {
        "status": case((_is_completed(), literal(Status.COMPLETED)), else_=literal(Status.PENDING)),
        "phase": None,
        "progress": case((_is_completed(), 1.0), else_=0.0),
        "worker": None,
        "given_back": _RUN.given_back + 1,
        "heartbeat_at": func.to_timestamp(0),
    }
    change = update(run_table).where(_mine(run), _RUN.status.in_((Status.RUNNING, Status.COMPLETED))).values(values)
    await connection.execute(change)


async def bury(connection: AsyncConnection, limits: Limits, error: Json) -> Sequence[Run]:
    """Fail the runs over which too many workers have died, and let go of parts that kill whoever writes them."""
    hopeless = _free(limits) & (_RUN.attempt - _RUN.given_back >= limits.attempts)
    lost = update(run_table).where(hopeless, _RUN.status == Status.COMPLETED).values(saved=True, phase=None)
    await connection.execute(lost)
    values = {"status": Status.FAILED, "error": error, "phase": None, "completed_at": func.clock_timestamp()}
    change = update(run_table).where(hopeless, _RUN.status.in_(UNFINISHED)).values(values).returning(*_RUN)
    return [run_of(row) for row in await connection.execute(change)]


_FORGET: Final = text(
    """
    delete from run using (
        select id, row_number() over newest as place, sum(bytes) over newest as kept
        from run where status not in ('pending', 'running') and saved window newest as (order by id desc)
    ) as ended
    where run.id = ended.id and (ended.place > :runs or ended.kept > :bytes)
    """
)


async def forget_oldest(connection: AsyncConnection, *, runs: int, size: int) -> int:
    """Keep the newest, so many and so many bytes of them."""
    return (await connection.execute(_FORGET, {"runs": runs, "bytes": size})).rowcount


def _free(limits: Limits) -> ColumnElement[bool]:
    """Pending, or begun by somebody who was not heard of for too long."""
    silent = _RUN.heartbeat_at < func.now() - _seconds(limits.dead_after_s)
    begun = (_RUN.status == Status.RUNNING) | and_(_RUN.status == Status.COMPLETED, _RUN.saved.is_(False))
    return or_(_RUN.status == Status.PENDING, begun & silent)


def _is_completed() -> ColumnElement[bool]:
    return _RUN.status == Status.COMPLETED


def _mine(run: Run) -> ColumnElement[bool]:
    return and_(_RUN.id == run.id, _RUN.attempt == run.attempt)


def _seconds(seconds: float) -> ColumnElement[Any]:
    return func.make_interval(0, 0, 0, 0, 0, 0, seconds)


async def _put(connection: AsyncConnection, run: Run, parts: Sequence[Part]) -> None:
    """What is there already stays: the same run has the same parts. Whoever comes here has its row locked."""
    there = set(await connection.scalars(select(part_table.c.name).where(part_table.c.run == run.id)))
    rows = [(run.id, part.name, part.rows, part.content) for part in parts if part.name not in there]
    if rows:
        await large.write(connection, part_table.name, _PART_COLUMNS, rows)
