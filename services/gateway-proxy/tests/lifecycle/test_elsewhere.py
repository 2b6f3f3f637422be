"""A Gateway that somebody else looks after, at the address in the settings."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from aviary_common.cache import open_cache
from aviary_gateway_proxy.app import create
from aviary_gateway_proxy.lifecycle.elsewhere import ForeignGateway
from aviary_gateway_proxy.upstream.address import FixedAddress
from aviary_gateway_proxy.upstream.budget import open_budget
from aviary_gateway_proxy.upstream.client import Gateway
from aviary_gateway_proxy.upstream.settings import UpstreamSettings
from aviary_local.testing import Servers
from aviary_testing.apps import environment, running_app
from tests.gateway_peer.peer import GatewayPeer

from .test_life import ok, refused


@pytest.fixture
async def api(servers: Servers, peer: GatewayPeer) -> AsyncIterator[httpx.AsyncClient]:
    variables = environment(servers, "gateway-proxy") | {"AVIARY_GATEWAY_URL": peer.url}
    async with running_app(create, variables) as client:
        yield client


async def test_its_status_tells_that_it_answers(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    status = ok(await api.get("/gateway/status"))
    assert (status["running"], status["reachable"], status["url"]) == (True, True, peer.url)
    assert (status["port"], status["container_id"], status["image"]) == (peer.port, None, None)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "start", {}), ("POST", "stop", None), ("POST", "restart", {"port": 1}), ("GET", "logs", None)],
)
async def test_the_rest_is_refused(
    api: httpx.AsyncClient, peer: GatewayPeer, method: str, path: str, body: dict[str, int] | None
) -> None:
    answer = await api.request(method, f"/gateway/{path}", json=body)
    assert refused(answer) == (409, "gateway_elsewhere")
    assert peer.url in answer.json()["detail"]


async def test_it_is_said_when_it_is_away(servers: Servers) -> None:
    nowhere = {"AVIARY_GATEWAY_URL": "http://127.0.0.1:9", "AVIARY_GATEWAY_REQUESTS_PER_MIN": "1000000"}
    async with running_app(create, environment(servers, "gateway-proxy") | nowhere) as api:
        status = ok(await api.get("/gateway/status"))
        assert (status["running"], status["reachable"], status["version"]) == (False, False, None)
        assert refused(await api.post("/gateway/restart")) == (503, "gateway_away")


async def test_it_is_restarted_by_its_own_means_and_kills_nobody(servers: Servers, tmp_path: Path) -> None:
    """When it starts it ends every process that is connected to its port."""
    wanted = UpstreamSettings(gateway_requests_per_min=1_000_000)
    cache = open_cache(SecretStr(servers.valkey_url))
    async with GatewayPeer(tmp_path) as peer:
        await peer.timing(outage_s=0.3)
        settings = wanted.model_copy(update={"gateway_url": peer.url})
        gateway = Gateway(FixedAddress(settings), open_budget(settings, cache), settings)
        restarted = await ForeignGateway(gateway, peer.url, 10, quiet_s=0.6).restart(None)
        counters = await peer.counters()
        await gateway.hang_up()
    await cache.aclose()
    assert (restarted.success, restarted.container_id, restarted.port) == (True, None, peer.port)
    assert (counters["restarts"], os.getpid() in counters["clients_at_restart"]) == (1, False)
