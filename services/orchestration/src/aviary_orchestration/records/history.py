"""Samples of performance, newest first, the newest of each interval, by pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Float, Integer, Row, Select, cast, func, select

from aviary_common.database import Database
from aviary_common.pagination import Slice, fingerprint, paginate
from aviary_orchestration.records.intervals import seconds_of
from aviary_orchestration.records.tables import controller_performance

FINEST: Final = "5m"
"""What is sampled: nothing to leave out."""


@dataclass(frozen=True)
class Wanted:
    bot_name: str | None
    controller_id: str | None
    start: datetime | None
    end: datetime | None
    interval: str

    def query(self) -> Select[Any]:
        columns = controller_performance.c
        query = select(*columns)
        if self.bot_name is not None:
            query = query.where(columns.bot_name == self.bot_name)
        if self.controller_id is not None:
            query = query.where(columns.controller_id == self.controller_id)
        if self.start is not None:
            query = query.where(columns.at >= self.start)
        if self.end is not None:
            query = query.where(columns.at <= self.end)
        step_s = seconds_of(self.interval)
        if self.interval == FINEST:
            return query
        bucket = cast(func.floor(cast(func.extract("epoch", columns.at), Float) / step_s), Integer)
        newest = query.distinct(columns.bot_name, columns.controller_id, bucket).order_by(
            columns.bot_name, columns.controller_id, bucket, columns.at.desc(), columns.id.desc()
        )
        return select(*columns).where(columns.id.in_(select(newest.subquery().c.id)))


class PerformanceHistory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: Wanted, limit: int, cursor: str | None) -> Slice[Row[Any]]:
        columns = controller_performance.c
        async with self._database.single() as connection:
            return await paginate(
                connection,
                wanted.query(),
                order=[columns.at, columns.id],
                descending=True,
                limit=limit,
                cursor=cursor,
                mark=fingerprint("controller-performance", vars(wanted)),
            )
