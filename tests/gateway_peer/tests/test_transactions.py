import asyncio

import pytest

from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.transactions import End, Fate
from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, Asker
from tests.gateway_peer.tests.node_asking import ask_node, receipt

SWAP = {
    "network": "mainnet", "walletAddress": ADDRESS, "baseToken": "WETH", "quoteToken": "USDC",
    "amount": 1, "side": "SELL", "slippagePct": 1,
}  # fmt: skip
ROUTER_SWAP = "/connectors/uniswap/router/execute-swap"
WRAP = {"network": "mainnet", "address": ADDRESS, "amount": "1"}
HELD = Fate(held=True)


@pytest.fixture
async def approved(gateway: Asker, wallet: str) -> str:
    await gateway.approve("uniswap/router", "WETH", "USDC")
    return wallet


async def test_a_mined_transaction_is_told_alike_by_everybody(peer: GatewayPeer, gateway: Asker, approved: str) -> None:
    swap = await gateway.post(ROUTER_SWAP, **SWAP)
    assert swap["status"] == 1
    polled = await gateway.poll(swap["signature"])
    assert set(polled) == {"currentBlock", "signature", "txBlock", "txStatus", "fee", "txData"}
    assert (polled["txStatus"], polled["fee"]) == (1, None)
    told = await receipt(peer, swap["signature"])
    assert told is not None
    assert (told["status"], int(told["blockNumber"], 16)) == ("0x1", polled["txBlock"])


async def test_trap_6_a_reverted_transaction_polls_as_confirmed(
    peer: GatewayPeer, gateway: Asker, approved: str
) -> None:
    await peer.next_transactions(Fate(end=End.REVERTED))
    message = await gateway.post_refused(500, ROUTER_SWAP, **SWAP)
    signature = message.split('transactionHash="')[1].split('"')[0]
    assert '"status":0' in message
    assert (await gateway.poll(signature))["txStatus"] == 1
    told = await receipt(peer, signature)
    assert told is not None
    assert told["status"] == "0x0"
    assert await gateway.balance("WETH") == 50


async def test_trap_7_the_router_answers_cleanly_when_the_time_is_up(
    peer: GatewayPeer, gateway: Asker, approved: str
) -> None:
    await peer.next_transactions(HELD)
    swap = await gateway.post(ROUTER_SWAP, **SWAP)
    assert set(swap) == {"signature", "status"}
    assert swap["status"] == 0
    assert (await gateway.poll(swap["signature"]))["txStatus"] == 2
    assert await receipt(peer, swap["signature"]) is None
    await peer.finish(swap["signature"])
    assert (await gateway.poll(swap["signature"]))["txStatus"] == 1
    assert await gateway.balance("WETH") == 49


async def test_trap_7_a_wrap_that_is_mined_late_is_a_500_without_a_hash(
    peer: GatewayPeer, gateway: Asker, wallet: str
) -> None:
    await peer.next_transactions(HELD)
    message = await gateway.post_refused(500, "/chains/ethereum/wrap", **WRAP)
    assert message == "Cannot read properties of null (reading 'gasUsed')"
    assert await gateway.balance("WETH") == 50
    await peer.finish()
    assert await gateway.balance("WETH") == 51


async def test_a_call_waits_for_its_transaction_as_long_as_it_is_told(
    peer: GatewayPeer, gateway: Asker, approved: str
) -> None:
    await peer.timing(mining_timeout_s=10)
    await peer.next_transactions(HELD)
    swapping = asyncio.create_task(gateway.post(ROUTER_SWAP, **SWAP))
    await eventually(peer.finish)
    assert (await swapping)["status"] == 1


async def test_a_transaction_is_mined_when_it_has_been_asked_for_often_enough(
    peer: GatewayPeer, gateway: Asker, approved: str
) -> None:
    await peer.next_transactions(Fate(polls=2, low_fee=True))
    signature = (await gateway.post(ROUTER_SWAP, **SWAP))["signature"]
    assert [(await gateway.poll(signature))["txStatus"] for _ in range(3)] == [3, 1, 1]


async def test_a_late_transaction_may_revert(peer: GatewayPeer, gateway: Asker, approved: str) -> None:
    await peer.next_transactions(Fate(held=True))
    signature = (await gateway.post(ROUTER_SWAP, **SWAP))["signature"]
    await peer.finish(end=End.REVERTED)
    assert (await gateway.poll(signature))["txStatus"] == 1
    told = await receipt(peer, signature)
    assert told is not None
    assert told["status"] == "0x0"


async def test_a_dropped_transaction_is_forgotten_and_its_nonce_free(
    peer: GatewayPeer, gateway: Asker, approved: str
) -> None:
    await peer.next_transactions(Fate(end=End.DROPPED))
    dropped = await gateway.post(ROUTER_SWAP, **SWAP)
    assert dropped["status"] == 0
    polled = await gateway.poll(dropped["signature"])
    assert (polled["txStatus"], polled["txBlock"], polled["txData"]) == (-1, -1, None)
    again = await gateway.post(ROUTER_SWAP, **SWAP)
    assert again["status"] == 1
    assert again["signature"] != dropped["signature"]


async def test_a_replaced_transaction_is_forgotten_and_its_nonce_used(
    peer: GatewayPeer, gateway: Asker, approved: str
) -> None:
    await peer.next_transactions(HELD)
    waiting = await gateway.post(ROUTER_SWAP, **SWAP)
    before = int(await ask_node(peer, "eth_getTransactionCount", approved, "latest"), 16)
    await peer.finish(end=End.REPLACED)
    assert (await gateway.poll(waiting["signature"]))["txStatus"] == -1
    assert int(await ask_node(peer, "eth_getTransactionCount", approved, "latest"), 16) == before + 1
    assert await gateway.balance("WETH") == 50


async def test_trap_8_parallel_transactions_of_one_wallet_collide(
    peer: GatewayPeer, gateway: Asker, approved: str
) -> None:
    await peer.timing(send_s=0.3)
    answers = await asyncio.gather(*(gateway.client.post(ROUTER_SWAP, json=SWAP) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [200, 500, 500]
    failed = [each.json()["message"] for each in answers if each.status_code == 500]
    assert all("nonce has already been used" in message for message in failed)


async def test_trap_8_nothing_follows_a_pending_transaction(peer: GatewayPeer, gateway: Asker, approved: str) -> None:
    await peer.next_transactions(HELD)
    await gateway.post(ROUTER_SWAP, **SWAP)
    assert "replacement fee too low" in await gateway.post_refused(500, ROUTER_SWAP, **SWAP)


async def test_a_wallet_without_ether_sends_nothing(peer: GatewayPeer, gateway: Asker) -> None:
    address = (await gateway.post("/wallet/create", chain="ethereum"))["address"]
    told = {"network": "mainnet", "address": address, "spender": "uniswap/clmm", "token": "USDC"}
    assert "Insufficient funds" in await gateway.post_refused(400, "/chains/ethereum/approve", **told)
