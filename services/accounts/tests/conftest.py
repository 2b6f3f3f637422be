"""The accounts service with servers of its own, for here it alone answers for accounts; its neighbours are played."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import httpx
import pytest
from pydantic import SecretStr

from aviary_accounts.app import create
from aviary_common.bus import Bus, Event
from aviary_common.database import Database
from aviary_common.settings import DatabaseSettings
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_messages.events import CredentialAdded, CredentialRemoved
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings
from aviary_testing.sandbox import Sandbox

from .logins import Logins
from .neighbours import GatewayProxy, MarketData, Trading


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with start_servers(tmp_path_factory.mktemp("accounts-servers")) as running:
        yield running


@pytest.fixture(scope="session")
async def api(servers: Servers, sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """Without snapshots of its own accord, which would ask the neighbours between a test's questions."""
    quiet = {"AVIARY_SNAPSHOT_EVERY_S": "0"}
    async with running_app(create, {**environment(servers, "accounts", sandbox), **quiet}) as client:
        yield client


@pytest.fixture(scope="session")
async def listener(servers: Servers) -> AsyncIterator[Bus]:
    """The bus as trading sees it."""
    bus = await Bus.connect(bus_settings(servers, "trading"))
    yield bus
    await bus.close()


@pytest.fixture(scope="session")
async def told(api: httpx.AsyncClient, listener: Bus) -> AsyncIterator[list[Event]]:
    """What the service has told about credentials, as it arrives."""
    seen: list[Event] = []

    async def remember(event: Event) -> None:
        seen.append(event)

    consuming = [
        asyncio.create_task(listener.consume(kind, remember, name=f"test-{kind.__name__}"))
        for kind in (CredentialAdded, CredentialRemoved)
    ]
    yield seen
    for task in consuming:
        task.cancel()
    await asyncio.gather(*consuming, return_exceptions=True)


@pytest.fixture(scope="session")
async def database(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Database]:
    """The service's own tables."""
    opened = Database(DatabaseSettings(database_url=SecretStr(servers.database_url("accounts"))))
    yield opened
    await opened.close()


@pytest.fixture
async def new_account(api: httpx.AsyncClient) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """Accounts that are gone after the test."""
    names = []

    async def add() -> str:
        name = f"acc-{secrets.token_hex(6)}"
        names.append(name)
        answer = await api.post("/accounts/add-account", json={"account_name": name})
        assert answer.status_code == 201, answer.text
        return name

    yield add
    for name in names:
        assert (await api.post("/accounts/delete-account", json={"account_name": name})).status_code in {200, 404}


@pytest.fixture
async def account(new_account: Callable[[], Awaitable[str]]) -> str:
    return await new_account()


@pytest.fixture
def api_key() -> str:
    """A venue account of the test's own."""
    return f"key-{secrets.token_hex(8)}"


@pytest.fixture
async def connect(api: httpx.AsyncClient) -> Callable[..., Awaitable[None]]:
    """Give an account good credentials."""

    async def add(account: str, connector: str = "sandbox") -> None:
        key = f"key-{secrets.token_hex(8)}"
        body = {"api_key": key, "api_secret": f"{key}-secret"}
        answer = await api.post(f"/accounts/add-credential/{account}/{connector}", json=body)
        assert answer.status_code == 201, answer.text

    return add


@pytest.fixture
async def trading(servers: Servers) -> AsyncIterator[Trading]:
    """Trading, answering with the balances that the test gives it."""
    bus = await Bus.connect(bus_settings(servers, "trading"))
    played = await Trading.on(bus)
    yield played
    await bus.close()


@pytest.fixture
async def market_data(servers: Servers) -> AsyncIterator[MarketData]:
    """Market-data, answering with the prices that the test gives it."""
    bus = await Bus.connect(bus_settings(servers, "market-data"))
    played = await MarketData.on(bus)
    yield played
    await bus.close()


@pytest.fixture
async def gateway_proxy(servers: Servers) -> AsyncIterator[GatewayProxy]:
    """Gateway-proxy, answering with the wallets that the test gives it."""
    bus = await Bus.connect(bus_settings(servers, "gateway-proxy"))
    played = await GatewayProxy.on(bus)
    yield played
    await bus.close()


@pytest.fixture
async def logins(api: httpx.AsyncClient) -> AsyncIterator[Logins]:
    made = Logins(api)
    yield made
    await made.remove()
