"""``/accounts/gateway``: wallets, and private keys that are nowhere afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from aviary_local.ports import free_ports
from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.network import Link
from tests.gateway_peer.peer import GatewayPeer

from ..keys import EVM_KEY, EVM_WALLET, OTHER_EVM_KEY, OTHER_EVM_WALLET, SOLANA_KEY, SOLANA_WALLET

ADD = "/accounts/gateway/add-wallet"


async def add(api: httpx.AsyncClient, chain: str = "ethereum", key: str = EVM_KEY, **more: object) -> httpx.Response:
    return await api.post(ADD, json={"chain": chain, "private_key": key, **more})


async def default_of(api: httpx.AsyncClient, chain: str = "ethereum") -> str | None:
    told = (await api.get("/accounts/gateway/wallets")).json()
    found: str | None = next(each["default_address"] for each in told if each["chain"] == chain)
    return found


@pytest.mark.parametrize("key", [EVM_KEY, f"0x{EVM_KEY}", f" {EVM_KEY}\n"])
async def test_a_wallet_is_added_and_becomes_the_default(api: httpx.AsyncClient, key: str) -> None:
    added = await add(api, key=key)
    assert added.status_code == 201
    assert added.json() == {"address": EVM_WALLET, "chain": "ethereum", "is_default": True, "network": None}
    assert await default_of(api) == EVM_WALLET


async def test_a_wallet_is_added_again_without_harm(api: httpx.AsyncClient) -> None:
    assert (await add(api)).status_code == 201
    assert (await add(api)).status_code == 201


async def test_a_wallet_brings_the_chains_default_network(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    """In the reference's form."""
    assert (await add(api, network="base")).json()["network"] == "base"
    assert (await api.get("/gateway/networks/ethereum-base")).json()["default_network"] == "base"
    assert (await add(api, key=OTHER_EVM_KEY, network="polygon", set_default=False)).json()["network"] is None
    assert (await api.get("/gateway/networks/ethereum-base")).json()["default_network"] == "base"
    assert await default_of(api) == EVM_WALLET


async def test_wallets_are_listed_under_both_names(api: httpx.AsyncClient) -> None:
    await add(api)
    await add(api, "solana", SOLANA_KEY)
    told = {each["chain"]: each for each in (await api.get("/accounts/gateway/wallets")).json()}
    assert told["solana"] == {
        "chain": "solana",
        "walletAddresses": [SOLANA_WALLET],
        "wallet_addresses": [SOLANA_WALLET],
        "hardwareWalletAddresses": [],
        "hardware_wallet_addresses": [],
        "default_address": SOLANA_WALLET,
    }
    assert told["ethereum"]["wallet_addresses"] == [EVM_WALLET]


async def test_no_default_is_null(api: httpx.AsyncClient) -> None:
    assert await default_of(api) is None


