"""What a running service holds open, opened in order and closed in reverse."""

import os
import socket
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from redis.asyncio import Redis

from aviary_common.cache import open_cache
from aviary_common.figures import Figures
from aviary_common.http.login import Login
from aviary_common.http.probes import Probes
from aviary_common.leases import Leases
from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings
from aviary_common.tasks import Tasks

if TYPE_CHECKING:
    from aviary_common.bus import Bus
    from aviary_common.database import Database


@dataclass(frozen=True)
class Runtime:
    """``open_runtime`` fills it; asking for a part that the service's settings do not mention is a mistake."""

    cache: Redis
    leases: Leases
    tasks: Tasks
    figures: Figures
    _database: "Database | None"
    _bus: "Bus | None"

    @property
    def database(self) -> "Database":
        assert self._database is not None, "this service's settings name no database"  # noqa: S101
        return self._database

    @property
    def bus(self) -> "Bus":
        assert self._bus is not None, "this service's settings name no bus"  # noqa: S101
        return self._bus


@asynccontextmanager
async def open_runtime(
    settings: ServiceSettings, *, login: Login, probes: Probes, migrations: Path | None = None
) -> AsyncIterator[Runtime]:
    """Open what the settings ask for, migrate first, and stop the background tasks before anything is closed.

    What a service does not ask for is not imported either: SQLAlchemy, Alembic and NATS are 30 MB a process.
    """
    async with AsyncExitStack() as stack:
        cache = open_cache(settings.valkey_url)
        stack.push_async_callback(cache.aclose)
        login.connect(cache)
        probes.add("valkey", lambda: cast("Awaitable[object]", cache.ping()))
        database = None
        if isinstance(settings, DatabaseSettings):
            from aviary_common.database import Database

            if migrations is not None:
                from aviary_common.database.migrations import migrate

                await migrate(settings.database_url, migrations)
            database = Database(settings)
            stack.push_async_callback(database.close)
            probes.add("database", database.ping)
        bus = None
        if isinstance(settings, BusSettings):
            from aviary_common.access.directory import Directory
            from aviary_common.bus import Bus

            bus = await Bus.connect(settings)
            stack.push_async_callback(bus.close)
            probes.add("nats", bus.ping)
            bus.register(probes.figures)
            directory = Directory(bus)
            await directory.listen()
            login.ask(directory)
        tasks = await stack.enter_async_context(Tasks())
        leases = Leases(cache, replica_name(settings), settings.lease_ttl_s)
        yield Runtime(cache, leases, tasks, probes.figures, database, bus)


def replica_name(settings: ServiceSettings) -> str:
    return f"{settings.service}@{socket.gethostname()}:{os.getpid()}"
