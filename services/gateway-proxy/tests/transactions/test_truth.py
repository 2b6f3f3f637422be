"""What must hold whatever Gateway says: one test for each sentence."""

import asyncio

import pytest

from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.transactions import End, Fate

from ..trader import Trader


async def test_a_swap_is_confirmed_and_remembered(trader: Trader) -> None:
    answer = await trader.swap()
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["status"], told["state"], told["trading_pair"]) == ("submitted", "CONFIRMED", "WETH-USDC")
    row = (await trader.swaps())[0]
    assert row["transaction_hash"] == told["transaction_hash"]
    assert (row["status"], row["input_amount"], row["gas_token"]) == ("CONFIRMED", 0.1, "ETH")
    assert row["gas_fee"] > 0


async def test_a_reverted_transaction_never_ends_as_confirmed_when_gateway_tells_of_it(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(end=End.REVERTED))
    answer = await trader.swap()
    assert (answer.status_code, answer.json()["code"]) == (409, "transaction_reverted")
    row = (await trader.swaps())[0]
    assert (row["status"], row["state"]) == ("FAILED", "REVERTED")
    assert row["transaction_hash"] == (await trader.peer.transactions())[-1]["hash"]


async def test_a_reverted_transaction_never_ends_as_confirmed_when_gateways_poll_says_so(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(end=End.REVERTED, held=True))
    answer = await trader.swap()
    assert answer.json()["state"] == "SUBMITTED", answer.text
    key = answer.json()["transaction_hash"]
    await trader.peer.finish(key)
    async with trader.peer.client() as gateway:
        polled = await gateway.post("/chains/ethereum/poll", json={"network": "mainnet", "signature": key})
    assert polled.json()["txStatus"] == 1
    await eventually(lambda: _is(trader, key, "REVERTED"))
    assert (await trader.swaps())[0]["status"] == "FAILED"


async def test_a_late_transaction_is_confirmed(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(held=True))
    key = (await trader.swap()).json()["transaction_hash"]
    assert (await trader.swaps())[0]["status"] == "SUBMITTED"
    await trader.peer.finish(key)
    await eventually(lambda: _is(trader, key, "CONFIRMED"))
    assert (await trader.swaps())[0]["status"] == "CONFIRMED"


async def test_a_dropped_transaction_ends_as_failed(trader: Trader) -> None:
    """Its nonce goes to the next one, which is what tells that it can't come back."""
    await trader.peer.next_transactions(Fate(end=End.DROPPED, held=True))
    key = (await trader.swap()).json()["transaction_hash"]
    await trader.peer.finish(key)
    answer = await trader.swap(amount="0.2")
    assert answer.status_code == 200, answer.text
    await eventually(lambda: _is(trader, key, "DROPPED"))
    assert [row["status"] for row in await trader.swaps()] == ["CONFIRMED", "FAILED"]


async def test_two_parallel_transactions_of_one_wallet_both_succeed(trader: Trader) -> None:
    await trader.peer.timing(send_s=0.3)
    answers = await asyncio.gather(*(trader.swap(amount=amount) for amount in ("0.1", "0.2", "0.3")))
    assert [answer.status_code for answer in answers] == [200, 200, 200], [answer.text for answer in answers]
    nonces = [each["nonce"] for each in await trader.peer.transactions() if each["sender"] == trader.address]
    assert len(nonces) == len(set(nonces))
    assert all(row["status"] == "CONFIRMED" for row in await trader.swaps())


async def test_a_dead_node_is_an_error_and_nothing_is_sent(trader: Trader) -> None:
    await trader.peer.links(node="refused")
    answer = await trader.swap()
    assert (answer.status_code, answer.json()["code"]) == (503, "node_away")
    assert await trader.swaps() == []
    assert await trader.peer.requests("/connectors/uniswap/router/execute-swap") == []


@pytest.mark.parametrize("amount", ["0.1"])
async def test_a_swap_whose_answer_was_lost_is_found_again(trader: Trader, amount: str) -> None:
    await trader.peer.next_answer("/connectors/uniswap/router/execute-swap", lost=True)
    answer = await trader.swap(amount=amount)
    assert (answer.status_code, answer.json()["status"]) == (202, "unknown"), answer.text
    own = answer.json()["transaction_id"]
    await eventually(lambda: _is(trader, own, "CONFIRMED"))
    row = (await trader.swaps())[0]
    assert (row["status"], row["input_amount"]) == ("CONFIRMED", 0.1)
    assert 190 < row["output_amount"] < 200


async def _is(trader: Trader, key: str, state: str) -> bool:
    return await trader.state(key) == state
