import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from aviary_common.bus import Bus, Event
from aviary_common.context import request_id
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox, outbox_table
from aviary_common.tasks import Tasks
from aviary_local.testing import Servers
from aviary_testing.waiting import eventually

METADATA = MetaData()
TABLE = outbox_table(METADATA)
FACTS = Table("fact", METADATA, Column("number", Integer))


class Counted(Event):
    subject: ClassVar[str] = "aviary.trading.thing.counted"

    run: str
    number: int


class Listener:
    """Everything one durable consumer heard of this run, with the request ids it came with."""

    def __init__(self) -> None:
        self.run = uuid.uuid4().hex
        self.numbers: list[int] = []
        self.request_ids: list[str] = []

    async def hear(self, event: Counted) -> None:
        if event.run == self.run:
            self.numbers.append(event.number)
            self.request_ids.append(request_id.get())


@pytest.fixture
async def outbox(database: Database, trading_bus: Bus) -> AsyncIterator[Outbox]:
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield Outbox(TABLE, database, trading_bus)
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.drop_all)


@pytest.fixture
async def listener(accounts_bus: Bus) -> AsyncIterator[Listener]:
    listening = Listener()
    async with Tasks() as tasks:
        tasks.supervise("listen", lambda: accounts_bus.consume(Counted, listening.hear, name=listening.run))
        yield listening


async def waiting(database: Database) -> int:
    async with database.single() as connection:
        return await connection.scalar(select(func.count()).select_from(TABLE)) or 0


async def test_events_go_out_in_order_with_their_request_id_and_leave_the_table(
    outbox: Outbox, database: Database, listener: Listener
) -> None:
    token = request_id.set("request-7")
    async with Tasks() as tasks:
        tasks.supervise("publish", outbox.publish_forever)
        for number in range(5):
            async with database.transaction() as connection:
                await outbox.add(connection, Counted(run=listener.run, number=number))
        await eventually(lambda: len(listener.numbers) == 5)
        request_id.reset(token)
    assert listener.numbers == [0, 1, 2, 3, 4]
    assert set(listener.request_ids) == {"request-7"}
    assert await waiting(database) == 0


async def test_an_event_beside_a_change_is_written_only_if_there_is_one(outbox: Outbox, database: Database) -> None:
    def change(number: int) -> ReturningUpdate[Any]:
        return update(FACTS).where(FACTS.c.number == number).values(number=number + 1).returning(FACTS.c.number)

    async with database.single() as connection:
        await connection.execute(insert(FACTS).values(number=1))
        changed = [
            (await connection.execute(outbox.beside(change(number), Counted(run="", number=number)))).scalars().all()
            for number in (1, 1, 2)
        ]
    assert changed == [[2], [], [3]]
    async with database.single() as connection:
        assert [row["number"] for row in await connection.scalars(select(TABLE.c.payload).order_by(TABLE.c.id))] == [
            1,
            2,
        ]


async def test_a_rolled_back_fact_is_never_told(outbox: Outbox, database: Database, listener: Listener) -> None:
    with contextlib.suppress(RuntimeError):
        async with database.transaction() as connection:
            await outbox.add(connection, Counted(run=listener.run, number=1))
            raise RuntimeError
    async with database.transaction() as connection:
        await outbox.add(connection, Counted(run=listener.run, number=2))
    async with Tasks() as tasks:
        tasks.supervise("publish", outbox.publish_forever)
        await eventually(lambda: listener.numbers)
    assert listener.numbers == [2]


async def test_several_publishers_tell_each_event_once(
    outbox: Outbox, database: Database, trading_bus: Bus, listener: Listener
) -> None:
    async with Tasks() as tasks:
        for number in range(3):
            tasks.supervise(f"publish-{number}", Outbox(TABLE, database, trading_bus).publish_forever)
        for number in range(300):
            async with database.transaction() as connection:
                await outbox.add(connection, Counted(run=listener.run, number=number))
        await eventually(lambda: len(listener.numbers) >= 300)
    assert listener.numbers == list(range(300))


async def test_what_was_written_while_nats_was_away_is_told_afterwards(
    servers: Servers, outbox: Outbox, database: Database, listener: Listener
) -> None:
    async with Tasks() as tasks:
        tasks.supervise("publish", outbox.publish_forever)
        servers.nats.kill()
        async with database.transaction() as connection:
            await outbox.add(connection, Counted(run=listener.run, number=1))
        servers.nats.start()
        await eventually(lambda: listener.numbers == [1])
        await eventually(lambda: _empty(database))


async def _empty(database: Database) -> bool:
    return await waiting(database) == 0
