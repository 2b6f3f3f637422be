"""Every connector of the catalogue says in a sentence which fields it wants, and none ends in a surprise."""

from collections.abc import AsyncIterator

import httpx
import pytest

from aviary_accounts.app import create
from aviary_exchange.catalogue import Connector, connectors
from aviary_local.testing import Servers
from aviary_testing.apps import environment, running_app
from aviary_testing.sandbox import Sandbox

GENERIC = {"api_key": "abcd-key", "api_secret": "abcd-secret"}
NOWHERE = {"AVIARY_EXCHANGE_HTTPS_PROXY": "http://127.0.0.1:1", "AVIARY_SNAPSHOT_EVERY_S": "0"}
REAL = [connector for connector in connectors() if not connector.name.startswith("sandbox")]


def named(connector: Connector) -> str:
    return connector.name


def required(connector: Connector) -> list[str]:
    return [field.name for field in connector.fields if field.required]


def only_a_key_and_a_secret(connector: Connector) -> bool:
    endings = sorted(name.rsplit("_", 2)[-2:] for name in required(connector))
    return endings == [["api", "key"], ["api", "secret"]]


by_name = pytest.mark.parametrize("connector", REAL, ids=named)


@pytest.fixture(scope="module")
async def offline(servers: Servers, sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """The service without a way to any real venue."""
    async with running_app(create, {**environment(servers, "accounts", sandbox), **NOWHERE}) as client:
        yield client


async def add(api: httpx.AsyncClient, connector: Connector, body: dict[str, str]) -> httpx.Response:
    return await api.post(f"/accounts/add-credential/master_account/{connector.name}", json=body)


@by_name
async def test_every_missing_field_is_named(offline: httpx.AsyncClient, connector: Connector) -> None:
    answer = await add(offline, connector, {"not_a_field": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_credentials")
    for field in required(connector):
        assert f"{field} is missing" in answer.json()["detail"]
    assert f"not_a_field is not a field of {connector.name}" in answer.json()["detail"]


@by_name
async def test_generic_names_are_understood_or_the_fields_are_named(
    offline: httpx.AsyncClient, connector: Connector
) -> None:
    body = dict(GENERIC)
    body |= {"passphrase": "abcd"} if any(name.endswith("_passphrase") for name in required(connector)) else {}
    answer = await add(offline, connector, body)
    detail = answer.json()["detail"]
    assert connector.name in detail or any(name in detail for name in required(connector))
    if answer.status_code == 422:
        assert "is missing" in detail or "is not a field of" in detail
    else:
        assert (answer.status_code, answer.json()["code"]) in {
            (503, "venue_unavailable"), (400, "credentials_refused"), (404, "unknown_connector"),
        }  # fmt: skip


@pytest.mark.parametrize("connector", [each for each in REAL if only_a_key_and_a_secret(each)], ids=named)
async def test_a_key_and_a_secret_reach_the_venue_where_nothing_else_is_needed(
    offline: httpx.AsyncClient, connector: Connector
) -> None:
    answer = await add(offline, connector, GENERIC)
    assert answer.status_code != 422, answer.text


async def test_nothing_of_it_was_stored(offline: httpx.AsyncClient) -> None:
    assert (await offline.get("/accounts/master_account/credentials")).json() == []
