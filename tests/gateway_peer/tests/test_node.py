import httpx
import pytest

from tests.gateway_peer.chain.tokens import USDC, V3_FACTORY, WETH
from tests.gateway_peer.chain.transactions import Fate
from tests.gateway_peer.networks import WETH_USDC_POOL
from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, Asker
from tests.gateway_peer.tests.node_asking import ask_node

WRAP = {"network": "mainnet", "address": ADDRESS, "amount": "1"}


def _word(address: str) -> str:
    return address.removeprefix("0x").lower().rjust(64, "0")


async def test_the_chain_and_the_wallet(peer: GatewayPeer, wallet: str) -> None:
    assert await ask_node(peer, "eth_chainId") == "0x1"
    assert int(await ask_node(peer, "eth_blockNumber"), 16) > 0
    assert int(await ask_node(peer, "eth_getBalance", wallet, "latest"), 16) == 10 * 10**18


async def test_a_waiting_transaction_counts_as_pending_only(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    await peer.next_transactions(Fate(held=True))
    await gateway.post_refused(500, "/chains/ethereum/wrap", **WRAP)
    [waiting] = await peer.transactions()
    assert (await ask_node(peer, "eth_getTransactionByHash", waiting["hash"]))["blockNumber"] is None
    assert await ask_node(peer, "eth_getTransactionReceipt", waiting["hash"]) is None
    assert await ask_node(peer, "eth_getTransactionCount", wallet, "latest") == "0x0"
    assert await ask_node(peer, "eth_getTransactionCount", wallet, "pending") == "0x1"


async def test_an_unknown_transaction_is_null(peer: GatewayPeer) -> None:
    assert await ask_node(peer, "eth_getTransactionByHash", "0x" + "0" * 64) is None
    assert (await ask_node(peer, "eth_sendTransaction"))["code"] == -32601


async def test_contracts_that_can_be_read(peer: GatewayPeer, wallet: str) -> None:
    asked = f"0x1698ee82{_word(WETH.address)}{_word(USDC.address)}{500:064x}"
    pool = await ask_node(peer, "eth_call", {"to": V3_FACTORY, "data": asked}, "latest")
    assert pool == f"0x{_word(WETH_USDC_POOL)}"
    balance = await ask_node(peer, "eth_call", {"to": USDC.address, "data": f"0x70a08231{_word(wallet)}"}, "latest")
    assert int(balance, 16) == 100_000 * 10**6
    decimals = await ask_node(peer, "eth_call", {"to": USDC.address, "data": "0x313ce567"}, "latest")
    assert int(decimals, 16) == 6


async def test_a_block_shows_its_transactions(peer: GatewayPeer, gateway: Asker, wallet: str) -> None:
    done = await gateway.post("/chains/ethereum/wrap", **WRAP)
    number = await ask_node(peer, "eth_blockNumber")
    block = await ask_node(peer, "eth_getBlockByNumber", number, True)
    [found] = block["transactions"]
    assert (found["hash"], found["from"], found["nonce"]) == (done["signature"], wallet.lower(), "0x0")
    assert (await ask_node(peer, "eth_getBlockByNumber", number, False))["transactions"] == [done["signature"]]
    assert await ask_node(peer, "eth_getBlockByNumber", hex(int(number, 16) + 1), False) is None


async def test_a_provider_may_not_offer_a_method(peer: GatewayPeer) -> None:
    await peer.links(node_refuses=["eth_getBlockByNumber"])
    assert (await ask_node(peer, "eth_getBlockByNumber", "latest", False))["code"] == -32601
    assert await ask_node(peer, "eth_chainId") == "0x1"


async def test_a_dead_node_fails_in_three_ways(peer: GatewayPeer) -> None:
    await peer.links(node="error")
    with pytest.raises(httpx.HTTPStatusError):
        await ask_node(peer, "eth_blockNumber")
    await peer.links(node="refused")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await ask_node(peer, "eth_blockNumber")
    await peer.control("POST", "/node", up=False)
    with pytest.raises(httpx.ConnectError):
        await ask_node(peer, "eth_blockNumber")
    await peer.reset()
    assert await ask_node(peer, "eth_chainId") == "0x1"
