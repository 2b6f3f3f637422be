"""The queries on snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.snapshots.documents import Snapshot
from aviary_accounts.snapshots.intervals import ORIGIN

FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Range:
    """``start`` belongs to it, ``before`` does not; ``scope`` are words of which a snapshot must have one."""

    start: datetime = FIRST
    before: datetime = LAST
    scope: Sequence[str] | None = None


_INSERT: Final = text(
    """
    insert into portfolio_snapshot (taken_at, scope, state, gaps)
    values (:taken_at, :scope, cast(:state as json), cast(:gaps as json)) on conflict do nothing returning taken_at
    """
)
_LATEST: Final = text(
    "select taken_at, scope, state::text, gaps::text from portfolio_snapshot order by taken_at desc limit 1"
)
# One step down the index per bucket: however many snapshots a bucket has, only its newest is looked at.
_SAMPLED: Final = """
    with recursive picked as (
        (select taken_at, 1 as place from portfolio_snapshot
         where taken_at >= :start and taken_at < :before {among} order by taken_at desc limit 1)
        union all
        select older.taken_at, picked.place + 1 from picked cross join lateral (
            select taken_at from portfolio_snapshot
            where taken_at >= :start and taken_at < date_bin(:step, picked.taken_at, :origin) {among}
            order by taken_at desc limit 1
        ) as older
        where picked.place < :limit
    )
    select taken_at, state::text, gaps::text from picked join portfolio_snapshot using (taken_at)
    order by taken_at desc
    """
_BUCKETS: Final = """
    select count(*) from (
        select distinct date_bin(:step, taken_at, :origin) from portfolio_snapshot
        where taken_at >= :start and taken_at < :before {among}
    ) as buckets
    """
_THIN: Final = text(
    """
    delete from portfolio_snapshot where taken_at in (
        select taken_at from portfolio_snapshot as this
        where taken_at < :older_than and exists (
            select from portfolio_snapshot as newer where newer.taken_at > this.taken_at
            and newer.taken_at < date_bin(:step, this.taken_at, :origin) + :step
        )
        order by taken_at limit :batch
    )
    """
)


def _both(statement: str) -> tuple[TextClause, TextClause]:
    """Of everything, and of some of it."""
    return text(statement.format(among="")), text(statement.format(among="and scope && cast(:scope as varchar[])"))


_SAMPLED_ALL, _SAMPLED_SOME = _both(_SAMPLED)
_BUCKETS_ALL, _BUCKETS_SOME = _both(_BUCKETS)


async def add(connection: AsyncConnection, snapshot: Snapshot) -> bool:
    """Whether there was none at that very time."""
    values = {
        "taken_at": snapshot.taken_at,
        "scope": snapshot.scope,
        "state": snapshot.state,
        "gaps": snapshot.gaps,
    }
    return await connection.scalar(_INSERT, values) is not None


async def latest(connection: AsyncConnection) -> Snapshot | None:
    row = (await connection.execute(_LATEST)).one_or_none()
    return None if row is None else Snapshot(*row)


async def sampled(
    connection: AsyncConnection, wanted: Range, step: timedelta, limit: int
) -> Sequence[tuple[datetime, str, str]]:
    """The newest snapshot of each bucket, newest first: when, state and gaps as JSON texts."""
    statement = _SAMPLED_ALL if wanted.scope is None else _SAMPLED_SOME
    rows = await connection.execute(statement, {**_values(wanted, step), "limit": limit})
    return [(taken_at, state, gaps) for taken_at, state, gaps in rows]


async def count_buckets(connection: AsyncConnection, wanted: Range, step: timedelta) -> int:
    statement = _BUCKETS_ALL if wanted.scope is None else _BUCKETS_SOME
    return await connection.scalar(statement, _values(wanted, step)) or 0


async def thin(connection: AsyncConnection, older_than: datetime, step: timedelta, batch: int) -> int:
    """Of old snapshots keep the newest of each bucket; how many of the others are gone now, at most a batch."""
    values = {"older_than": older_than, "step": step, "origin": ORIGIN, "batch": batch}
    return (await connection.execute(_THIN, values)).rowcount


def _values(wanted: Range, step: timedelta) -> dict[str, Any]:
    values: dict[str, Any] = {"start": wanted.start, "before": wanted.before, "step": step, "origin": ORIGIN}
    return values if wanted.scope is None else {**values, "scope": list(wanted.scope)}
