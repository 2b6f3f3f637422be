"""The queries on sweeps, as those see them who ask for them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_backtesting.runs.spec import Json
from aviary_backtesting.runs.states import Status, before
from aviary_backtesting.sweeps.spec import SweepSpec
from aviary_backtesting.sweeps.step import StepKind
from aviary_backtesting.sweeps.sweep import Sweep, sweep_of
from aviary_backtesting.sweeps.tables import step_table, sweep_table
from aviary_common.pagination import Slice, fingerprint, paginate

_SWEEP, _STEP = sweep_table.c, step_table.c


class Shard(NamedTuple):
    """One that is computed; ``points`` where they were chosen."""

    first: int
    configs: int
    points: list[Json] | None
    block: bytes
    candle_digest: str
    computed_s: float


async def add(connection: AsyncConnection, sweep_id: str, spec: SweepSpec) -> Sweep:
    base = spec.base
    values = {
        "sweep_id": sweep_id,
        "controller_name": base.controller_name,
        "config": base.config,
        "start_s": base.start_s,
        "end_s": base.end_s,
        "resolution": base.resolution,
        "mode": base.mode,
        "costs": dict(base.costs),
        "min_coverage": base.min_coverage,
        "candles": base.candles,
        "balances": base.balances,
        "funding_rate": base.funding_rate,
        "space": spec.space,
        "method": spec.method,
        "trials": spec.trials,
        "seed": spec.seed,
        "objective": spec.objective,
        "is_largest_best": spec.is_largest_best,
        "split": spec.split.model_dump(),
        "best": spec.best,
        "batch": spec.batch,
        "status": Status.PENDING,
    }
    return sweep_of((await connection.execute(insert(sweep_table).values(values).returning(*_SWEEP))).one())


async def find(connection: AsyncConnection, sweep_id: str) -> Sweep | None:
    row = (await connection.execute(select(*_SWEEP).where(_SWEEP.sweep_id == sweep_id))).one_or_none()
    return None if row is None else sweep_of(row)


async def page(connection: AsyncConnection, status: Status | None, limit: int, cursor: str | None) -> Slice[Sweep]:
    """Newest first."""
    query = select(*_SWEEP)
    if status is not None:
        query = query.where(_SWEEP.status == status)
    mark = fingerprint("backtesting/sweeps", status)
    found = await paginate(connection, query, order=[_SWEEP.id], descending=True, limit=limit, cursor=cursor, mark=mark)
    return Slice([sweep_of(row) for row in found.rows], found.limit, found.next_cursor, found.total)


async def cancel(connection: AsyncConnection, sweep_id: str) -> Sweep | None:
    """None when it has ended already, or there is none."""
    change = (
        update(sweep_table)
        .where(_SWEEP.sweep_id == sweep_id, _SWEEP.status.in_(before(Status.CANCELLED)))
        .values(status=Status.CANCELLED, completed_at=func.now())
        .returning(*_SWEEP)
    )
    row = (await connection.execute(change)).one_or_none()
    return None if row is None else sweep_of(row)


async def remove(connection: AsyncConnection, sweep_id: str) -> bool:
    """With all that was computed; whoever works on it finds nothing to write to."""
    return bool((await connection.execute(delete(sweep_table).where(_SWEEP.sweep_id == sweep_id))).rowcount)


async def shards(connection: AsyncConnection, sweep: int) -> Sequence[Shard]:
    """Those that are computed, in the order of their configs."""
    done = (_STEP.sweep == sweep) & (_STEP.kind == StepKind.SHARD) & (_STEP.status == Status.COMPLETED)
    columns = (_STEP.first, _STEP.configs, _STEP.points, _STEP.block, _STEP.candle_digest, _STEP.computed_s)
    rows = await connection.execute(select(*columns).where(done, _STEP.block.is_not(None)).order_by(_STEP.first))
    return [Shard(row.first, row.configs, row.points, bytes(row.block), *row[4:]) for row in rows]


async def blocks(connection: AsyncConnection, sweep: int) -> Sequence[bytes]:
    """Of what is computed by now, in the order of the configs."""
    done = (_STEP.sweep == sweep) & _STEP.block.is_not(None)
    rows = await connection.execute(select(_STEP.block).where(done).order_by(_STEP.first))
    return [bytes(row.block) for row in rows]
