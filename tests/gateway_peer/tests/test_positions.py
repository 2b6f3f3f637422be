from typing import Any

import pytest

from tests.gateway_peer.chain.transactions import Fate
from tests.gateway_peer.networks import WETH_USDC_POOL, WETH_USDT_POOL
from tests.gateway_peer.peer import GatewayPeer
from tests.gateway_peer.tests.asking import ADDRESS, Asker

CLMM = "/connectors/uniswap/clmm"
MINE = {"network": "mainnet", "walletAddress": ADDRESS}
FLIPPED = {
    **MINE, "poolAddress": WETH_USDC_POOL, "lowerPrice": 1 / 2200, "upperPrice": 1 / 1800,
    "baseTokenAmount": 2000, "quoteTokenAmount": 1, "slippagePct": 1,
}  # fmt: skip
STRAIGHT = {
    **MINE, "poolAddress": WETH_USDT_POOL, "lowerPrice": 1800, "upperPrice": 2200,
    "baseTokenAmount": 1, "quoteTokenAmount": 2000, "slippagePct": 1,
}  # fmt: skip


@pytest.fixture
async def trader(gateway: Asker, wallet: str) -> Asker:
    await gateway.approve("uniswap/clmm", "WETH", "USDC", "USDT")
    return gateway


async def _open(trader: Asker, request: dict[str, Any]) -> str:
    return str((await trader.post(f"{CLMM}/open-position", **request))["data"]["positionAddress"])


def _of(position: str) -> dict[str, str]:
    return {**MINE, "positionAddress": position}


async def test_pool_info_has_token0_as_base(gateway: Asker) -> None:
    pool = await gateway.get(f"{CLMM}/pool-info", network="mainnet", poolAddress=WETH_USDC_POOL.lower())
    assert set(pool) == {
        "address", "baseTokenAddress", "quoteTokenAddress", "feePct", "price",
        "baseTokenAmount", "quoteTokenAmount", "activeBinId", "binStep",
    }  # fmt: skip
    assert (pool["feePct"], pool["binStep"]) == (0.05, 10)
    assert pool["price"] == pytest.approx(0.0005)


async def test_trap_17_a_pools_amounts_are_its_liquidity(gateway: Asker) -> None:
    pool = await gateway.get(f"{CLMM}/pool-info", network="mainnet", poolAddress=WETH_USDC_POOL)
    assert pool["baseTokenAmount"] == pytest.approx(pool["quoteTokenAmount"] * 10**12)


async def test_trap_13_a_flipped_request_opens_and_a_naive_one_is_a_500(trader: Asker) -> None:
    naive = {**FLIPPED, "lowerPrice": 1800, "upperPrice": 2200, "baseTokenAmount": 1, "quoteTokenAmount": 2000}
    await trader.post_refused(500, f"{CLMM}/open-position", **naive)
    opened = await trader.post(f"{CLMM}/open-position", **FLIPPED)
    data = opened["data"]
    assert set(data) == {"fee", "positionAddress", "positionRent", "baseTokenAmountAdded", "quoteTokenAmountAdded"}
    assert data["positionAddress"] == "1"
    assert 1500 < data["baseTokenAmountAdded"] <= 2000
    assert data["quoteTokenAmountAdded"] <= 1


async def test_trap_13_a_position_calls_weth_the_base_and_keeps_its_prices(trader: Asker) -> None:
    position = await trader.get(f"{CLMM}/position-info", **_of(await _open(trader, FLIPPED)))
    assert set(position) == {
        "address", "poolAddress", "baseTokenAddress", "quoteTokenAddress", "baseTokenAmount", "quoteTokenAmount",
        "baseFeeAmount", "quoteFeeAmount", "lowerBinId", "upperBinId", "lowerPrice", "upperPrice", "price",
    }  # fmt: skip
    assert position["baseTokenAddress"].startswith("0xC02a")
    assert position["baseTokenAmount"] <= 1
    assert position["price"] == pytest.approx(0.0005)
    assert position["lowerPrice"] == pytest.approx(1 / 2200, rel=0.001)
    assert position["upperPrice"] == pytest.approx(1 / 1800, rel=0.001)


async def test_trap_13_weth_usdt_needs_no_flip(trader: Asker) -> None:
    position = await trader.get(f"{CLMM}/position-info", **_of(await _open(trader, STRAIGHT)))
    assert position["baseTokenAddress"].startswith("0xC02a")
    assert position["price"] == pytest.approx(2000)
    assert position["quoteTokenAmount"] <= 2000


async def test_trap_16_positions_owned_ignores_the_pool(trader: Asker) -> None:
    await _open(trader, FLIPPED)
    await _open(trader, STRAIGHT)
    owned = await trader.get(f"{CLMM}/positions-owned", **MINE, poolAddress=WETH_USDT_POOL)
    assert [each["address"] for each in owned] == ["1", "2"]
    stranger = await trader.get(f"{CLMM}/positions-owned", network="mainnet", walletAddress="0x" + "1" * 40)
    assert stranger == []


async def test_quote_position_says_what_would_be_used(trader: Asker) -> None:
    asked = {name: FLIPPED[name] for name in ("network", "poolAddress", "lowerPrice", "upperPrice", "baseTokenAmount")}
    quote = await trader.get(f"{CLMM}/quote-position", **asked)
    assert set(quote) == {
        "baseLimited", "baseTokenAmount", "quoteTokenAmount", "baseTokenAmountMax", "quoteTokenAmountMax", "liquidity",
    }  # fmt: skip
    assert quote["baseTokenAmount"] == pytest.approx(2000)
    assert 0.5 < quote["quoteTokenAmount"] < 1.5


