"""The queries of those who work on sweeps. Every write names its attempt: whoever was taken for dead writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_backtesting.runs.spec import Json
from aviary_backtesting.runs.states import UNFINISHED, Status
from aviary_backtesting.runs.work import Limits
from aviary_backtesting.sweeps.spec import Method
from aviary_backtesting.sweeps.step import Next, Size, Step, StepKind, next_of, step_of
from aviary_backtesting.sweeps.sweep import Sweep, sweep_of
from aviary_backtesting.sweeps.tables import step_table, sweep_table

_SWEEP, _STEP = sweep_table.c, step_table.c


class Task(NamedTuple):
    sweep: Sweep
    step: Step


@dataclass(frozen=True, slots=True)
class Computed:
    """What a shard leaves."""

    block: bytes
    candle_digest: str
    computed_s: float
    invalid: int


async def claim(connection: AsyncConnection, worker: str, limits: Limits, size: Size) -> Task | None:
    """A step that nobody works on, or a new one, is this worker's from now on. Give it a transaction."""
    return await _taken_over(connection, worker, limits) or await _begun(connection, worker, size)


async def free(connection: AsyncConnection, limits: Limits) -> int:
    """How many steps a worker could begin now."""
    steps = select(func.count()).select_from(step_table.join(sweep_table)).where(_free(limits))
    sweeps = select(func.count()).select_from(sweep_table).where(_has_next())
    return (await connection.scalar(steps) or 0) + (await connection.scalar(sweeps) or 0)


async def is_any_under_way(connection: AsyncConnection) -> bool:
    query = select(_SWEEP.id).where(_SWEEP.status.in_(UNFINISHED)).limit(1)
    return (await connection.scalar(query)) is not None


async def beat(connection: AsyncConnection, step: Step) -> bool:
    """Still at it; false when the step is somebody else's by now, or nobody wants the sweep any more."""
    change = update(step_table).where(_mine(step)).values(heartbeat_at=func.clock_timestamp())
    return bool((await connection.execute(change)).rowcount)


async def complete_shard(connection: AsyncConnection, step: Step, found: Computed) -> bool:
    """Once only: false when the shard is not this attempt's any more."""
    values = {"status": Status.COMPLETED, "worker": None}
    kept = {"block": found.block, "candle_digest": found.candle_digest, "computed_s": found.computed_s}
    if not (await connection.execute(update(step_table).where(_mine(step)).values(values | kept))).rowcount:
        return False
    rate = step.configs / max(found.computed_s, 1e-6)
    counted = {
        "done": _SWEEP.done + step.configs,
        "invalid": _SWEEP.invalid + found.invalid,
        "bytes": _SWEEP.bytes + len(found.block),
        "rate": (func.coalesce(_SWEEP.rate, rate) + rate) / 2,
    }
    await connection.execute(update(sweep_table).where(_SWEEP.id == step.sweep).values(counted))
    return True


async def complete_ask(connection: AsyncConnection, step: Step, shards: Sequence[Sequence[Json]]) -> bool:
    """The points chosen wait for workers from now on, in as many shards."""
    if not await _complete_alone(connection, step):
        return False
    first = step.first
    for points in shards:
        told = {"first": first, "configs": len(points), "points": list(points)}
        values = {"sweep": step.sweep, "kind": StepKind.SHARD, "status": Status.PENDING}
        await connection.execute(insert(step_table).values(values | told))
        first += len(points)
    await connection.execute(update(sweep_table).where(_SWEEP.id == step.sweep).values(next_index=first, alone=False))
    return True


async def complete_sweep(connection: AsyncConnection, step: Step, result: Json) -> bool:
    if not await _complete_alone(connection, step):
        return False
    values = {"status": Status.COMPLETED, "completed_at": func.clock_timestamp(), "result": result}
    await connection.execute(update(sweep_table).where(_SWEEP.id == step.sweep).values(values))
    return True


async def share_terms(connection: AsyncConnection, sweep: int, found: Json) -> Json:
    """The first to find them has found them for all."""
    values = {"venue_terms": func.coalesce(_SWEEP.venue_terms, literal(found, JSONB))}
    change = update(sweep_table).where(_SWEEP.id == sweep).values(values).returning(_SWEEP.venue_terms)
    kept: Json = await connection.scalar(change) or found
    return kept


async def fail(connection: AsyncConnection, step: Step, error: Json) -> bool:
    """The whole sweep: its other shards would come to the same."""
    values = {"status": Status.FAILED, "error": error, "completed_at": func.clock_timestamp()}
    mine = select(_STEP.id).where(_mine(step)).exists()
    change = update(sweep_table).where(_SWEEP.id == step.sweep, _SWEEP.status.in_(UNFINISHED), mine).values(values)
    return bool((await connection.execute(change)).rowcount)


async def give_back(connection: AsyncConnection, step: Step) -> None:
    """Another worker may begin it at once."""
    values = {"status": Status.PENDING, "worker": None, "given_back": _STEP.given_back + 1}
    await connection.execute(update(step_table).where(_mine(step)).values(values))


