"""gateway-proxy with orchestration played beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from aviary_common.bus import Bus
from aviary_gateway_proxy.app import create
from aviary_local.ports import free_ports
from aviary_local.testing import Servers
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings

from .house import House


@pytest.fixture(scope="package")
async def played(servers: Servers) -> AsyncIterator[House]:
    (port,) = free_ports(1)
    house = House(servers.gateway_directory, port)
    bus = await Bus.connect(bus_settings(servers, "orchestration"))
    await house.answer_on(bus)
    yield house
    house.end()
    await bus.close()


@pytest.fixture
def house(played: House) -> House:
    """Without a container."""
    played.forget()
    return played


@pytest.fixture(scope="package")
async def own_api(servers: Servers, played: House) -> AsyncIterator[httpx.AsyncClient]:
    hurried = {"AVIARY_GATEWAY_START_DEADLINE_S": "3", "AVIARY_GATEWAY_REQUESTS_PER_MIN": "100000"}
    async with running_app(create, environment(servers, "gateway-proxy") | hurried) as client:
        yield client


@pytest.fixture
async def api(own_api: httpx.AsyncClient, house: House) -> httpx.AsyncClient:
    return own_api


@pytest.fixture
def folder(servers: Servers) -> Path:
    return servers.gateway_directory
