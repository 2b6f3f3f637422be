"""The one place that opens the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from aviary_common.database.outages import outages_named
from aviary_common.settings import DatabaseSettings

CONNECT_TIMEOUT_S: Final = 3
STATEMENT_TIMEOUT_S: Final = 10
POOL_TIMEOUT_S: Final = 5


class Database:
    """A pool of connections. Every statement has a deadline; a connection that died is replaced unseen, and
    a database that is away is ``Unavailable``."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self.engine = create_async_engine(
            settings.database_url.get_secret_value(),
            pool_size=settings.database_pool_size,
            max_overflow=settings.database_pool_size,
            pool_timeout=POOL_TIMEOUT_S,
            pool_pre_ping=True,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            connect_args={
                "connect_timeout": CONNECT_TIMEOUT_S,
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT_S}s -c lock_timeout=5s "
                "-c idle_in_transaction_session_timeout=30s -c timezone=UTC",
            },
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Commit when the block ends, roll back when it raises."""
        with outages_named():
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """For queries only: nothing is committed, and no transaction outlives the block."""
        with outages_named():
            async with self.engine.connect() as connection:
                yield connection

    async def ping(self) -> None:
        async with self.reading() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        await self.engine.dispose()
