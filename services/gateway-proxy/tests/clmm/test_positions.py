"""The life of a position, in the pair as the user wrote it."""

from decimal import Decimal

import pytest

from ..trader import PLACE, WETH_USDC, WETH_USDT, Trader


@pytest.mark.parametrize("token1", ["USDC", "USDT"])
async def test_a_position_opens_in_the_order_that_the_user_wrote(trader: Trader, token1: str) -> None:
    """WETH is token1 of the one pool and token0 of the other."""
    told = await trader.opened(token1=token1)
    assert (told["trading_pair"], told["status"], told["state"]) == (f"WETH-{token1}", "submitted", "CONFIRMED")
    row = await trader.position(told["position_address"])
    assert row["status"] == "OPEN"
    assert row["pool_address"] == (WETH_USDC if token1 == "USDC" else WETH_USDT)
    assert (row["lower_price"], row["upper_price"], row["in_range"]) == (1800, 2200, "IN_RANGE")
    assert row["entry_price"] == pytest.approx(2000, rel=1e-3)
    assert row["initial_base_token_amount"] == pytest.approx(1, rel=0.2)
    assert row["initial_quote_token_amount"] == pytest.approx(2000, rel=0.2)
    events = await trader.events(told["position_address"])
    assert [(each["event_type"], each["status"]) for each in events] == [("OPEN", "CONFIRMED")]


@pytest.mark.parametrize("token1", ["USDC", "USDT"])
async def test_owned_positions_have_the_same_prices(trader: Trader, token1: str) -> None:
    address = (await trader.opened(token1=token1))["position_address"]
    (owned,) = (await trader.post("/gateway/clmm/positions_owned")).json()
    assert (owned["position_address"], owned["trading_pair"]) == (address, f"WETH-{token1}")
    assert float(owned["lower_price"]) == pytest.approx(1800, rel=2e-3)
    assert float(owned["upper_price"]) == pytest.approx(2200, rel=2e-3)
    assert float(owned["current_price"]) == pytest.approx(2000, rel=1e-3)
    assert float(owned["base_token_amount"]) == pytest.approx(1, rel=0.2)
    found = await trader.api.get("/gateway/clmm/position-info", params={**PLACE, "position_address": address})
    assert found.json() == owned


async def test_owned_positions_are_asked_for_in_both_forms_and_by_pool(trader: Trader) -> None:
    first = (await trader.opened())["position_address"]
    other = (await trader.opened(token1="USDT"))["position_address"]
    plain = {"chain": "ethereum", "network": "mainnet", "connector": "uniswap", "address": trader.address}
    found = await trader.api.get("/gateway/clmm/positions_owned", params=plain)
    assert {each["position_address"] for each in found.json()} == {first, other}
    of_pool = await trader.post("/gateway/clmm/positions_owned", pool_address=WETH_USDT.lower())
    assert [each["position_address"] for each in of_pool.json()] == [other]


async def test_a_pool_by_its_address_alone_is_meant_in_its_own_order(trader: Trader) -> None:
    told = await trader.opened(
        pool_address=WETH_USDC,
        token0=None,
        token1=None,
        fee=None,
        lower_price="0.00045",
        upper_price="0.00055",
        base_token_amount="2000",
        quote_token_amount="1",
    )
    assert told["trading_pair"] == "USDC-WETH"
    row = await trader.position(told["position_address"])
    assert (row["lower_price"], row["initial_base_token_amount"]) == (0.00045, pytest.approx(2000, rel=0.2))


async def test_liquidity_is_added_and_removed_in_the_users_order(trader: Trader) -> None:
    address = (await trader.opened())["position_address"]
    before = await trader.position(address)
    await trader.good("/gateway/clmm/add", position_address=address, base_token_amount="0.5", quote_token_amount="1000")
    grown = await trader.position(address)
    assert grown["base_token_amount"] == pytest.approx(before["base_token_amount"] * 1.5, rel=1e-3)
    assert grown["initial_quote_token_amount"] == pytest.approx(before["initial_quote_token_amount"] * 1.5, rel=1e-3)
    for name in ("percentage", "percentage_to_remove"):
        answer = await trader.good("/gateway/clmm/remove", position_address=address, **{name: "50"})
        assert Decimal(answer["percentage"]) == 50
    left = await trader.position(address)
    assert left["base_token_amount"] == pytest.approx(grown["base_token_amount"] / 4, rel=1e-3)
    assert left["pnl_summary"]["current_base"] == pytest.approx(grown["base_token_amount"], rel=1e-3)
    kinds = [each["event_type"] for each in await trader.events(address)]
    assert kinds == ["REMOVE_LIQUIDITY", "REMOVE_LIQUIDITY", "ADD_LIQUIDITY", "OPEN"]


async def test_collected_fees_count_once(trader: Trader) -> None:
    """They are invisible until the position is touched; the poller that looks again adds nothing."""
    address = (await trader.opened())["position_address"]
    await trader.peer.accrue_fees(int(address), amount0=3, amount1="0.002")
    nothing = await trader.post("/gateway/clmm/collect-fees", position_address=address)
    assert (nothing.status_code, nothing.json()["detail"]) == (400, "No fees to collect")
    await trader.good("/gateway/clmm/add", position_address=address, base_token_amount="0.1", quote_token_amount="200")
    told = await trader.good("/gateway/clmm/collect-fees", position_address=address)
    assert Decimal(told["base_fee_collected"]) == Decimal("0.002")
    assert Decimal(told["quote_fee_collected"]) == 3
    assert (await trader.transaction(told["transaction_hash"]))["state"] == "CONFIRMED"
    row = await trader.position(address, refresh=True)
    assert (row["base_fee_collected"], row["quote_fee_collected"]) == (0.002, 3)
    assert (row["base_fee_pending"], row["quote_fee_pending"]) == (0, 0)
    assert row["pnl_summary"]["total_fees_value_quote"] == pytest.approx(7, rel=1e-2)


