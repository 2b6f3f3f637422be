"""The gateway-proxy service with servers of its own, and a stand-in for Hummingbot Gateway behind it."""

import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from sqlalchemy import Engine, create_engine, text

from aviary_common.bus import Bus
from aviary_gateway_proxy.app import create
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_messages.events import (
    TransactionChanged,
    TransactionConfirmed,
    TransactionFailed,
    TransactionSubmitted,
)
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings
from tests.gateway_peer.peer import GatewayPeer

from .trader import PACE, Trader, new_trader

FORGETFUL = {
    "AVIARY_GATEWAY_REQUESTS_PER_MIN": "1000000",
    "AVIARY_GATEWAY_LISTS_MAX_AGE_S": "0",
    "AVIARY_NODE_SEEN_FOR_S": "0",
    "AVIARY_WALLETS_MAX_AGE_S": "0",
    "AVIARY_TRANSACTION_PACE": json.dumps(PACE),
}
"""The stand-in is a new one for every test: what was seen of the one before holds no longer, nor does its budget."""


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with start_servers(tmp_path_factory.mktemp("gateway-proxy-servers")) as running:
        yield running


@pytest.fixture(scope="session")
async def gateway_peer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayPeer]:
    """One process for all tests; ask for ``peer``, which is as new."""
    async with GatewayPeer(tmp_path_factory.mktemp("gateway-peer")) as running:
        yield running


@pytest.fixture
async def peer(gateway_peer: GatewayPeer) -> GatewayPeer:
    """Gateway as it is at its first start: no wallets, fresh chains, nothing asked."""
    await gateway_peer.reset()
    await gateway_peer.limit(1_000_000)
    return gateway_peer


@pytest.fixture(scope="session")
def variables(servers: Servers, gateway_peer: GatewayPeer) -> dict[str, str]:
    """What the app under test is started with."""
    return environment(servers, "gateway-proxy") | FORGETFUL | {"AVIARY_GATEWAY_URL": gateway_peer.url}


@pytest.fixture(scope="session")
async def running_api(variables: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(create, variables) as client:
        yield client


@pytest.fixture
async def api(running_api: httpx.AsyncClient, peer: GatewayPeer) -> httpx.AsyncClient:
    """The service, with a new Gateway behind it."""
    return running_api


@pytest.fixture(scope="session")
async def accounts_bus(servers: Servers, running_api: httpx.AsyncClient) -> AsyncIterator[Bus]:
    """The bus as accounts sees it."""
    bus = await Bus.connect(bus_settings(servers, "accounts"))
    yield bus
    await bus.close()


@pytest.fixture(scope="session")
def records(servers: Servers, running_api: httpx.AsyncClient) -> Iterator[Engine]:
    """The service's database, for tests that write or read it themselves."""
    engine = create_engine(servers.database_url("gateway-proxy"))
    yield engine
    engine.dispose()


@pytest.fixture
async def trader(api: httpx.AsyncClient, peer: GatewayPeer, records: Engine) -> Trader:
    """A wallet with money that has approved everything; on the new chain the first position is number 1 again, so what
    was remembered of the old one is forgotten."""
    with records.begin() as connection:
        connection.execute(text("truncate gateway_transaction, swap, clmm_position, amm_position, position_event"))
    return await new_trader(api, peer)


@pytest.fixture(scope="session")
async def told_events(accounts_bus: Bus) -> list[dict[str, object]]:
    """What the bus has heard of transactions since the first test that asked."""
    heard: list[dict[str, object]] = []

    async def hear(event: TransactionChanged) -> None:
        heard.append(event.model_dump(mode="json"))

    for kind in (TransactionSubmitted, TransactionConfirmed, TransactionFailed):
        await accounts_bus.listen(kind, hear)
    return heard
