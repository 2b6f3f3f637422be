"""The market-data service with servers and a venue of its own: here it alone answers, and nobody else moves prices."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr

from aviary_common.bus import Bus
from aviary_common.cache import Cache, open_cache
from aviary_exchange.settings import ExchangeSettings
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_market_data.app import create
from aviary_market_data.venues import Venues
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings
from aviary_testing.sandbox import Sandbox, running_sandbox

from .venue import Venue

QUIET = {"AVIARY_FEEDS_MAX": "0", "AVIARY_CANDLE_DOWNLOAD_LOOK_S": "3600"}
"""For replicas beside tests that count what the venue is asked: no feeds, and downloads are left to others."""


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with start_servers(tmp_path_factory.mktemp("market-data-servers")) as running:
        yield running


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("market-data-sandbox")) as running:
        yield running


@pytest.fixture(scope="session")
async def still_venue(sandbox: Sandbox) -> AsyncIterator[Venue]:
    """The venue with its flow frozen, and without limits."""
    async with httpx.AsyncClient(base_url=sandbox.url, timeout=10) as client:
        for side in ("spot", "futures"):
            await sandbox.control("POST", "/limits", side=side, weight=10_000_000)
        await sandbox.control("POST", "/freeze")
        yield Venue(sandbox, client)


@pytest.fixture
async def venue(still_venue: Venue) -> AsyncIterator[Venue]:
    yield still_venue
    await still_venue.sandbox.control("DELETE", "/faults")


@pytest.fixture(scope="session")
async def api(servers: Servers, sandbox: Sandbox, still_venue: Venue) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(create, environment(servers, "market-data", sandbox) | QUIET) as client:
        yield client


@pytest.fixture
async def empty_board(servers: Servers) -> AsyncIterator[Cache]:
    """Valkey without anything that replicas of earlier tests told each other."""
    cache = open_cache(SecretStr(servers.valkey_url))
    if keys := [key async for key in cache.scan_iter("market-data:*")]:
        await cache.delete(*keys)
    yield cache
    await cache.aclose()


@asynccontextmanager
async def _replica(servers: Servers, sandbox: Sandbox, **variables: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(create, environment(servers, "market-data", sandbox) | QUIET | variables) as client:
        for connector in ("sandbox", "sandbox_perpetual"):
            assert (await client.get(f"/connectors/{connector}/trading-rules")).status_code == 200
        yield client


@pytest.fixture
async def cold_api(
    servers: Servers, sandbox: Sandbox, venue: Venue, empty_board: Cache
) -> AsyncIterator[httpx.AsyncClient]:
    """A replica that has asked the venue for nothing but its rules."""
    async with _replica(servers, sandbox) as client:
        yield client


@pytest.fixture
async def replicas(
    servers: Servers, sandbox: Sandbox, venue: Venue, empty_board: Cache
) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Two of them, cold, for which prices stay fresh as long as a test takes."""
    lasting = {"AVIARY_PRICE_MAX_AGE_S": "60", "AVIARY_RATE_MAX_AGE_S": "60"}
    async with _replica(servers, sandbox, **lasting) as one, _replica(servers, sandbox, **lasting) as other:
        yield one, other


@pytest.fixture
async def venues(sandbox: Sandbox) -> AsyncIterator[Venues]:
    opened = Venues(ExchangeSettings(base_urls=sandbox.base_urls))
    yield opened
    await opened.close()


@pytest.fixture
async def accounts_bus(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Bus]:
    bus = await Bus.connect(bus_settings(servers, "accounts"))
    yield bus
    await bus.close()