async def test_a_closing_tells_fees_from_principal(trader: Trader) -> None:
    """Gateway reports both as removed."""
    address = (await trader.opened())["position_address"]
    before = await trader.position(address, refresh=True)
    await trader.peer.accrue_fees(int(address), amount0=3, amount1="0.002")
    told = await trader.good("/gateway/clmm/close", position_address=address)
    assert float(told["base_fee_collected"]) == pytest.approx(0.002, rel=1e-6)
    assert float(told["quote_fee_collected"]) == pytest.approx(3, rel=1e-6)
    row = await trader.position(address)
    assert (row["status"], row["base_token_amount"]) == ("CLOSED", 0)
    assert row["closed_at"] is not None
    assert row["quote_fee_collected"] == pytest.approx(3, rel=1e-6)
    assert row["pnl_summary"]["current_base"] == pytest.approx(before["base_token_amount"], rel=1e-6)
    assert row["pnl_summary"]["total_pnl_quote"] == pytest.approx(7, rel=1e-2)
    assert [each["event_type"] for each in await trader.events(address)] == ["CLOSE", "OPEN"]


async def test_the_reference_form_closes_too(trader: Trader) -> None:
    address = (await trader.opened())["position_address"]
    asked = {"chain": "ethereum", "network": "mainnet", "connector": "uniswap", "address": trader.address}
    answer = await trader.api.post("/gateway/clmm/close", json={**asked, "position_id": address})
    assert answer.status_code == 200, answer.text


async def test_a_closed_position_is_not_found_and_a_dead_node_is_said_to_be_dead(trader: Trader) -> None:
    address = (await trader.opened())["position_address"]
    await trader.good("/gateway/clmm/close", position_address=address)
    asked = {**PLACE, "position_address": address}
    gone = await trader.api.get("/gateway/clmm/position-info", params=asked)
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown_position")
    again = await trader.post("/gateway/clmm/close", position_address=address)
    assert (again.status_code, again.json()["code"]) == (404, "unknown_position")
    await trader.peer.links(gateway="refused")
    dead = await trader.api.get("/gateway/clmm/position-info", params=asked)
    assert (dead.status_code, dead.json()["code"]) == (503, "node_unreachable")
    owned = await trader.post("/gateway/clmm/positions_owned")
    assert owned.status_code == 503


async def test_a_position_closed_elsewhere_is_seen_at_the_refresh(trader: Trader) -> None:
    address = (await trader.opened())["position_address"]
    async with trader.peer.client() as gateway:
        asked = {"network": "mainnet", "walletAddress": trader.address, "positionAddress": address}
        assert (await gateway.post("/connectors/uniswap/clmm/close-position", json=asked)).status_code == 200
    await trader.peer.links(gateway="refused")
    assert (await trader.position(address, refresh=True))["status"] == "OPEN"
    await trader.peer.links(gateway="alive")
    assert (await trader.position(address, refresh=True))["status"] == "CLOSED"


async def test_a_position_opened_elsewhere_is_remembered_when_it_is_touched(trader: Trader) -> None:
    async with trader.peer.client() as gateway:
        asked = {
            "network": "mainnet",
            "walletAddress": trader.address,
            "poolAddress": WETH_USDC,
            "lowerPrice": 1 / 2200,
            "upperPrice": 1 / 1800,
            "baseTokenAmount": 2000,
            "quoteTokenAmount": 1,
        }
        told = await gateway.post("/connectors/uniswap/clmm/open-position", json=asked)
    address = told.json()["data"]["positionAddress"]
    await trader.good("/gateway/clmm/remove", position_address=address, percentage="10")
    kinds = [each["event_type"] for each in await trader.events(address)]
    assert kinds == ["REMOVE_LIQUIDITY", "DISCOVERED"]
    row = await trader.position(address)
    assert row["initial_base_token_amount"] > row["base_token_amount"] > 0


async def test_a_missing_allowance_names_the_spender_and_the_call(trader: Trader) -> None:
    answer = await trader.open(base_token_amount="0.5", quote_token_amount="1000", token1="DAI", fee="LOW")
    assert answer.status_code == 404
    async with trader.peer.client() as gateway:
        asked = {"network": "mainnet", "address": trader.address, "spender": "uniswap/clmm", "token": "USDC"}
        await gateway.post("/chains/ethereum/approve", json={**asked, "amount": "5"})
    answer = await trader.open()
    assert (answer.status_code, answer.json()["code"]) == (400, "insufficient_allowance")
    assert all(word in answer.json()["detail"] for word in ("uniswap/clmm", "USDC", "POST /chains/ethereum/approve"))
    assert await trader.peer.requests("/connectors/uniswap/clmm/open-position") == []


async def test_a_range_is_quoted_in_the_users_order(trader: Trader) -> None:
    asked = {"token0": "WETH", "token1": "USDC", "fee": "LOW", "lower_price": "1800", "upper_price": "2200"}
    told = await trader.good("/gateway/clmm/quote-position", base_token_amount="1", **asked)
    assert float(told["base_token_amount"]) == pytest.approx(1, rel=1e-3)
    assert 1500 < float(told["quote_token_amount"]) < 2500


async def test_pools_are_not_created(trader: Trader) -> None:
    answer = await trader.post("/gateway/clmm/create-pool", base_token="WETH", quote_token="USDC")
    assert (answer.status_code, answer.json()["code"]) == (501, "no_pool_creation")