async def bury(connection: AsyncConnection, limits: Limits, error: Json) -> Sequence[Sweep]:
    """Fail the sweeps over one of whose steps too many workers have died."""
    hopeless = select(_STEP.sweep).where(_waits(limits), _STEP.attempt - _STEP.given_back >= limits.attempts)
    values = {"status": Status.FAILED, "error": error, "completed_at": func.clock_timestamp()}
    change = update(sweep_table).where(_SWEEP.id.in_(hopeless), _SWEEP.status.in_(UNFINISHED)).values(values)
    return [sweep_of(row) for row in await connection.execute(change.returning(*_SWEEP))]


_FORGET: Final = text(
    """
    delete from sweep using (
        select id, row_number() over newest as place, sum(bytes) over newest as kept
        from sweep where status not in ('pending', 'running') window newest as (order by id desc)
    ) as ended
    where sweep.id = ended.id and (ended.place > :sweeps or ended.kept > :bytes)
    """
)


async def forget_oldest(connection: AsyncConnection, *, sweeps: int, size: int) -> int:
    """Keep the newest, so many and so many bytes of them."""
    return (await connection.execute(_FORGET, {"sweeps": sweeps, "bytes": size})).rowcount


async def _taken_over(connection: AsyncConnection, worker: str, limits: Limits) -> Task | None:
    first = (
        select(_STEP.id)
        .select_from(step_table.join(sweep_table))
        .where(_free(limits))
        .order_by(_STEP.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=step_table)
    )
    values = {"status": Status.RUNNING, "worker": worker, "attempt": _STEP.attempt + 1}
    change = update(step_table).where(_STEP.id == first.scalar_subquery())
    taken = change.values({**values, "heartbeat_at": func.clock_timestamp()}).returning(*_STEP)
    row = (await connection.execute(taken)).one_or_none()
    if row is None:
        return None
    sweep = (await connection.execute(select(*_SWEEP).where(_SWEEP.id == row.sweep))).one()
    return Task(sweep_of(sweep), step_of(row))


async def _begun(connection: AsyncConnection, worker: str, size: Size) -> Task | None:
    """Of the sweep that was served longest ago. Whoever comes at the same time waits: there is more for it."""
    query = select(*_SWEEP).where(_has_next()).order_by(_SWEEP.served_at, _SWEEP.id).limit(1).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    sweep = sweep_of(row)
    step = next_of(sweep, size)
    values = {
        "status": Status.RUNNING,
        "next_index": step.first + (step.configs if step.kind is StepKind.SHARD else 0),
        "alone": step.kind is not StepKind.SHARD,
        "served_at": func.clock_timestamp(),
        "started_at": func.coalesce(_SWEEP.started_at, func.clock_timestamp()),
    }
    await connection.execute(update(sweep_table).where(_SWEEP.id == sweep.id).values(values))
    return Task(sweep, await _added(connection, sweep, step, worker))


async def _added(connection: AsyncConnection, sweep: Sweep, step: Next, worker: str) -> Step:
    state = {"status": Status.RUNNING, "attempt": 1, "worker": worker, "heartbeat_at": func.clock_timestamp()}
    values = {"sweep": sweep.id, **step._asdict(), **state}
    return step_of((await connection.execute(insert(step_table).values(values).returning(*_STEP))).one())


async def _complete_alone(connection: AsyncConnection, step: Step) -> bool:
    values = {"status": Status.COMPLETED, "worker": None}
    return bool((await connection.execute(update(step_table).where(_mine(step)).values(values))).rowcount)


def _has_next() -> ColumnElement[bool]:
    """Configs to give out; or everything given out is computed, so that a step may follow from it."""
    more = and_(_SWEEP.method != Method.TPE, _SWEEP.next_index < _SWEEP.trials)
    return and_(_SWEEP.status.in_(UNFINISHED), ~_SWEEP.alone, or_(more, _SWEEP.done == _SWEEP.next_index))


def _waits(limits: Limits) -> ColumnElement[bool]:
    """Pending, or begun by somebody who was not heard of for too long."""
    silent = _STEP.heartbeat_at < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, limits.dead_after_s)
    return or_(_STEP.status == Status.PENDING, and_(_STEP.status == Status.RUNNING, silent))


def _free(limits: Limits) -> ColumnElement[bool]:
    is_wanted: ColumnElement[Any] = _SWEEP.status.in_(UNFINISHED)
    return and_(_waits(limits), _STEP.attempt - _STEP.given_back < limits.attempts, is_wanted)


def _mine(step: Step) -> ColumnElement[bool]:
    """Still this attempt's, of a sweep that is wanted."""
    wanted = select(_SWEEP.id).where(_SWEEP.id == step.sweep, _SWEEP.status.in_(UNFINISHED)).exists()
    return and_(_STEP.id == step.id, _STEP.attempt == step.attempt, _STEP.status == Status.RUNNING, wanted)
