"""Services that have nothing yet are there all the same, and say so to those who are logged in."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from aviary_gateway_proxy import app as gateway_proxy
from aviary_local.testing import Servers
from aviary_testing.apps import environment, running_app

SERVICES = {
    "gateway-proxy": (gateway_proxy.create, ("POST", "/gateway/swap/execute"), "/gateway"),
}


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def api(service: str, servers: Servers) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(SERVICES[service][0], environment(servers, service)) as client:
        yield client


async def operations(api: httpx.AsyncClient) -> list[tuple[str, str]]:
    paths = (await api.get("/openapi.json")).json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


async def test_the_service_becomes_ready(api: httpx.AsyncClient) -> None:
    answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()["dependencies"]["valkey"]) == (200, "ok")


async def test_every_promised_endpoint_says_in_a_sentence_that_it_will_come(
    api: httpx.AsyncClient, service: str
) -> None:
    promised = await operations(api)
    assert SERVICES[service][1] in promised
    for method, path in promised:
        for form in (path, f"{path}/"):
            answer = await api.request(method, re.sub("{[^}]*}", "sample", form))
            assert (answer.status_code, answer.json()["code"]) == (501, "not_yet"), (method, form)
            assert f"not in this release yet: {method} {path.partition('{')[0]}" in answer.json()["detail"]


async def test_a_path_that_nobody_promised_is_not_found(api: httpx.AsyncClient, service: str) -> None:
    answer = await api.get(f"{SERVICES[service][2]}/never/promised/by/anybody")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_strangers_learn_nothing(api: httpx.AsyncClient) -> None:
    for method, path in await operations(api):
        answer = await api.request(method, re.sub("{[^}]*}", "sample", path), auth=None)
        assert answer.status_code == 401
