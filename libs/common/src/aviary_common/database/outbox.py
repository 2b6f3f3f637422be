"""Events are written beside the facts they tell, in the same transaction, and published afterwards.

A row leaves the table when JetStream has acknowledged it; until then it is sent again with the same message id, which
JetStream drops as a duplicate (within two minutes) and consumers tolerate always.
"""

import asyncio
import uuid
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.bus import Bus, Event
from aviary_common.context import request_id
from aviary_common.database.engine import Database

BATCH: Final = 200
IDLE_POLL_S: Final = 1.0


def outbox_table(metadata: MetaData) -> Table:
    """The table as every service that publishes declares it."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("message_id", UUID(as_uuid=True), nullable=False, unique=True),
        Column("subject", String, nullable=False),
        Column("payload", JSONB, nullable=False),
        Column("request_id", String, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


class Outbox:
    def __init__(self, table: Table, database: Database, bus: Bus) -> None:
        self._table = table
        self._database = database
        self._bus = bus
        self._written = asyncio.Event()

    async def add(self, connection: AsyncConnection, *events: Event) -> None:
        """Write events in the caller's transaction. They go out soon after it commits, never if it rolls back."""
        if not events:
            return
        rows = [
            {
                "message_id": uuid.uuid4(),
                "subject": event.subject,
                "payload": event.model_dump(mode="json"),
                "request_id": request_id.get(),
            }
            for event in events
        ]
        await connection.execute(insert(self._table), rows)
        self._written.set()

    async def publish_forever(self) -> None:
        """The background task of every replica; at any time one of them publishes, in the order of writing."""
        while True:
            self._written.clear()
            while await self._publish_batch() == BATCH:
                pass
            try:
                async with asyncio.timeout(IDLE_POLL_S):
                    await self._written.wait()
                # `add` runs before its transaction commits: give the commit a moment before looking.
                await asyncio.sleep(0.002)
            except TimeoutError:
                continue

    async def _publish_batch(self) -> int:
        async with self._database.transaction() as connection:
            return await self._publish_rows(connection)

    async def _publish_rows(self, connection: AsyncConnection) -> int:
        table = self._table
        locked = await connection.scalar(
            text("select pg_try_advisory_xact_lock(hashtext(current_schema() || '/outbox'))")
        )
        if not locked:
            return 0
        rows = (await connection.execute(select(table).order_by(table.c.id).limit(BATCH))).all()
        for row in rows:
            await self._bus.publish(row.subject, row.payload, message_id=str(row.message_id), request=row.request_id)
        if rows:
            await connection.execute(delete(table).where(table.c.id.in_([row.id for row in rows])))
        return len(rows)
