"""The one place that opens the database."""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from prometheus_client import Gauge
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from aviary_common import tracing
from aviary_common.database.outages import outages_named
from aviary_common.settings import DatabaseSettings

CONNECT_TIMEOUT_S: Final = 3
STATEMENT_TIMEOUT_S: Final = 10
POOL_TIMEOUT_S: Final = 5
USED: Final = Gauge("aviary_database_connections_used", "Connections that are at work, by pool", ["pool"])
SIZE: Final = Gauge("aviary_database_connections_max", "Connections that a pool may open", ["pool"])


class Database:
    """Two pools, one for transactions and one for single statements. Every statement has a deadline; a connection that
    died while idle is replaced unseen, and a database that is away is ``Unavailable``."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self.engine = _open(settings)
        self._single = _open(settings, isolation_level="AUTOCOMMIT")
        for name, engine in (("transaction", self.engine), ("single", self._single)):
            pool = engine.pool
            assert isinstance(pool, QueuePool)  # noqa: S101 - that of every asyncio engine
            USED.labels(name).set_function(pool.checkedout)
            SIZE.labels(name).set(pool.size())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Commit when the block ends, roll back when it raises."""
        with outages_named(), tracing.span("database transaction", "client"):
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def single(self) -> AsyncIterator[AsyncConnection]:
        """Each statement is a transaction of its own: for queries, and for writes that are one statement."""
        with outages_named(), tracing.span("database statement", "client"):
            async with self._single.connect() as connection:
                yield connection

    async def ping(self) -> None:
        async with self.single() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        await self.engine.dispose()
        await self._single.dispose()


def _open(settings: DatabaseSettings, **options: Any) -> AsyncEngine:
    """A pool's connections keep their way of committing: switching it at each use is work, and a caller cancelled in
    between would leave the connection behind."""
    share = max(1, settings.database_pool_size // 2)
    engine = create_async_engine(
        settings.database_url.get_secret_value(),
        pool_size=share,
        max_overflow=0,  # a connection beyond the pool would be opened and closed for each use
        pool_timeout=POOL_TIMEOUT_S,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_S}s -c lock_timeout=5s "
            "-c idle_in_transaction_session_timeout=30s -c timezone=UTC",
        },
        **options,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_dead)
    return engine


def _refuse_dead(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
    """A server says nothing on an idle connection unless it ends it: then something can be read.

    This costs a system call, where asking the server (``pool_pre_ping``) costs a round trip for every use.
    """
    poll = select.poll()
    poll.register(connection.driver_connection.fileno(), select.POLLIN)
    if poll.poll(0):
        raise InvalidatePoolError
