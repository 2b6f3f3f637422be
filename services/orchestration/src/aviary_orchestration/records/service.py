"""Records as they are asked for."""

from typing import Final

from aviary_common.database import Database
from aviary_orchestration.bots import topics
from aviary_orchestration.records import store
from aviary_orchestration.records.history import PerformanceHistory, Wanted
from aviary_orchestration.records.schemas import (
    EventOut,
    EventsAnswer,
    SampleOut,
    SamplePageAnswer,
    SamplePages,
    SamplesAnswer,
)

TOPICS: Final = {"events": topics.EVENTS, "notifications": topics.NOTIFY}


class Records:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._history = PerformanceHistory(database)

    async def latest(self, bot_name: str | None) -> SamplesAnswer:
        async with self._database.single() as connection:
            rows = await store.latest_samples(connection, bot_name)
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
            rows = await store.events(connection, bot_name, TOPICS[topic], limit)
        return EventsAnswer(data=[EventOut(at=row.heard_at, type=row.type, data=row.data) for row in rows])