async def test_a_wallet_shows_what_it_holds(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    await add(api)
    await peer.fund(EVM_WALLET, "USDC", 250)
    await peer.fund(EVM_WALLET, "ETH", 2)
    told = (await api.get(f"/accounts/gateway/ethereum/{EVM_WALLET.lower()}")).json()
    assert (told["chain"], told["address"], told["is_default"]) == ("ethereum", EVM_WALLET, True)
    assert (told["is_hardware"], told["networks"]) == (False, ["mainnet"])
    held = {each["token"]: each for each in told["balances"]}
    assert set(held) == {"USDC", "ETH"}
    assert held["USDC"] == {
        "network": "mainnet",
        "token": "USDC",
        "units": 250.0,
        "available_units": 250.0,
        "price": 1.0,
        "value": 250.0,
    }
    assert (held["ETH"]["units"], held["ETH"]["price"], held["ETH"]["value"]) == (2.0, None, None)


async def test_a_wallet_behind_a_dead_node_is_an_error(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    await add(api)
    await add(api, "solana", SOLANA_KEY)
    await peer.links(gateway=Link.ERROR)
    for path in (f"ethereum/{EVM_WALLET}", f"solana/{SOLANA_WALLET}"):
        dead = await api.get(f"/accounts/gateway/{path}")
        assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"ethereum/{OTHER_EVM_WALLET}", 404, "unknown_wallet"),
        (f"solana/{SOLANA_WALLET}", 404, "unknown_wallet"),
        ("ethereum/0x12", 422, "malformed_address"),
        (f"solana/{EVM_WALLET}", 422, "malformed_address"),
        (f"etherium/{EVM_WALLET}", 404, "unknown_chain"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_wallet_that_is_not_there(
    api: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    missing = await api.request(method, f"/accounts/gateway/{path}")
    assert (missing.status_code, missing.json()["code"]) == (status, code)


async def test_another_wallet_becomes_the_default(api: httpx.AsyncClient) -> None:
    await add(api)
    await add(api, key=OTHER_EVM_KEY, set_default=False)
    body = {"chain": "ethereum", "address": OTHER_EVM_WALLET}
    done = (await api.post("/accounts/gateway/wallet/set-default", json=body)).json()
    assert (done["success"], done["chain"], done["address"]) == (True, "ethereum", OTHER_EVM_WALLET)
    assert await default_of(api) == OTHER_EVM_WALLET
    unknown = await api.post("/accounts/gateway/wallet/set-default", json={"chain": "solana", "address": SOLANA_WALLET})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_wallet")


async def test_a_removed_default_wallet_is_no_default_any_more(api: httpx.AsyncClient) -> None:
    await add(api, key=OTHER_EVM_KEY)
    await add(api)
    removed = (await api.delete(f"/accounts/gateway/ethereum/{EVM_WALLET}")).json()
    assert (removed["success"], removed["default_address"]) == (True, OTHER_EVM_WALLET)
    assert OTHER_EVM_WALLET in removed["message"]
    assert await default_of(api) == OTHER_EVM_WALLET
    last = (await api.delete(f"/accounts/gateway/ethereum/{OTHER_EVM_WALLET}")).json()
    assert last["default_address"] is None
    assert await default_of(api) is None
    assert (await api.delete(f"/accounts/gateway/ethereum/{OTHER_EVM_WALLET}")).status_code == 404


BAD_KEYS = ["9" * 63, "f" * 66, SOLANA_KEY, "correct horse battery staple and so on", "0x" + "zz" * 32]


@pytest.mark.parametrize("key", BAD_KEYS)
async def test_a_refused_key_is_400_without_any_part_of_it(api: httpx.AsyncClient, key: str) -> None:
    refused = await add(api, key=key)
    assert (refused.status_code, refused.json()["code"]) == (400, "refused_key")
    assert key[:5] not in refused.text


@pytest.mark.parametrize(
    "body",
    [
        {"private_key": EVM_KEY},
        {"chain": ["ethereum"], "private_key": EVM_KEY},
        {"chain": "ethereum", "private_key": [EVM_KEY]},
        {"chain": "ethereum", "privatekey": EVM_KEY},
        [EVM_KEY],
        EVM_KEY,
        {"chain": EVM_KEY, "address": EVM_KEY},
    ],
)
@pytest.mark.parametrize("path", [ADD, "/accounts/gateway/wallet/set-default"])
async def test_a_422_does_not_repeat_what_was_sent(api: httpx.AsyncClient, path: str, body: object) -> None:
    wrong = await api.post(path, json=body)
    assert wrong.status_code in (404, 422)
    assert EVM_KEY not in wrong.text


async def test_a_key_that_gateway_fails_on_is_not_echoed(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    await peer.next_answer("/wallet/add", status=500, message=f"could not encrypt {EVM_KEY}")
    failed = await add(api)
    assert (failed.status_code, failed.json()["code"]) == (503, "wallet_not_added")
    assert EVM_KEY not in failed.text
    await peer.next_answer("/wallet/add", lost=True)
    lost = await add(api)
    assert lost.status_code == 503
    assert EVM_KEY not in lost.text


async def test_no_key_is_in_any_log(
    variables: dict[str, str], peer: GatewayPeer, api: httpx.AsyncClient, tmp_path: Path
) -> None:
    """Everything that a replica writes while keys pass, at its most talkative."""
    async with talkative(variables, tmp_path / "log") as replica:
        assert (await add(replica)).status_code == 201
        await add(replica, "solana", SOLANA_KEY)
        await add(replica, key=BAD_KEYS[-1])
        await peer.next_answer("/wallet/add", status=500, message=f"could not encrypt {EVM_KEY}")
        await add(replica)
        await peer.next_answer("/wallet/add", lost=True)
        await add(replica)
        await replica.post(ADD, json={"private_key": EVM_KEY})
    written = (tmp_path / "log").read_text()
    assert '"wallet added"' in written
    assert EVM_WALLET in written
    for key in (EVM_KEY, SOLANA_KEY, BAD_KEYS[-1]):
        assert key[:12] not in written


@asynccontextmanager
async def talkative(variables: dict[str, str], log: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A replica in a process of its own, whose output goes to a file."""
    port = free_ports(1)[0]
    told = {**os.environ, **variables, "AVIARY_LOG_LEVEL": "DEBUG", "AVIARY_LISTEN": f"127.0.0.1:{port}"}
    process = _start(told, log)
    login = httpx.BasicAuth(variables["AVIARY_USERNAME"], variables["AVIARY_PASSWORD"])
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", auth=login, timeout=30) as client:
            await eventually(lambda: _is_ready(client), within_s=30)
            yield client
    finally:
        process.terminate()
        process.wait(30)


def _start(environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "aviary_common.serve", "aviary_gateway_proxy"]
    with log.open("wb") as file:
        return subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


async def test_gateway_alone_has_seen_the_key(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    await add(api)
    with_key = [each["path"] for each in await peer.requests() if EVM_KEY in json.dumps(each)]
    assert with_key == ["/wallet/add"]
