"""What the service says while its database is away, and that it comes back by itself."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from aviary_accounts.app import create
from aviary_common.bus import Bus
from aviary_common.errors import AviaryError
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_messages.questions import GetCredential
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings
from aviary_testing.sandbox import Sandbox
from aviary_testing.waiting import eventually


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """To break."""
    with start_servers(tmp_path_factory.mktemp("breakable-servers")) as running:
        yield running


@pytest.fixture(scope="module")
async def own_api(own_servers: Servers, sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(create, environment(own_servers, "accounts", sandbox)) as client:
        yield client


@pytest.fixture
async def trading_bus(own_servers: Servers, own_api: httpx.AsyncClient) -> AsyncIterator[Bus]:
    bus = await Bus.connect(bus_settings(own_servers, "trading"))
    yield bus
    await bus.close()


async def test_without_the_database_everything_is_503_by_its_name_until_it_is_back(
    own_api: httpx.AsyncClient, own_servers: Servers, trading_bus: Bus
) -> None:
    assert (await own_api.get("/readyz")).status_code == 200
    own_servers.postgres.stop()
    keys = {"api_key": "abc-def", "api_secret": "abc-def-secret"}
    for method, path, body in (
        ("GET", "/accounts", None),
        ("POST", "/accounts/add-account", {"account_name": "late"}),
        ("POST", "/accounts/add-credential/master_account/sandbox", keys),
        ("POST", "/accounts/delete-credential/master_account/sandbox", None),
        ("POST", "/portfolio/state", {}),
        ("POST", "/portfolio/history", {}),
        ("POST", "/portfolio/distribution", {}),
        ("GET", "/portfolio/accounts-distribution", None),
    ):
        answer = await own_api.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), path
        assert "database" in answer.json()["detail"]
    ready = await own_api.get("/readyz")
    assert (ready.status_code, ready.json()["dependencies"]["database"]) == (503, "down")

    own_servers.postgres.start()
    await eventually(lambda: is_ready(own_api))
    assert (await own_api.get("/accounts")).json() == ["master_account"]


async def test_without_the_database_another_service_hears_that_it_is_away(
    own_servers: Servers, trading_bus: Bus
) -> None:
    own_servers.postgres.stop()
    try:
        with pytest.raises(AviaryError) as caught:
            await trading_bus.ask(GetCredential(account_name="master_account", connector_name="sandbox"), deadline_s=10)
    finally:
        own_servers.postgres.start()
    assert caught.value.status == 503
    assert "database" in caught.value.detail


async def is_ready(api: httpx.AsyncClient) -> bool:
    return (await api.get("/readyz")).status_code == 200