async def test_trap_12_fees_are_unseen_until_somebody_touches_the_position(peer: GatewayPeer, trader: Asker) -> None:
    position = await _open(trader, STRAIGHT)
    await peer.accrue_fees(int(position), amount0="0.002")
    assert (await trader.get(f"{CLMM}/position-info", **_of(position)))["baseFeeAmount"] == 0
    assert await trader.post_refused(400, f"{CLMM}/collect-fees", **_of(position)) == "No fees to collect"
    added = await trader.post(
        f"{CLMM}/add-liquidity", **_of(position), baseTokenAmount=0.1, quoteTokenAmount=200, slippagePct=1
    )
    assert set(added["data"]) == {"fee", "baseTokenAmountAdded", "quoteTokenAmountAdded"}
    assert (await trader.get(f"{CLMM}/position-info", **_of(position)))["baseFeeAmount"] == 0.002
    collected = await trader.post(f"{CLMM}/collect-fees", **_of(position))
    assert collected["data"]["baseFeeAmountCollected"] == 0.002
    await trader.post_refused(400, f"{CLMM}/collect-fees", **_of(position))


async def test_trap_12_close_reports_unseen_fees_as_principal(peer: GatewayPeer, trader: Asker) -> None:
    position = await _open(trader, STRAIGHT)
    held = await trader.get(f"{CLMM}/position-info", **_of(position))
    await peer.accrue_fees(int(position), amount0="0.002")
    data = (await trader.post(f"{CLMM}/close-position", **_of(position)))["data"]
    assert data["baseTokenAmountRemoved"] == pytest.approx(held["baseTokenAmount"] + 0.002)
    assert (data["baseFeeAmountCollected"], data["positionRentRefunded"]) == (0, 0)
    assert await trader.balance("WETH") == pytest.approx(50.002)


async def test_trap_11_a_closed_position_is_a_500_and_an_unknown_one_not_to_be_closed(trader: Asker) -> None:
    position = await _open(trader, STRAIGHT)
    await trader.post(f"{CLMM}/close-position", **_of(position))
    for gone in (position, "77"):
        message = await trader.get_refused(500, f"{CLMM}/position-info", **_of(gone))
        assert message == "Failed to get position info"
    assert await trader.post_refused(400, f"{CLMM}/close-position", **_of("77")) == "Invalid position ID 77"


async def test_liquidity_is_removed_in_parts(trader: Asker) -> None:
    position = await _open(trader, STRAIGHT)
    before = await trader.get(f"{CLMM}/position-info", **_of(position))
    removed = await trader.post(f"{CLMM}/remove-liquidity", **_of(position), percentageToRemove=25)
    assert removed["data"]["baseTokenAmountRemoved"] == pytest.approx(before["baseTokenAmount"] / 4)
    after = await trader.get(f"{CLMM}/position-info", **_of(position))
    assert after["baseTokenAmount"] == pytest.approx(before["baseTokenAmount"] * 0.75)


async def test_trap_7_an_opening_that_timed_out_has_opened_later(peer: GatewayPeer, trader: Asker) -> None:
    await peer.next_transactions(Fate(held=True))
    assert await trader.post_refused(500, f"{CLMM}/open-position", **STRAIGHT) == "Failed to open position"
    assert await trader.get(f"{CLMM}/positions-owned", **MINE) == []
    await peer.finish()
    assert len(await trader.get(f"{CLMM}/positions-owned", **MINE)) == 1


async def test_a_price_outside_the_range_leaves_one_token(peer: GatewayPeer, trader: Asker) -> None:
    position = await _open(trader, STRAIGHT)
    await peer.move_price(WETH_USDT_POOL, 2500)
    moved = await trader.get(f"{CLMM}/position-info", **_of(position))
    assert (moved["baseTokenAmount"], moved["price"]) == (0, pytest.approx(2500))
    assert moved["quoteTokenAmount"] > 3500


async def test_swaps_pay_fees_to_the_positions_in_range(peer: GatewayPeer, trader: Asker) -> None:
    await _open(trader, STRAIGHT)
    await trader.approve("uniswap/router", "WETH")
    swap = {**MINE, "baseToken": "WETH", "quoteToken": "USDT", "amount": 10, "side": "SELL", "slippagePct": 5}
    await trader.post("/connectors/uniswap/router/execute-swap", **swap)
    [position] = await peer.positions()
    assert position["unseen0"] > 0
    assert position["baseFeeAmount"] == 0


async def test_opening_needs_the_position_managers_allowance(gateway: Asker, wallet: str) -> None:
    message = await gateway.post_refused(400, f"{CLMM}/open-position", **STRAIGHT)
    assert 'spender: "uniswap/clmm"' in message


async def test_trading_has_the_same_positions(trader: Asker) -> None:
    place = {"connector": "uniswap", "chainNetwork": "ethereum-mainnet"}
    opened = await trader.post("/trading/clmm/open", **place, **STRAIGHT)
    position = {**place, "walletAddress": ADDRESS, "positionAddress": opened["data"]["positionAddress"]}
    assert (await trader.get("/trading/clmm/pool-info", **place, poolAddress=WETH_USDT_POOL))["feePct"] == 0.05
    assert len(await trader.get("/trading/clmm/positions-owned", **place, walletAddress=ADDRESS)) == 1
    await trader.get("/trading/clmm/quote-position", **place, **STRAIGHT)
    await trader.post("/trading/clmm/add", **position, baseTokenAmount=0.1, quoteTokenAmount=200)
    await trader.post("/trading/clmm/remove", **position, percentageToRemove=50)
    await trader.post_refused(400, "/trading/clmm/collect-fees", **position)
    await trader.get("/trading/clmm/position-info", **position)
    await trader.post("/trading/clmm/close", **position)
    message = await trader.get_refused(400, "/trading/clmm/position-info", **place)
    assert message == "querystring must have required property 'positionAddress'"
