"""Records as they are asked for."""

from typing import Any

from sqlalchemy import Row, select

from aviary_common.database import Database
from aviary_common.pagination import Slice, fingerprint, paginate
from aviary_orchestration.bots.payloads import ERROR_LEVEL
from aviary_orchestration.records import samples, store
from aviary_orchestration.records.history import PerformanceHistory, Wanted
from aviary_orchestration.records.schemas import (
    EventOut,
    EventsAnswer,
    SampleOut,
    SamplePageAnswer,
    SamplePages,
    SamplesAnswer,
)
from aviary_orchestration.records.tables import bot_log


class Records:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._history = PerformanceHistory(database)

    async def latest(self, bot_name: str | None) -> SamplesAnswer:
        async with self._database.single() as connection:
            rows = await samples.latest(connection, bot_name)
        return SamplesAnswer(data=[SampleOut.of(row) for row in rows])

    async def history(self, wanted: Wanted, limit: int, cursor: str | None) -> SamplePageAnswer:
        found = await self._history.page(wanted, limit, cursor)
        return SamplePageAnswer(
            data=[SampleOut.of(row) for row in found.rows],
            pagination=SamplePages(**found.pagination.model_dump(), interval=wanted.interval),
            next_cursor=found.next_cursor,
            total=found.total,
        )

    async def messages(self, bot_name: str, topic: str, limit: int) -> EventsAnswer:
        async with self._database.single() as connection:
            rows = await store.events(connection, bot_name, topic, limit)
        return EventsAnswer(data=[EventOut(at=row.heard_at, type=row.type, data=row.data) for row in rows])

    async def lines(self, bot_name: str, limit: int, cursor: str | None, *, errors_only: bool) -> Slice[Row[Any]]:
        query = select(*bot_log.c).where(bot_log.c.bot_name == bot_name)
        if errors_only:
            query = query.where(bot_log.c.level_no >= ERROR_LEVEL)
        async with self._database.single() as connection:
            return await paginate(
                connection,
                query,
                order=[bot_log.c.id],
                descending=True,
                limit=limit,
                cursor=cursor,
                mark=fingerprint("bot-logs", [bot_name, errors_only]),
            )
