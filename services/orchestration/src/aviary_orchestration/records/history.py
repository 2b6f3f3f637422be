"""Samples of performance, newest first, the newest of each interval, by pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.database import Database
from aviary_common.errors import BadRequest
from aviary_common.pagination import Cursor, Slice, decode_cursor, fingerprint, paginate
from aviary_orchestration.records import samples
from aviary_orchestration.records.intervals import step_of
from aviary_orchestration.records.samples import ABOVE_ALL, LAST, ORIGIN, Place, Range
from aviary_orchestration.records.tables import controller_performance

FINEST: Final = "5m"
"""What is sampled: nothing to leave out."""


@dataclass(frozen=True)
class Wanted:
    """``start`` and ``end`` belong to it."""

    bot_name: str | None
    controller_id: str | None
    start: datetime | None
    end: datetime | None
    interval: str

    @property
    def range(self) -> Range:
        before = min(self.end or LAST, LAST - timedelta(seconds=1)) + timedelta(microseconds=1)
        return Range(self.bot_name, self.controller_id, self.start or samples.FIRST, before)

    def query(self) -> Select[Any]:
        """All of them."""
        columns, within = controller_performance.c, self.range
        query = select(*columns).where(columns.at >= within.start, columns.at < within.before)
        if self.bot_name is not None:
            query = query.where(columns.bot_name == self.bot_name)
        if self.controller_id is not None:
            query = query.where(columns.controller_id == self.controller_id)
        return query


class PerformanceHistory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: Wanted, limit: int, cursor: str | None) -> Slice[Row[Any]]:
        step = step_of(wanted.interval)
        mark = fingerprint("controller-performance", vars(wanted))
        async with self._database.single() as connection:
            if wanted.interval != FINEST:
                return await _sampled(connection, wanted.range, step, limit, decode_cursor(cursor, mark), mark)
            return await paginate(
                connection,
                wanted.query(),
                order=[controller_performance.c.at, controller_performance.c.id],
                descending=True,
                limit=limit,
                cursor=cursor,
                mark=mark,
            )


async def _sampled(
    connection: AsyncConnection, wanted: Range, step: timedelta, limit: int, cursor: Cursor | None, mark: str
) -> Slice[Row[Any]]:
    total = cursor.total if cursor else await samples.count(connection, wanted, step)
    below = _place(cursor) if cursor else ABOVE_ALL
    rows = await samples.sampled(connection, _down_from(below, wanted, step), step, below, limit + 1)
    kept = rows[:limit]
    last = [kept[-1].at, kept[-1].id] if len(rows) > limit else None
    return Slice(kept, limit, Cursor(mark, total, last).encode() if last else None, total)


def _place(cursor: Cursor) -> Place:
    try:
        at, place = cursor.key
        return Place(datetime.fromisoformat(at), int(place))
    except (TypeError, ValueError) as error:
        raise BadRequest("cursor is not one of ours", code="bad_cursor") from error


def _down_from(below: Place, wanted: Range, step: timedelta) -> Range:
    """From the end of the interval that the last page ended in: which of its samples are the newest is as it was."""
    if below is ABOVE_ALL:
        return wanted
    try:
        end = below.at - (below.at - ORIGIN) % step + step
    except (OverflowError, TypeError) as error:
        raise BadRequest("cursor is not one of ours", code="bad_cursor") from error
    return Range(wanted.bot_name, wanted.controller_id, wanted.start, min(wanted.before, end))
