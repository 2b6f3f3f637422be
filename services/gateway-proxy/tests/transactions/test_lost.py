"""Calls that timed out, were answered with a 500, or were never answered: each is found again, or known to be gone."""

import pytest

from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.transactions import End, Fate

from ..trader import Trader

OPEN = "/connectors/uniswap/clmm/open-position"


async def settled(trader: Trader, key: str) -> str:
    """The state at the end."""
    await eventually(lambda: _is_settled(trader, key))
    return await trader.state(key)


async def _is_settled(trader: Trader, key: str) -> bool:
    return await trader.state(key) not in ("PENDING", "SENT", "SUBMITTED", "UNKNOWN")


async def test_an_opening_that_timed_out_and_was_mined_is_found_again(trader: Trader) -> None:
    first = (await trader.opened())["position_address"]
    await trader.peer.next_transactions(Fate(held=True))
    answer = await trader.open(lower_price="1900", upper_price="2100")
    assert (answer.status_code, answer.json()["status"]) == (202, "unknown"), answer.text
    assert answer.json()["position_address"] is None
    assert await trader.state(answer.json()["transaction_id"]) == "UNKNOWN"
    await trader.peer.finish()
    assert await settled(trader, answer.json()["transaction_id"]) == "CONFIRMED"
    (found,) = [each for each in await trader.peer.positions() if each["address"] != first]
    row = await trader.position(found["address"])
    assert (row["status"], row["lower_price"], row["trading_pair"]) == ("OPEN", 1900, "WETH-USDC")
    assert row["initial_base_token_amount"] == pytest.approx(1, rel=0.2)
    assert [each["status"] for each in await trader.events(found["address"])] == ["CONFIRMED"]


async def test_an_opening_that_timed_out_and_was_reverted_has_failed(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(held=True, end=End.REVERTED))
    answer = await trader.open()
    await trader.peer.finish()
    own = answer.json()["transaction_id"]
    assert await settled(trader, own) == "REVERTED"
    assert (await trader.transaction(own))["status"] == "FAILED"
    assert (await trader.api.post("/gateway/clmm/positions/search", json={})).json()["data"] == []


async def test_an_opening_that_timed_out_and_was_dropped_has_failed_and_lets_the_next_one_pass(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(held=True, end=End.DROPPED))
    answer = await trader.open()
    await trader.peer.finish()
    assert (await trader.open()).status_code == 200
    assert await settled(trader, answer.json()["transaction_id"]) == "FAILED"


async def test_a_request_that_gateway_never_got_to_has_failed(trader: Trader) -> None:
    await trader.peer.next_answer(OPEN, status=500, message="Failed to open position")
    answer = await trader.open()
    assert answer.status_code == 202
    assert await settled(trader, answer.json()["transaction_id"]) == "FAILED"
    told = await trader.transaction(answer.json()["transaction_id"])
    assert "Failed to open position" in told["error_message"]


@pytest.mark.parametrize("lost", ["answer", "receipt"])
async def test_every_change_of_a_position_is_found_again(trader: Trader, lost: str) -> None:
    """Its answer lost on the way, or read from a null receipt before it was mined."""
    address = (await trader.opened())["position_address"]
    await trader.peer.accrue_fees(int(address), amount0=3, amount1="0.002")
    changes = {
        "add": {"base_token_amount": "0.5", "quote_token_amount": "1000"},
        "collect-fees": {},
        "remove": {"percentage": "50"},
        "close": {},
    }
    before = await trader.position(address)
    for action, fields in changes.items():
        path = {"add": "add-liquidity", "remove": "remove-liquidity", "close": "close-position"}.get(action, action)
        if lost == "answer":
            await trader.peer.next_answer(f"/connectors/uniswap/clmm/{path}", lost=True)
        else:
            await trader.peer.next_transactions(Fate(held=True))
        answer = await trader.post(f"/gateway/clmm/{action}", position_address=address, **fields)
        assert answer.status_code == 202, (action, answer.text)
        await trader.peer.finish()
        assert await settled(trader, answer.json()["transaction_id"]) == "CONFIRMED", action
    row = await trader.position(address)
    assert row["status"] == "CLOSED"
    assert (row["base_fee_collected"], row["quote_fee_collected"]) == (pytest.approx(0.002), pytest.approx(3))
    assert row["initial_base_token_amount"] == pytest.approx(before["initial_base_token_amount"] * 1.5, rel=1e-3)
    assert row["pnl_summary"]["current_base"] == pytest.approx(row["initial_base_token_amount"], rel=1e-3)
    assert row["pnl_summary"]["total_pnl_quote"] == pytest.approx(7, rel=1e-2)


async def test_a_gateway_that_is_away_is_named_and_nothing_was_sent(trader: Trader) -> None:
    await trader.peer.control("POST", "/gateway", up=False)
    answer = await trader.swap()
    assert (answer.status_code, answer.json()["code"]) == (503, "gateway_away")
    await trader.peer.control("POST", "/gateway", up=True)
    assert (await trader.swap()).status_code == 200


async def test_a_refusal_is_the_callers_and_leaves_no_swap(trader: Trader) -> None:
    answer = await trader.swap(trading_pair="WETH-NOPE")
    assert (answer.status_code, answer.json()["code"]) == (400, "gateway_refused"), answer.text
    assert await trader.swaps() == []
