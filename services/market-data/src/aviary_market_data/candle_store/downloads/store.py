"""The queries on downloads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypedDict

import orjson
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.pagination import Slice, fingerprint, paginate
from aviary_market_data.candle_store.downloads.tables import download_table
from aviary_market_data.candle_store.files import Series
from aviary_market_data.candle_store.spans import Gap, Span


class State(StrEnum):
    """QUEUED to RUNNING to one of the others, which are for good; either of the first two to CANCELLED."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (State.QUEUED, State.RUNNING)


class StoredGap(TypedDict):
    start_s: int
    end_s: int
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A span of a series to be stored; ``to_now`` when its end is where it happened to be asked for."""

    series: Series
    span: Span
    to_now: bool
    total: int


@dataclass(frozen=True, slots=True)
class Download:
    id: int
    series: Series
    span: Span
    state: State
    done: int
    total: int
    position_s: int
    gaps: Sequence[Gap]
    error: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    position_s: int
    gaps: Sequence[Gap]
    error: str | None = None


MAX_GAPS: Final = 100
"""Told with a download; the catalogue has all."""

_COLUMNS: Final = (
    "id, connector, trading_pair, interval, start_s, end_s, state, done, total, position_s, gaps, error,"
    " created_at, updated_at"
)
_ADD: Final = text(
    f"""
    insert into candle_download
    (connector, trading_pair, interval, start_s, end_s, wanted_end_s, state, done, total, position_s, gaps)
    values (:connector, :trading_pair, :interval, :start_s, :end_s, :wanted_end_s, 'queued', 0, :total, :start_s, '[]')
    on conflict (connector, trading_pair, interval, start_s, wanted_end_s) where state in ('queued', 'running')
    do nothing returning {_COLUMNS}
    """  # noqa: S608 - constants only
)
_SAME: Final = text(
    f"""
    select {_COLUMNS} from candle_download where connector = :connector and trading_pair = :trading_pair
    and interval = :interval and start_s = :start_s and wanted_end_s = :wanted_end_s and state in ('queued', 'running')
    """  # noqa: S608
)
_GET: Final = text(f"select {_COLUMNS} from candle_download where id = :id")  # noqa: S608
_UNFINISHED: Final = text("select id from candle_download where state in ('queued', 'running') order by id")
_PROGRESS: Final = text(
    """
    update candle_download set state = 'running', done = :done, position_s = :position_s,
    gaps = cast(:gaps as jsonb), error = :error, updated_at = now()
    where id = :id and state in ('queued', 'running') returning id
    """
)
_END: Final = text(
    f"""
    update candle_download set state = :state, error = :error, updated_at = now()
    where id = :id and state in ('queued', 'running') returning {_COLUMNS}
    """  # noqa: S608
)


async def add(connection: AsyncConnection, wanted: Wanted) -> Download:
    """The unfinished one for the same series and range, or a new one."""
    values = {
        "connector": wanted.series.connector,
        "trading_pair": wanted.series.trading_pair,
        "interval": wanted.series.interval,
        "start_s": wanted.span.start_s,
        "end_s": wanted.span.end_s,
        "wanted_end_s": 0 if wanted.to_now else wanted.span.end_s,
        "total": wanted.total,
    }
    while True:
        for statement in (_ADD, _SAME):
            if (row := (await connection.execute(statement, values)).one_or_none()) is not None:
                return _download(row)


async def get(connection: AsyncConnection, download_id: int) -> Download | None:
    row = (await connection.execute(_GET, {"id": download_id})).one_or_none()
    return None if row is None else _download(row)


async def unfinished(connection: AsyncConnection) -> list[int]:
    return list((await connection.scalars(_UNFINISHED)).all())


async def note(connection: AsyncConnection, download_id: int, progress: Progress) -> bool:
    """Whether it is still wanted."""
    values = {
        "id": download_id,
        "done": progress.done,
        "position_s": progress.position_s,
        "gaps": orjson.dumps([_stored(gap) for gap in progress.gaps[:MAX_GAPS]]).decode(),
        "error": progress.error,
    }
    return (await connection.execute(_PROGRESS, values)).one_or_none() is not None


async def end(connection: AsyncConnection, download_id: int, state: State, error: str | None = None) -> Download | None:
    """``None`` when it had ended before."""
    row = (await connection.execute(_END, {"id": download_id, "state": state.value, "error": error})).one_or_none()
    return None if row is None else _download(row)


async def page(connection: AsyncConnection, limit: int, cursor: str | None) -> Slice[Download]:
    """Newest first."""
    found = await paginate(
        connection,
        select(*download_table.c),
        order=[download_table.c.id],
        descending=True,
        limit=limit,
        cursor=cursor,
        mark=fingerprint("market-data/downloads"),
    )
    return Slice([_download(row) for row in found.rows], found.limit, found.next_cursor, found.total)


def _stored(gap: Gap) -> StoredGap:
    return {"start_s": gap.span.start_s, "end_s": gap.span.end_s, "reason": gap.reason}


def _download(row: Row[Any]) -> Download:
    return Download(
        row.id,
        Series(row.connector, row.trading_pair, row.interval),
        Span(row.start_s, row.end_s),
        State(row.state),
        row.done,
        row.total,
        row.position_s,
        [Gap(Span(gap["start_s"], gap["end_s"]), gap["reason"]) for gap in row.gaps],
        row.error,
        row.created_at,
        row.updated_at,
    )
