"""Schemathesis over every operation of ``docs/openapi.json``, through the edge of a stack of its own."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import requests
from schemathesis import Case

from tests.e2e.conftest import NO_LIMITS
from tests.e2e.operations import CHECKS, OPERATIONS
from tests.gateway_peer.peer import GatewayPeer
from tests.stack import Stack, running_stack

NOWHERE = "http://127.0.0.1:1"
DEADLINE_S = 20


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[GatewayPeer]:
    async with GatewayPeer(tmp_path_factory.mktemp("gateway-peer")) as running:
        yield running


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory, gateway: GatewayPeer) -> Iterator[Stack]:
    """Without a Docker engine and without any venue but the sandbox: whatever is sent stays on this machine."""
    settings = {
        "AVIARY_DOCKER_HOST": "tcp://127.0.0.1:1",
        "AVIARY_EXCHANGE_HTTPS_PROXY": NOWHERE,
        "AVIARY_GATEWAY_URL": gateway.url,
        "AVIARY_GATEWAY_REQUESTS_PER_MIN": "1000000",
    }
    with running_stack(tmp_path_factory.mktemp("own-stack"), settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def session(own_stack: Stack) -> Iterator[requests.Session]:
    """Logged in, with credentials for the sandbox, so that examples find what they name."""
    with requests.Session() as opened, httpx.Client(base_url=own_stack.url, auth=own_stack.login, timeout=30) as client:
        httpx.post(f"{own_stack.sandbox_url}/sandbox/limits", json=NO_LIMITS).raise_for_status()
        keys = {"api_key": "demo", "api_secret": "demo-secret"}
        for connector in ("sandbox", "sandbox_perpetual"):
            client.post(f"/accounts/add-credential/master_account/{connector}", json=keys).raise_for_status()
        opened.auth = own_stack.login
        yield opened


@OPERATIONS.parametrize()
def test_it_answers_as_documented(case: Case, own_stack: Stack, session: requests.Session) -> None:
    case.call_and_validate(own_stack.url, session, checks=CHECKS, timeout=DEADLINE_S)
