"""Swaps in both forms, and in the pair as the user wrote it."""

from decimal import Decimal

import pytest

from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.transactions import Fate

from ..trader import Trader

REFERENCE = {"chain": "ethereum", "network": "mainnet", "connector": "uniswap", "base": "WETH", "quote": "USDC"}
CLIENT = {"network": "ethereum-mainnet", "connector": "uniswap", "trading_pair": "weth-usdc"}


@pytest.mark.parametrize("form", [REFERENCE, CLIENT, CLIENT | {"connector": "uniswap/clmm"}], ids=str)
@pytest.mark.parametrize("side", ["BUY", "sell", '"SELL"'])
async def test_a_quote_is_priced_in_quote_per_base(trader: Trader, form: dict[str, str], side: str) -> None:
    answer = await trader.api.post("/gateway/swap/quote", json={**form, "side": side, "amount": "0.5"})
    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert (told["base"], told["quote"], told["amount"]) == ("WETH", "USDC", "0.5")
    assert float(told["price"]) == pytest.approx(2000, rel=5e-3)
    base, quote = (told["amount_out"], told["amount_in"]) if side == "BUY" else (told["amount_in"], told["amount_out"])
    assert float(base) == pytest.approx(0.5)
    assert float(quote) == pytest.approx(1000, rel=5e-3)


@pytest.mark.parametrize(
    ("written", "meant"),
    [({"allowedSlippage": "1.5%"}, "1.5"), ({"allowedSlippage": "1/100"}, "1"), ({"slippage_pct": 0.5}, "0.5")],
)
async def test_slippage_is_taken_in_every_form(trader: Trader, written: dict[str, object], meant: str) -> None:
    asked = {**REFERENCE, "side": "BUY", "amount": "0.5", "address": trader.address, **written}
    answer = await trader.api.post("/gateway/swap/execute", json=asked)
    assert answer.status_code == 200, answer.text
    (sent,) = await trader.peer.requests("/connectors/uniswap/router/execute-swap")
    assert Decimal(sent["body"]["slippagePct"]) == Decimal(meant)
    assert sent["body"]["walletAddress"] == trader.address


async def test_the_default_wallet_and_the_extra_parameters_are_used(trader: Trader) -> None:
    asked = {**CLIENT, "side": "SELL", "amount": "0.5", "extra_params": {"maxHops": 2, "amount": "7"}}
    missing = await trader.api.post("/gateway/swap/execute", json=asked)
    assert (missing.status_code, missing.json()["code"]) == (404, "no_default_wallet")
    async with trader.peer.client() as gateway:
        await gateway.post("/wallet/setDefault", json={"chain": "ethereum", "address": trader.address})
    assert (await trader.api.post("/gateway/swap/execute", json=asked)).status_code == 200
    (sent,) = await trader.peer.requests("/connectors/uniswap/router/execute-swap")
    assert (sent["body"]["maxHops"], sent["body"]["amount"]) == (2, "0.5")
    assert sent["body"]["walletAddress"] == trader.address


@pytest.mark.parametrize("side", ["BUY", "SELL"])
async def test_what_is_stored_is_in_the_users_order(trader: Trader, side: str) -> None:
    assert (await trader.swap(side=side, amount="0.5")).status_code == 200
    (row,) = await trader.swaps()
    assert (row["side"], row["base_token"], row["quote_token"]) == (side, "WETH", "USDC")
    assert row["price"] == pytest.approx(2000, rel=5e-3)
    base = row["output_amount"] if side == "BUY" else row["input_amount"]
    assert base == pytest.approx(0.5)
    assert (row["network"], row["connector"]) == ("ethereum-mainnet", "uniswap")


async def test_a_quote_is_executed_by_its_id(trader: Trader) -> None:
    asked = {"trading_pair": "WETH-USDC", "side": "SELL", "amount": "0.5"}
    quote = await trader.good("/gateway/swap/quote", **asked)
    told = await trader.good("/gateway/swap/execute-quote", quote_id=quote["quote_id"], **asked)
    assert (told["status"], told["state"]) == ("submitted", "CONFIRMED")
    assert (await trader.swaps())[0]["quote_id"] == quote["quote_id"]


async def test_a_lost_quote_is_said_to_be_lost(trader: Trader) -> None:
    asked = {"trading_pair": "WETH-USDC", "side": "SELL", "amount": "0.5"}
    quote = await trader.good("/gateway/swap/quote", **asked)
    await trader.good("/gateway/swap/execute-quote", quote_id=quote["quote_id"], **asked)
    again = await trader.post("/gateway/swap/execute-quote", quote_id=quote["quote_id"], **asked)
    assert (again.status_code, again.json()["code"]) == (404, "quote_lost")
    assert len(await trader.swaps()) == 1


async def test_the_status_is_looked_up_when_it_is_asked_for(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(held=True))
    key = (await trader.swap()).json()["transaction_hash"]
    assert (await trader.api.get(f"/gateway/swaps/{key}/status")).json()["status"] == "SUBMITTED"
    await trader.peer.finish(key)
    found = await trader.api.get(f"/gateway/swaps/{key}/status")
    assert found.json()["status"] == "CONFIRMED"
    assert found.json() == (await trader.swaps())[0]


async def test_an_unknown_swap_is_not_found(trader: Trader) -> None:
    answer = await trader.api.get(f"/gateway/swaps/0x{'0' * 64}/status")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_transaction")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"connector": "uniswop"}, 404, "unknown_connector"),
        ({"connector": "jupiter/clmm"}, 422, "unknown_trading_type"),
        ({"network": "ethereum-mars"}, 404, "unknown_network"),
        ({"chain": "solana"}, 404, "unknown_chain"),
        ({"wallet_address": "0x12"}, 422, "malformed_address"),
    ],
)
async def test_what_is_wrong_is_named(trader: Trader, wrong: dict[str, str], status: int, code: str) -> None:
    answer = await trader.swap(**wrong)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await trader.peer.requests("/connectors/uniswap/router/execute-swap") == []


async def test_a_missing_allowance_names_the_spender(trader: Trader) -> None:
    async with trader.peer.client() as gateway:
        asked = {"network": "mainnet", "address": trader.address, "spender": "uniswap/clmm/swap", "token": "USDC"}
        await gateway.post("/chains/ethereum/approve", json={**asked, "amount": "1"})
    answer = await trader.swap(side="BUY", connector="uniswap/clmm")
    assert (answer.status_code, answer.json()["code"]) == (400, "insufficient_allowance"), answer.text
    assert await trader.swaps() == []


async def test_events_tell_of_the_end(trader: Trader, told_events: list[dict[str, object]]) -> None:
    await trader.peer.next_transactions(Fate(held=True))
    key = (await trader.swap()).json()["transaction_hash"]
    await trader.peer.finish(key)
    await eventually(lambda: len([each for each in told_events if each["transaction_hash"] == key]) == 2)
    first, last = (each for each in told_events if each["transaction_hash"] == key)
    assert (first["state"], last["state"], last["kind"]) == ("SUBMITTED", "CONFIRMED", "swap")
    assert last["wallet_address"] == trader.address
