"""The process: its start, its certificates, its rate limit, its restart."""

import asyncio
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from aviary_testing.waiting import eventually
from tests.gateway_peer.certificates import Certificates, issue
from tests.gateway_peer.chain.transactions import Fate
from tests.gateway_peer.peer import PASSPHRASE, ROOT, GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, PRIVATE_KEY, Asker

QUOTE = {"network": "mainnet", "baseToken": "WETH", "quoteToken": "USDC", "amount": 1, "side": "SELL"}


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("certificates"), PASSPHRASE)


async def test_trap_3_a_hundred_requests_a_minute_but_health_is_free(peer: GatewayPeer, gateway: Asker) -> None:
    for _ in range(100):
        await gateway.get("/config/namespaces")
    refused = await gateway.client.get("/config/namespaces")
    assert refused.status_code == 429
    assert set(refused.json()) == {"statusCode", "message"}
    assert int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert await gateway.get("/") == {"status": "ok"}
    await peer.advance_clock(61)
    await gateway.get("/config/namespaces")


async def test_trap_4_and_21_a_restart_forgets_the_quotes(peer: GatewayPeer, gateway: Asker) -> None:
    await peer.timing(outage_s=0.3)
    quote = await gateway.get("/connectors/uniswap/router/quote-swap", **QUOTE)
    answer = await gateway.client.post("/restart")
    assert (answer.status_code, answer.content) == (200, b"")
    await eventually(lambda: _is_down(peer))
    await eventually(lambda: _is_up(peer))
    assert (await peer.counters())["restarts"] == 1
    told = {"network": "mainnet", "quoteId": quote["quoteId"]}
    message = await gateway.post_refused(400, "/connectors/uniswap/router/execute-quote", **told)
    assert message == "Quote not found or expired"


async def test_trap_1_open_connections_at_a_restart_are_counted(peer: GatewayPeer) -> None:
    async with peer.client() as careful:
        await careful.post("/restart")
    await eventually(lambda: _has_restarted(peer, 1))
    await eventually(lambda: _is_up(peer))
    async with peer.client() as careless:
        await careless.get("/config/namespaces")
        await careless.post("/restart")
        await eventually(lambda: _has_restarted(peer, 2))
        await eventually(lambda: _is_up(peer))
    assert (await peer.counters())["clients_at_restart"] == [0, 1]


async def test_answers_can_be_late_or_another_status(peer: GatewayPeer, gateway: Asker) -> None:
    await peer.next_answer("/config", status=503, message="overloaded")
    assert await gateway.get_refused(503, "/config/namespaces") == "overloaded"
    await peer.next_answer("/config", delay_s=0.5)
    with pytest.raises(httpx.ReadTimeout):
        await gateway.client.get("/config/namespaces", timeout=0.1)
    await gateway.get("/config/namespaces")


async def test_over_tls_it_wants_a_client_certificate(tmp_path: Path, certificates: Certificates) -> None:
    async with GatewayPeer(tmp_path, certificates=certificates) as peer:
        async with peer.client() as client:
            assert (await client.get("/")).json() == {"status": "ok"}
            assert (await client.get(f"https://127.0.0.1:{peer.port}/")).status_code == 200
        async with httpx.AsyncClient(verify=ssl.create_default_context(cafile=certificates.ca)) as stranger:
            for url in (peer.url, f"http://127.0.0.1:{peer.port}"):
                with pytest.raises(httpx.TransportError):
                    await stranger.get(url)


def test_a_wrong_start_ends_as_gateways_does(tmp_path: Path, certificates: Certificates) -> None:
    code, said = _run("--passphrase", PASSPHRASE, "--certificates", str(tmp_path))
    assert code
    assert "ENOENT" in said
    assert "server_key.pem" in said
    code, said = _run("--passphrase", "wrong", "--certificates", str(certificates.folder))
    assert code
    assert "ERR_OSSL_BAD_DECRYPT" in said
    code, said = _run("--certificates", str(certificates.folder))
    assert code == 0
    assert "passphrase" in said


async def test_with_a_state_file_the_chain_outlives_the_process(tmp_path: Path) -> None:
    wrap = {"network": "mainnet", "address": ADDRESS, "amount": "1"}
    peer = GatewayPeer(tmp_path, keeps_state=True)
    async with peer:
        async with peer.client() as client:
            gateway = Asker(client)
            await gateway.post("/wallet/add", chain="ethereum", privateKey=PRIVATE_KEY)
            await peer.fund(ADDRESS, "ETH", 3)
            await peer.next_transactions(Fate(held=True))
            await gateway.post_refused(500, "/chains/ethereum/wrap", **wrap)
        peer.kill()
        await peer.start()
        await peer.finish()
        async with peer.client() as client:
            assert await Asker(client).balance("WETH") == 1


async def test_it_ends_cleanly_when_it_is_told_to(tmp_path: Path) -> None:
    async with GatewayPeer(tmp_path) as peer, peer.client() as client:
        await client.get("/")
        assert peer.stop() == 0


async def test_the_log_tells_requests_and_failures(peer: GatewayPeer, gateway: Asker) -> None:
    await gateway.post_refused(400, "/wallet/add", chain="ethereum", privateKey="secret-of-mine")
    *_, file = sorted((peer.directory / "logs").iterdir())
    assert file.name.startswith("logs_gateway_app.log.2")
    for text in (file.read_text(), peer.log()):
        assert "| error | Unable to retrieve wallet address for provided private key: secre..." in text
        assert "| info | POST /wallet/add 400" in text


async def test_trap_9_keys_are_opened_one_after_the_other(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    await peer.timing(key_s=0.1)
    started = time.monotonic()
    await asyncio.gather(*(gateway.balance("WETH") for _ in range(3)))
    assert time.monotonic() - started >= 0.3


async def test_trap_24_a_new_node_url_waits_for_a_restart(peer: GatewayPeer, gateway: Asker) -> None:
    url = "http://127.0.0.1:1/other"
    await gateway.post("/config/update", namespace="ethereum-mainnet", path="nodeURL", value=url)
    assert await _rpc_url(gateway) == peer.node_url()
    await gateway.post("/restart")
    await eventually(lambda: _has_restarted(peer, 1))
    await eventually(lambda: _is_up(peer))
    assert await _rpc_url(gateway) == url


async def _rpc_url(gateway: Asker) -> str:
    return str((await gateway.get("/chains/ethereum/status", network="mainnet"))["rpcUrl"])


def _run(*arguments: str) -> tuple[int, str]:
    ports = ("--port", "9", "--control-port", "10")
    command = [sys.executable, "-m", "tests.gateway_peer", *ports, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout + done.stderr


async def _is_up(peer: GatewayPeer) -> bool:
    try:
        async with peer.client() as client:
            return (await client.get("/")).status_code == 200
    except httpx.TransportError:
        return False


async def _is_down(peer: GatewayPeer) -> bool:
    return not await _is_up(peer)


async def _has_restarted(peer: GatewayPeer, times: int) -> bool:
    return bool((await peer.counters())["restarts"] == times)
