"""The gateway-proxy where no Gateway runs and nobody could start one: it is there, and says so."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from aviary_gateway_proxy import app as gateway_proxy
from aviary_local.testing import Servers
from aviary_testing.apps import environment, running_app


@pytest.fixture
async def api(servers: Servers) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(gateway_proxy.create, environment(servers, "gateway-proxy")) as client:
        yield client


async def operations(api: httpx.AsyncClient) -> list[tuple[str, str]]:
    paths = (await api.get("/openapi.json")).json()["paths"]
    return [
        (method.upper(), re.sub("{[^}]*}", "sample", path)) for path, methods in paths.items() for method in methods
    ]


async def test_the_service_becomes_ready(api: httpx.AsyncClient) -> None:
    answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()["dependencies"]["valkey"]) == (200, "ok")


async def test_every_endpoint_answers_in_both_forms_and_nothing_breaks(api: httpx.AsyncClient) -> None:
    """What needs Gateway is 503 with a reason; what the request lacks is said before that."""
    away = 0
    for method, path in await operations(api):
        for form in (path, f"{path}/"):
            answer = await api.request(method, form, json=None if method == "GET" else {})
            if answer.status_code == 501:
                assert path.endswith("/create-pool"), form
                continue
            assert answer.status_code in (200, 404, 422, 503), (method, form, answer.text)
            assert answer.json().get("code") != "not_found", (method, form)
            away += answer.status_code == 503
    assert away > 40


async def test_a_path_that_nobody_promised_is_not_found(api: httpx.AsyncClient) -> None:
    answer = await api.get("/gateway/never/promised/by/anybody")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_strangers_learn_nothing(api: httpx.AsyncClient) -> None:
    for method, path in await operations(api):
        answer = await api.request(method, path, auth=None)
        assert answer.status_code == 401
