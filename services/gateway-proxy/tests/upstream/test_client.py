"""The client of Gateway over its real protocol: its door, its limit, and what an answer that never came means."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from aviary_common.cache import open_cache
from aviary_common.errors import NotFound, TooManyRequests, Unavailable, Unprocessable
from aviary_common.rates.budget import Priority
from aviary_gateway_proxy.upstream.address import FixedAddress
from aviary_gateway_proxy.upstream.budget import KEY, open_budget
from aviary_gateway_proxy.upstream.client import Gateway
from aviary_gateway_proxy.upstream.errors import Unanswered
from aviary_gateway_proxy.upstream.settings import UpstreamSettings
from aviary_local.testing import Servers
from tests.gateway_peer.certificates import issue
from tests.gateway_peer.peer import PASSPHRASE, GatewayPeer


@asynccontextmanager
async def gateway(servers: Servers, **settings: Any) -> AsyncIterator[Gateway]:
    """A client as a replica has it, with a budget that it shares with the others."""
    wanted = UpstreamSettings(**{"gateway_requests_per_min": 1_000_000, **settings})
    cache = open_cache(SecretStr(servers.valkey_url))
    client = Gateway(FixedAddress(wanted), open_budget(wanted, cache), wanted)
    try:
        yield client
    finally:
        await client.hang_up()
        await cache.aclose()


@pytest.fixture
async def no_spending(servers: Servers) -> AsyncIterator[None]:
    """The window of all replicas, empty before and after."""
    cache = open_cache(SecretStr(servers.valkey_url))
    await _empty(cache)
    yield
    await _empty(cache)
    await cache.aclose()


async def _empty(cache: Redis) -> None:
    if keys := [key async for key in cache.scan_iter(f"*{{{KEY}}}*")]:
        await cache.delete(*keys)


@asynccontextmanager
async def secure_peer(folder: Path) -> AsyncIterator[GatewayPeer]:
    async with GatewayPeer(folder, certificates=issue(folder / "certificates", PASSPHRASE)) as running:
        yield running


async def test_answers_hold_exact_decimals(servers: Servers, peer: GatewayPeer) -> None:
    async with gateway(servers, gateway_url=peer.url) as client:
        told = await client.get("/chains/ethereum/estimate-gas", {"network": "mainnet", "nothing": None})
    assert isinstance(told["fee"], Decimal)
    (asked,) = await peer.requests("/chains/ethereum/estimate-gas")
    assert asked["query"] == {"network": "mainnet"}


async def test_refusals_are_ours(servers: Servers, peer: GatewayPeer) -> None:
    async with gateway(servers, gateway_url=peer.url) as client:
        with pytest.raises(NotFound):
            await client.get("/config", {"namespace": "no-such"})
        with pytest.raises(Unprocessable):
            await client.post("/wallet/add", {"chain": "ethereum"})


async def test_nothing_is_sent_where_nobody_listens(servers: Servers, peer: GatewayPeer) -> None:
    async with gateway(servers, gateway_url="http://127.0.0.1:9") as client:
        with pytest.raises(Unavailable, match="POST /gateway/start"):
            await client.get("/config/chains")
        assert not await client.is_ready()
    async with gateway(servers) as client:
        with pytest.raises(Unavailable, match="does not run"):
            await client.get("/config/chains")


async def test_an_answer_that_never_comes_may_mean_anything(servers: Servers, peer: GatewayPeer) -> None:
    async with gateway(servers, gateway_url=peer.url) as client:
        await peer.next_answer("/wallet/add", delay_s=5)
        with pytest.raises(Unanswered):
            await client.post("/wallet/add", {"chain": "ethereum", "privateKey": "1" * 64}, deadline_s=0.2)
        await peer.next_answer("/wallet/add", lost=True)
        with pytest.raises(Unanswered):
            await client.post("/wallet/add", {"chain": "ethereum", "privateKey": "1" * 64})


async def test_only_with_its_certificate_is_a_client_let_in(servers: Servers, tmp_path: Path) -> None:
    async with secure_peer(tmp_path) as peer:
        door = tmp_path / "certificates"
        async with gateway(servers, gateway_url=peer.url, gateway_certificates=door) as client:
            assert await client.is_ready()
            assert (await client.get("/config/chains"))["chains"]
        async with gateway(servers, gateway_url=peer.url) as stranger:
            assert not await stranger.is_ready()
            with pytest.raises(Unavailable):
                await stranger.get("/config/chains")
        others = issue(tmp_path / "others", PASSPHRASE).folder
        async with gateway(servers, gateway_url=peer.url, gateway_certificates=others) as stranger:
            assert not await stranger.is_ready()
        async with gateway(servers, gateway_url=peer.url, gateway_certificates=tmp_path / "none") as keyless:
            with pytest.raises(Unavailable):
                await keyless.get("/config/chains")


@pytest.mark.usefixtures("no_spending")
async def test_replicas_share_the_requests_of_a_minute(servers: Servers, peer: GatewayPeer) -> None:
    await peer.limit(100)
    few = {"gateway_url": peer.url, "gateway_requests_per_min": 10, "gateway_patience_s": 0}
    answered = 0
    async with gateway(servers, **few) as one, gateway(servers, **few) as other:
        for client in (one, other, one, other):
            for _ in range(5):
                try:
                    await client.get("/config/chains", priority=Priority.POLLING)
                except TooManyRequests:
                    continue
                answered += 1
        assert answered == 7, "polling leaves three of ten to others"
        await other.get("/config/chains", priority=Priority.TRADING)
        with pytest.raises(TooManyRequests):
            await other.get("/config/chains", priority=Priority.ACCOUNT)


@pytest.mark.usefixtures("no_spending")
async def test_what_gateway_refuses_stops_all_but_transactions(servers: Servers, peer: GatewayPeer) -> None:
    await peer.limit(3)
    async with gateway(servers, gateway_url=peer.url, gateway_patience_s=0) as client:
        for _ in range(3):
            await client.get("/config/chains")
        with pytest.raises(TooManyRequests) as refused:
            await client.get("/config/chains")
        assert 0 < refused.value.retry_after_s <= 60
        assert (refused.value.code, len(await peer.requests("/config/chains"))) == ("gateway_busy", 4)
        with pytest.raises(TooManyRequests):
            await client.get("/config/chains")
        assert len(await peer.requests("/config/chains")) == 4, "it was not asked again"
        assert await client.is_ready()


@pytest.mark.usefixtures("no_spending")
async def test_a_certificate_that_gateway_refuses_opens_nothing(servers: Servers, tmp_path: Path) -> None:
    """It refuses after the handshake, by an alert, which httpx passes on as it is, or by hanging up."""
    async with secure_peer(tmp_path) as peer:
        others = issue(tmp_path / "others", PASSPHRASE)
        others.ca.write_bytes((tmp_path / "certificates" / "ca_cert.pem").read_bytes())
        async with gateway(servers, gateway_url=peer.url, gateway_certificates=others.folder) as stranger:
            assert not await stranger.is_ready()
            with pytest.raises((Unavailable, Unanswered)):
                await stranger.get("/config/chains")
