"""One stack for all of these tests; each test trades on an account and with keys of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from docker import DockerClient

from aviary_orchestration.engine.containers import INSTALLATION, installation_of
from aviary_testing.bots import engine
from aviary_testing.bots.image import image as make_image
from tests.compose.stack import ContainerStack, installation
from tests.e2e.trader import Trader, new_trader
from tests.gateway_peer.peer import GatewayPeer
from tests.stack import Stack, running_stack

NO_LIMITS = {"side": "spot", "weight": 10_000_000, "orders": {"10S": 10_000_000, "1D": 100_000_000}}

NewTrader = Callable[[], Awaitable[Trader]]


@pytest.fixture(scope="session")
def docker_client() -> Iterator[DockerClient | None]:
    """None when no engine answers."""
    client = engine.connect()
    yield client
    if client is not None:
        client.close()


@pytest.fixture(scope="session")
def gateway_peer(tmp_path_factory: pytest.TempPathFactory) -> GatewayPeer:
    """Where the stack looks for Gateway; nobody is there before a test starts it."""
    return GatewayPeer(tmp_path_factory.mktemp("gateway-peer"))


@pytest.fixture(scope="session")
def stack(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    docker_client: DockerClient | None,
    gateway_peer: GatewayPeer,
) -> Iterator[Stack | ContainerStack]:
    """No container of its bots is left afterwards."""
    settings = _settings(docker_client) | {"AVIARY_GATEWAY_REQUESTS_PER_MIN": "1000000"}
    start = _containers if request.config.getoption("--containers") else _processes
    with start(tmp_path_factory.mktemp("stack"), settings, gateway_peer) as running:
        yield running
        if docker_client is not None:
            marked = {"label": f"{INSTALLATION}={installation_of(running.bots)}"}
            for container in docker_client.containers.list(all=True, filters=marked):
                container.remove(force=True)


@contextmanager
def _processes(home: Path, settings: Mapping[str, str], peer: GatewayPeer) -> Iterator[Stack]:
    with running_stack(home, settings={**settings, "AVIARY_GATEWAY_URL": peer.url}) as running:
        yield running


@contextmanager
def _containers(home: Path, settings: Mapping[str, str], peer: GatewayPeer) -> Iterator[ContainerStack]:
    with installation(home, {"COMPOSE_PROJECT_NAME": "aviary-client"}) as running:
        running.up()
        peer.host = running.of_this_machine("edge")
        running.set(**settings, AVIARY_GATEWAY_URL=peer.url)
        yield running


def _settings(docker: DockerClient | None) -> dict[str, str]:
    """A bot is deployed from the tests' image when none is named."""
    return {} if docker is None else {"AVIARY_BOT_IMAGE": make_image(docker)}


@pytest.fixture(scope="session")
def bot_image(docker_client: DockerClient | None) -> str:
    if docker_client is None:
        pytest.skip(f"no Docker engine answers at {engine.address()}")
    return make_image(docker_client)


@pytest.fixture(scope="session")
async def client(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """Logged in, through the edge."""
    async with httpx.AsyncClient(base_url=stack.url, auth=stack.login, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
async def stranger(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """Without a login."""
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
async def venue(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """The sandbox exchange itself, at its own port, with its control plane."""
    async with httpx.AsyncClient(base_url=stack.sandbox_url, timeout=10) as client:
        yield client


@pytest.fixture
async def trader(client: httpx.AsyncClient, venue: httpx.AsyncClient) -> AsyncIterator[Trader]:
    """With the venue's limits on requests out of the way. Its account goes with the test: our own budget for the
    venue is shared by all."""
    (await venue.post("/sandbox/limits", json=NO_LIMITS)).raise_for_status()
    trader = await new_trader(client, venue)
    yield trader
    await client.post("/accounts/delete-account", params={"account_name": trader.account})
