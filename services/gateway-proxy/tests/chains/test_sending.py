"""Approving, wrapping and unwrapping."""

import asyncio
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.gateway_peer.chain.network import Link
from tests.gateway_peer.chain.tokens import UNIVERSAL_ROUTER, USDC, WETH
from tests.gateway_peer.chain.transactions import End, Fate
from tests.gateway_peer.peer import GatewayPeer

from ..keys import OTHER_EVM_WALLET

CHAIN = "/chains/ethereum"


@pytest.fixture
async def funded(peer: GatewayPeer, wallet: str) -> str:
    """The default wallet with gas, and 100 USDC."""
    await peer.fund(wallet, "ETH", 10)
    await peer.fund(wallet, "USDC", 100)
    return wallet


async def send(api: httpx.AsyncClient, what: str, **body: object) -> Any:
    answer = await api.post(f"{CHAIN}/{what}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_references_form_of_wrap(api: httpx.AsyncClient, peer: GatewayPeer, funded: str) -> None:
    told = await send(api, "wrap", chain="ethereum", network="mainnet", address=funded.lower(), amount="1.5")
    assert (told["status"], told["state"]) == (1, "CONFIRMED")
    assert told["signature"] == (await peer.transactions())[0]["hash"]
    assert told["data"]["amount"] == "1.5"
    assert told["data"]["wrappedToken"] == "WETH"
    assert (await peer.requests(f"{CHAIN}/wrap"))[0]["body"] == {
        "network": "mainnet",
        "address": funded,
        "amount": "1.5",
    }


@pytest.mark.parametrize("amount", [1, 0.25, "2", " 1.5 "])
async def test_wrapping_and_unwrapping_the_default_wallets_currency(
    api: httpx.AsyncClient, funded: str, amount: object
) -> None:
    await send(api, "wrap", amount=amount)
    held = (await api.post(f"{CHAIN}/balances", json={"tokens": "WETH"})).json()["balances"]
    assert held == {"WETH": float(str(amount))}
    await send(api, "unwrap", network="ethereum-mainnet", amount=amount)
    held = (await api.post(f"{CHAIN}/balances", json={"tokens": "WETH"})).json()["balances"]
    assert held == {"WETH": 0}


@pytest.mark.parametrize("amount", ["0", "-1", "lots", "NaN", "", None, "1e40"])
@pytest.mark.parametrize("what", ["wrap", "unwrap"])
async def test_a_malformed_amount_is_422_and_nothing_is_sent(
    api: httpx.AsyncClient, peer: GatewayPeer, funded: str, what: str, amount: object
) -> None:
    assert (await api.post(f"{CHAIN}/{what}", json={"amount": amount})).status_code == 422
    assert not await peer.requests(f"{CHAIN}/{what}")


async def test_too_little_is_400(api: httpx.AsyncClient, funded: str) -> None:
    for what, amount in (("wrap", "11"), ("unwrap", "1")):
        refused = await api.post(f"{CHAIN}/{what}", json={"amount": amount})
        assert (refused.status_code, refused.json()["code"]) == (400, "insufficient_balance")


async def test_wrapping_twice_at_once_is_two_transactions(
    api: httpx.AsyncClient, peer: GatewayPeer, funded: str
) -> None:
    told = await asyncio.gather(send(api, "wrap", amount="1"), send(api, "wrap", amount="2"))
    assert len({each["signature"] for each in told}) == 2
    assert [each["nonce"] for each in await peer.transactions()] == [0, 1]


async def test_a_reverted_wrapping_is_no_success(api: httpx.AsyncClient, peer: GatewayPeer, funded: str) -> None:
    await peer.next_transactions(Fate(end=End.REVERTED))
    refused = await api.post(f"{CHAIN}/wrap", json={"amount": "1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "transaction_reverted")
    key = (await peer.transactions())[0]["hash"]
    polled = (await api.post(f"{CHAIN}/poll", json={"txHash": key})).json()
    assert (polled["txStatus"], polled["error"]) == (-1, "The contract refused it: it was reverted.")


async def test_a_confirmed_transactions_fee_is_told(api: httpx.AsyncClient, funded: str) -> None:
    """Gateway's is null on EVM chains."""
    key = (await send(api, "wrap", amount="1"))["signature"]
    assert (await api.post(f"{CHAIN}/poll", json={"txHash": key})).json()["fee"] == 0.0003


async def test_a_pending_transaction_is_pending(api: httpx.AsyncClient, peer: GatewayPeer, funded: str) -> None:
    await peer.next_transactions(Fate(held=True, low_fee=True))
    async with peer.client() as gateway:
        await gateway.post(f"{CHAIN}/wrap", json={"network": "mainnet", "address": funded, "amount": "1"})
    key = (await peer.transactions())[0]["hash"]
    told = (await api.post(f"{CHAIN}/poll", json={"txHash": key})).json()
    assert (told["txStatus"], told["error"]) == (0, "It waits in the mempool with a fee that is too low.")


async def test_nobody_says_confirmed_without_a_receipt(api: httpx.AsyncClient, peer: GatewayPeer, funded: str) -> None:
    key = (await send(api, "wrap", amount="1"))["signature"]
    await peer.links(node=Link.ERROR)
    unseen = await api.post(f"{CHAIN}/poll", json={"txHash": key})
    assert (unseen.status_code, unseen.json()["code"]) == (503, "node_away")


@pytest.mark.parametrize("token", ["USDC", "usdc", USDC.address.lower()])
@pytest.mark.parametrize(("amount", "approved"), [("25", "25"), (None, None), ("", None)])
async def test_a_router_is_approved(
    api: httpx.AsyncClient, funded: str, token: str, amount: str | None, approved: str | None
) -> None:
    told = await send(api, "approve", address=funded, spender="uniswap/router", token=token, amount=amount)
    assert (told["status"], told["data"]["spender"]) == (1, UNIVERSAL_ROUTER)
    asked = {"spender": "uniswap/router", "tokens": ["USDC"]}
    allowed = (await api.post(f"{CHAIN}/allowances", json=asked)).json()["approvals"]["USDC"]
    assert Decimal(allowed) == Decimal(approved) if approved else Decimal(allowed) > 10**18


async def test_an_approval_that_is_not_necessary(api: httpx.AsyncClient, funded: str) -> None:
    for _ in range(2):
        told = await send(api, "approve", spender="uniswap/router", token="USDC", amount="25")
    assert (told["signature"], told["status"], told["state"]) == (None, 1, "CONFIRMED")


async def test_an_approval_is_taken_back(api: httpx.AsyncClient, funded: str) -> None:
    for amount in ("25", "0"):
        await send(api, "approve", spender=WETH.address, token="USDC", amount=amount)
    asked = {"spender": WETH.address, "tokens": ["USDC"]}
    assert (await api.post(f"{CHAIN}/allowances", json=asked)).json()["approvals"] == {"USDC": "0.0"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"token": "NOPE"}, 404, "unknown_token"),
        ({"spender": "uniswop"}, 422, "unknown_spender"),
        ({"address": "0x12"}, 422, "malformed_address"),
        ({"address": OTHER_EVM_WALLET}, 404, "unknown_wallet"),
        ({"network": "mainet"}, 404, "unknown_network"),
        ({"amount": "-1"}, 422, None),
    ],
)
async def test_an_approval_that_can_not_be_sent(
    api: httpx.AsyncClient, funded: str, body: dict[str, str], status: int, code: str | None
) -> None:
    asked = {"network": "mainnet", "spender": "uniswap/router", "token": "USDC", "amount": "1"} | body
    refused = await api.post(f"{CHAIN}/approve", json=asked)
    assert refused.status_code == status, refused.text
    assert refused.json().get("code") == code


@pytest.mark.parametrize("what", ["approve", "wrap", "unwrap"])
async def test_nothing_is_sent_past_a_dead_node(
    api: httpx.AsyncClient, peer: GatewayPeer, funded: str, what: str
) -> None:
    await peer.links(gateway=Link.ERROR)
    body = {"spender": "uniswap/router", "token": "USDC", "amount": "1"}
    dead = await api.post(f"{CHAIN}/{what}", json=body)
    assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable")
    assert not await peer.requests(f"{CHAIN}/{what}")
