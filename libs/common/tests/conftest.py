from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from aviary_common.bus import Bus
from aviary_common.cache import open_cache
from aviary_common.database import Database
from aviary_common.settings import DatabaseSettings
from aviary_local.testing import Servers
from aviary_testing.buses import bus_settings


@pytest.fixture
async def cache(servers: Servers) -> AsyncIterator[Redis]:
    client = open_cache(SecretStr(servers.valkey_url))
    yield client
    await client.flushdb()
    await client.aclose()


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    opened = Database(DatabaseSettings(database_url=SecretStr(servers.database_url("backtesting"))))
    yield opened
    await opened.close()


@pytest.fixture
async def accounts_bus(servers: Servers) -> AsyncIterator[Bus]:
    bus = await Bus.connect(bus_settings(servers, "accounts"))
    yield bus
    await bus.close()


@pytest.fixture
async def trading_bus(servers: Servers) -> AsyncIterator[Bus]:
    bus = await Bus.connect(bus_settings(servers, "trading"))
    yield bus
    await bus.close()
