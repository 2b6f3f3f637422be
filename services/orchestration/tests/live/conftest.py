"""The whole service with an engine, real containers, the broker and its edge; only the accounts service is played."""

import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from docker import DockerClient
from docker.errors import NotFound as NoContainer
from pydantic import SecretStr

from aviary_common.bus import Bus
from aviary_common.vault import Vault
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_messages.events import BotFailed
from aviary_messages.questions import GetCredential, ListCredentials
from aviary_orchestration.app import create
from aviary_orchestration.engine.containers import INSTALLATION, installation_of
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.mqtt_edge.app import create as create_edge
from aviary_testing.accounts import Accounts
from aviary_testing.apps import environment, running_app
from aviary_testing.bots import engine
from aviary_testing.bots.image import image as make_image
from aviary_testing.buses import bus_settings
from aviary_testing.gateway_image.image import image as make_gateway_image

from .bots import Bots
from .containers import Containers
from .gate import Gate

GATEWAY_NAME = f"gateway-{secrets.token_hex(4)}"

Replica = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(scope="session")
def docker_client() -> Iterator[DockerClient]:
    client = engine.connect()
    if client is None:
        pytest.skip(f"no Docker engine answers at {engine.address()}")
    yield client
    client.close()


@pytest.fixture(scope="session")
def image(docker_client: DockerClient) -> str:
    return make_image(docker_client)


@pytest.fixture(scope="session")
def gateway_image(docker_client: DockerClient) -> str:
    return make_gateway_image(docker_client)


@pytest.fixture(scope="session")
def servers(docker_client: DockerClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """And no container of theirs is left afterwards."""
    with start_servers(tmp_path_factory.mktemp("live-servers")) as running:
        yield running
        marked = {"label": f"{INSTALLATION}={installation_of(running.bots_directory)}"}
        for container in docker_client.containers.list(all=True, filters=marked):
            try:
                container.remove(force=True)
            except NoContainer:
                continue


@pytest.fixture(scope="session")
async def accounts(servers: Servers) -> AsyncIterator[Accounts]:
    settings = bus_settings(servers, "accounts")
    played = Accounts(Vault(SecretStr(servers.secrets.config_password)))
    played.add("master_account", "sandbox")
    bus = await Bus.connect(settings)
    await bus.answer(GetCredential, played.get)
    await bus.answer(ListCredentials, played.list)
    yield played
    await bus.close()


@pytest.fixture(scope="session")
async def edge(servers: Servers) -> AsyncIterator[None]:
    async with running_app(create_edge, environment(servers, "mqtt-edge")):
        yield


@pytest.fixture(scope="session")
def hurried(servers: Servers, image: str, gateway_image: str, accounts: Accounts, edge: None) -> dict[str, str]:
    """The environment of a whole service; what may take its time in life is in a hurry here."""
    return environment(servers, "orchestration") | {
        "DOCKER_HOST": engine.address(),
        "AVIARY_BOT_IMAGE": image,
        "AVIARY_BOT_MEMORY_MB": "128",
        "AVIARY_BOT_RESTARTS": "2",
        "AVIARY_BOT_COMMAND_DEADLINE_S": "10",
        "AVIARY_BOT_SETTLE_S": "5",
        "AVIARY_BOT_WATCH_EVERY_S": "0.2",
        "AVIARY_BOT_SAMPLE_EVERY_S": "0.5",
        "AVIARY_DOCKER_STOP_S": "2",
        "AVIARY_LEASE_TTL_S": "2",
        "AVIARY_GATEWAY_CONTAINER": GATEWAY_NAME,
        "AVIARY_GATEWAY_NETWORK": "host",
        "AVIARY_GATEWAY_MEMORY_MB": "128",
        "AVIARY_GATEWAY_IMAGE": gateway_image,
    }


@pytest.fixture(scope="session")
def replica(hurried: dict[str, str]) -> Replica:
    @asynccontextmanager
    async def start(**variables: str) -> AsyncIterator[httpx.AsyncClient]:
        async with running_app(create, hurried | variables) as client:
            yield client

    return start


@pytest.fixture(scope="session")
async def api(replica: Replica) -> AsyncIterator[httpx.AsyncClient]:
    async with replica() as client:
        yield client


@pytest.fixture
def folder(servers: Servers) -> BotsFolder:
    return BotsFolder(servers.bots_directory)


@pytest.fixture
def bots(api: httpx.AsyncClient, docker_client: DockerClient, folder: BotsFolder) -> Bots:
    return Bots(api, docker_client, folder)


@pytest.fixture
async def failures(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[list[BotFailed]]:
    """As they are published."""
    heard: list[BotFailed] = []

    async def hear(event: BotFailed) -> None:
        heard.append(event)

    bus = await Bus.connect(bus_settings(servers, "trading"))
    await bus.listen(BotFailed, hear)
    yield heard
    await bus.close()


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    """The way to the engine that a test may cut."""
    async with Gate(engine.address()).running() as running:
        yield running


@pytest.fixture
def containers(docker_client: DockerClient, image: str, servers: Servers) -> Iterator[Containers]:
    made = Containers(docker_client, image, installation_of(servers.bots_directory))
    yield made
    made.remove_all()
