"""The orchestration service with servers and a folder of its own."""

import os
from collections.abc import AsyncIterator, Iterator
from unittest.mock import patch

import httpx
import pytest

from aviary_common.database import Database
from aviary_common.settings import DatabaseSettings, load
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_orchestration.app import create
from aviary_orchestration.folder import BotsFolder
from aviary_testing.apps import environment, running_app


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with start_servers(tmp_path_factory.mktemp("orchestration-servers")) as running:
        yield running


@pytest.fixture(scope="session")
async def api(servers: Servers) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(create, environment(servers, "orchestration")) as client:
        yield client


@pytest.fixture(scope="session")
def folder(servers: Servers, api: httpx.AsyncClient) -> BotsFolder:
    """The one that ``api`` works in."""
    return BotsFolder(servers.bots_directory)


@pytest.fixture
async def database(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Database]:
    """The tables of ``api``."""
    with patch.dict(os.environ, servers.environment("orchestration")):
        opened = Database(load(DatabaseSettings))
    yield opened
    await opened.close()
