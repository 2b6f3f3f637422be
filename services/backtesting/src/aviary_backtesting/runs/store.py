"""The queries on runs, as those see them who ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_backtesting.results import large
from aviary_backtesting.runs.run import Kind, Run, run_of
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.runs.states import Status, before
from aviary_backtesting.runs.tables import part_table, run_table
from aviary_common.database.outbox import Told, unannounced
from aviary_common.pagination import Slice, fingerprint, paginate


@dataclass(frozen=True)
class Filter:
    """What is ``None`` does not matter."""

    status: Status | None = None
    controller_name: str | None = None
    kind: Kind | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = {"status": self.status, "controller_name": self.controller_name, "kind": self.kind}
        return [run_table.c[name] == value for name, value in wanted.items() if value is not None]


async def add(connection: AsyncConnection, run_id: str, kind: Kind, spec: RunSpec, told: Told = unannounced) -> Run:
    """It waits for a worker from now on. ``told`` puts an event beside it."""
    values = {
        "run_id": run_id,
        "kind": kind,
        "controller_name": spec.controller_name,
        "config": spec.config,
        "start_s": spec.start_s,
        "end_s": spec.end_s,
        "resolution": spec.resolution,
        "mode": spec.mode,
        "costs": dict(spec.costs),
        "min_coverage": spec.min_coverage,
        "candles": spec.candles,
        "source": spec.source,
        "balances": spec.balances,
        "funding_rate": spec.funding_rate,
        "status": Status.PENDING,
    }
    change = insert(run_table).values(values).returning(*run_table.c)
    return run_of((await connection.execute(told(change))).one())


async def find(connection: AsyncConnection, run_id: str) -> Run | None:
    row = (await connection.execute(select(*run_table.c).where(run_table.c.run_id == run_id))).one_or_none()
    return None if row is None else run_of(row)


async def newest(connection: AsyncConnection, wanted: Filter, limit: int) -> Sequence[Run]:
    query = select(*run_table.c).where(*wanted.conditions()).order_by(run_table.c.id.desc()).limit(limit)
    return [run_of(row) for row in await connection.execute(query)]


async def page(connection: AsyncConnection, wanted: Filter, limit: int, cursor: str | None) -> Slice[Run]:
    """Newest first."""
    mark = fingerprint("backtesting/runs", [wanted.status, wanted.controller_name, wanted.kind])
    query = select(*run_table.c).where(*wanted.conditions())
    found = await paginate(
        connection, query, order=[run_table.c.id], descending=True, limit=limit, cursor=cursor, mark=mark
    )
    return Slice([run_of(row) for row in found.rows], found.limit, found.next_cursor, found.total)


async def cancel(connection: AsyncConnection, run_id: str) -> Run | None:
    """None when it has ended already, or there is none."""
    change = (
        update(run_table)
        .where(run_table.c.run_id == run_id, run_table.c.status.in_(before(Status.CANCELLED)))
        .values(status=Status.CANCELLED, completed_at=func.now(), phase=None)
        .returning(*run_table.c)
    )
    row = (await connection.execute(change)).one_or_none()
    return None if row is None else run_of(row)


async def remove(connection: AsyncConnection, run_id: str) -> bool:
    """With its result; whoever works on it finds nothing to write to."""
    return bool((await connection.execute(delete(run_table).where(run_table.c.run_id == run_id))).rowcount)


async def part(connection: AsyncConnection, run: int, name: str) -> bytes | None:
    return await large.read(connection, part_table.c.content, part_table.c.run == run, part_table.c.name == name)
