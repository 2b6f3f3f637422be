"""Events are written beside the facts they tell, in the same transaction, and published afterwards.

A row leaves the table when JetStream has acknowledged it; until then it is sent again with the same message id, which
JetStream drops as a duplicate (within two minutes) and consumers tolerate always.
"""

import asyncio
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import Any, Final

import orjson
from prometheus_client import Gauge, Histogram
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Executable,
    Identity,
    MetaData,
    Row,
    Select,
    String,
    Table,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningDelete, ReturningInsert, ReturningUpdate

from aviary_common import tracing
from aviary_common.bus import Bus, Event
from aviary_common.context import request_id
from aviary_common.database.engine import Database
from aviary_common.figures import Figures, Reading
from aviary_common.timestamps import utc_now

BATCH: Final = 200
IDLE_POLL_S: Final = 1.0
GATHER_S: Final = 0.01
COUNTED_MAX: Final = 10_000
"""Counting more would take as long as publishing them."""
WAITING: Final = Gauge("aviary_outbox_events", f"Events written and not published yet, counted up to {COUNTED_MAX}")
OLDEST: Final = Gauge("aviary_outbox_oldest_age_seconds", "Age of the oldest event that is not published yet")
DELAY: Final = Histogram(
    "aviary_outbox_delay_seconds",
    "From the writing of an event to its publication",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300),
)

_WRITE: Final = text(
    """
    insert into outbox (message_id, subject, payload, request_id)
    select gen_random_uuid(), :subject, message -> 1, message ->> 0
    from json_array_elements(cast(:messages as json)) as message
    """
)

Change = ReturningInsert[Any] | ReturningUpdate[Any]
Told = Callable[[Change], Executable]
"""From a change to the statement that makes it and tells of it."""


def unannounced(change: Change) -> Executable:
    return change


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
        Column("traceparent", String),
    )


class Outbox:
    def __init__(self, table: Table, database: Database, bus: Bus) -> None:
        self._table = table
        self._database = database
        self._bus = bus
        self._taken = _take(table)
        self._written = asyncio.Event()

    async def add(self, connection: AsyncConnection, *events: Event) -> None:
        """Write events in the caller's transaction. They go out soon after it commits, never if it rolls back."""
        if events:
            await connection.execute(insert(self._table), [_row(event) for event in events])
            self._written.set()

    def beside(self, change: Change, event: Event) -> Select[Any]:
        """One statement that makes the change and returns its rows, and writes the event if there are any; call
        ``wake`` when it is done."""
        changed, row = change.cte("changed"), _row(event)
        values = [literal(value, self._table.c[name].type) for name, value in row.items()]
        told = insert(self._table).from_select(list(row), select(*values).where(exists().select_from(changed)))
        return select(*changed.c).add_cte(told.cte("told"))

    def entries(self, *events: Event) -> list[dict[str, Any]]:
        """Rows for a statement that writes a change and its events at once; call ``wake`` when it is done."""
        return [_row(event) for event in events]

    async def write(self, subject: str, messages: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Write messages that go with no change, each with its request's id, in one statement that has one form
        whatever their number."""
        values = {"subject": subject, "messages": orjson.dumps(messages).decode()}
        async with self._database.single() as connection:
            await connection.execute(_WRITE, values)
        self._written.set()

    def wake(self) -> None:
        """There is something to publish."""
        self._written.set()

    def register(self, figures: Figures) -> None:
        """How much waits, whenever somebody asks."""
        figures.add("outbox", self._look)

    async def _look(self) -> Iterable[Reading]:
        some = select(self._table.c.id).limit(COUNTED_MAX).subquery()
        first = select(self._table.c.created_at).order_by(self._table.c.id).limit(1).scalar_subquery()
        age_s = func.coalesce(func.extract("epoch", func.now() - first), 0)
        async with self._database.single() as connection:
            count, oldest_s = (await connection.execute(select(func.count(), age_s).select_from(some))).one()
        return [Reading(WAITING, (), count), Reading(OLDEST, (), max(0.0, float(oldest_s)))]

    async def publish_forever(self) -> None:
        """The background task of every replica; at any time one of them publishes, in the order of writing."""
        while True:
            self._written.clear()
            while await self._publish_batch() == BATCH:
                pass
            try:
                async with asyncio.timeout(IDLE_POLL_S):
                    await self._written.wait()
                # `add` runs before its transaction commits; what others write meanwhile goes out together.
                await asyncio.sleep(GATHER_S)
            except TimeoutError:
                continue

    async def _publish_batch(self) -> int:
        """Rows are gone when the transaction commits, which it does once all of them are stored in JetStream."""
        async with self._database.transaction() as connection:
            rows = (await connection.execute(self._taken)).all()
            for row in sorted(rows, key=_by_id):
                await self._publish(row)
            return len(rows)

    async def _publish(self, row: Row[Any]) -> None:
        parent = tracing.root(f"publish {row.subject}", "producer", row.traceparent)
        with parent if row.traceparent else nullcontext():
            await self._bus.publish(row.subject, row.payload, message_id=str(row.message_id), request=row.request_id)
        DELAY.observe(max(0.0, (utc_now() - row.created_at).total_seconds()))


def _row(event: Event) -> dict[str, Any]:
    return {
        "message_id": uuid.uuid4(),
        "subject": event.subject,
        "payload": event.model_dump(mode="json"),
        "request_id": request_id.get(),
        "traceparent": tracing.parent(),
    }


def _take(table: Table) -> ReturningDelete[Any]:
    """Take the oldest rows, unless another replica is at it."""
    alone = func.pg_try_advisory_xact_lock(func.hashtext(func.current_schema() + "/outbox"))
    turn = select(alone.label("mine")).cte("turn").prefix_with("MATERIALIZED", dialect="postgresql")
    oldest = select(table.c.id).where(select(turn.c.mine).scalar_subquery()).order_by(table.c.id).limit(BATCH)
    return delete(table).where(table.c.id.in_(oldest)).returning(*table.c)


def _by_id(row: Row[Any]) -> int:
    return int(row.id)
