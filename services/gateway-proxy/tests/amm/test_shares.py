"""Liquidity in plain pools: shares of a pool, in the pool's own order."""

from typing import Any

import pytest

from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.transactions import End, Fate

from ..trader import PLACE, Trader

PAIR = "0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc"
AMOUNTS = {"base_token_amount": "2000", "quote_token_amount": "1"}
"""USDC is token0, and so the base."""


async def added(trader: Trader) -> dict[str, Any]:
    return await trader.good("/gateway/amm/add-liquidity", pool_address=PAIR, **AMOUNTS)


async def allow_shares(trader: Trader) -> None:
    """Gateway finds the share's token for an approval only when it is in its list."""
    async with trader.peer.client() as gateway:
        token = {"address": PAIR, "symbol": "UNI-V2", "name": "Uniswap V2", "decimals": 18}
        await gateway.post("/tokens", json={"chain": "ethereum", "network": "mainnet", "token": token})
        asked = {"network": "mainnet", "address": trader.address, "spender": "uniswap/amm", "token": "UNI-V2"}
        assert (await gateway.post("/chains/ethereum/approve", json=asked)).status_code == 200


async def test_a_pool_is_shown_in_its_own_order(trader: Trader) -> None:
    found = await trader.api.get("/gateway/amm/pool-info", params={**PLACE, "pool_address": PAIR})
    told = found.json()
    assert (told["trading_pair"], float(told["price"])) == ("USDC-WETH", pytest.approx(0.0005, rel=1e-3))


async def test_a_dead_node_is_no_missing_pool(trader: Trader) -> None:
    asked = {**PLACE, "pool_address": PAIR}
    unknown = await trader.api.get("/gateway/amm/pool-info", params=asked | {"pool_address": "0x" + "1" * 40})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_pool")
    await trader.peer.links(gateway="refused")
    dead = await trader.api.get("/gateway/amm/pool-info", params=asked)
    assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable")


async def test_liquidity_is_quoted(trader: Trader) -> None:
    told = await trader.good("/gateway/amm/quote-liquidity", pool_address=PAIR, **AMOUNTS)
    assert float(told["base_token_amount"]) == pytest.approx(2000, rel=1e-3)


async def test_shares_are_added_shown_and_removed(trader: Trader) -> None:
    told = await added(trader)
    assert (told["pool_address"], told["status"], told["state"]) == (PAIR, "submitted", "CONFIRMED")
    asked = {**PLACE, "pool_address": PAIR, "wallet_address": trader.address}
    share = (await trader.api.get("/gateway/amm/position-info", params=asked)).json()
    assert float(share["base_token_amount"]) == pytest.approx(2000, rel=1e-2)
    (owned,) = (await trader.post("/gateway/amm/positions-owned")).json()
    assert owned == share
    await allow_shares(trader)
    await trader.good("/gateway/amm/remove-liquidity", pool_address=PAIR, percentage_to_remove="100")
    assert (await trader.post("/gateway/amm/positions-owned")).json() == []
    found = await trader.api.post("/gateway/amm/events/search", params={"wallet_address": trader.address})
    kinds = [(each["event_type"], each["status"]) for each in found.json()["data"]]
    assert kinds == [("REMOVE_LIQUIDITY", "CONFIRMED"), ("ADD_LIQUIDITY", "CONFIRMED")]
    (row,) = (await trader.api.post("/gateway/amm/positions/search", params={"status": "closed"})).json()["data"]
    assert row["deposited_base_amount"] == pytest.approx(2000, rel=1e-2)
    assert row["withdrawn_base_amount"] == pytest.approx(row["deposited_base_amount"], rel=1e-6)


async def test_an_addition_that_timed_out_and_was_mined_is_found_again(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(held=True))
    answer = await trader.post("/gateway/amm/add-liquidity", pool_address=PAIR, **AMOUNTS)
    assert (answer.status_code, answer.json()["status"]) == (202, "unknown")
    await trader.peer.finish()
    await eventually(lambda: _has_state(trader, answer.json()["transaction_id"], "CONFIRMED"))
    (row,) = (await trader.api.post("/gateway/amm/positions/search")).json()["data"]
    assert row["deposited_base_amount"] == pytest.approx(2000, rel=1e-2)


async def test_a_reverted_addition_counts_for_nothing(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(end=End.REVERTED))
    answer = await trader.post("/gateway/amm/add-liquidity", pool_address=PAIR, **AMOUNTS)
    assert (answer.status_code, answer.json()["code"]) == (409, "transaction_reverted")
    assert (await trader.api.post("/gateway/amm/positions/search")).json()["data"] == []
    events = (await trader.api.post("/gateway/amm/events/search", params={"status": "FAILED"})).json()["data"]
    assert [each["state"] for each in events] == ["REVERTED"]


async def test_pools_are_not_created(trader: Trader) -> None:
    assert (await trader.post("/gateway/amm/create-pool", base_token="WETH")).status_code == 501


async def _has_state(trader: Trader, key: str, state: str) -> bool:
    return await trader.state(key) == state
