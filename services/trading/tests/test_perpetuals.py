"""Leverage, position mode, positions, funding and flattening, at the sandbox's futures."""

from decimal import Decimal
from typing import Any

import pytest

from aviary_common.bus import Bus
from aviary_messages.events import FundingSettled, LeverageChanged, PositionChanged, PositionModeChanged
from aviary_testing.waiting import eventually
from aviary_trading.funding.schemas import FundingPaymentOut
from aviary_trading.positions.schemas import PositionOut

from .trader import Trader

Json = dict[str, Any]


async def buy(trader: Trader, amount: str = "0.01", **order: object) -> str:
    """At market, until it is filled."""
    placed = await trader.place(order_type="MARKET", price=None, amount=amount, **order)
    assert placed.status_code == 201, placed.text
    order_id: str = placed.json()["order_id"]
    await eventually(lambda: _has(trader, order_id, "FILLED"))
    return order_id


async def positions(trader: Trader, **filters: object) -> list[Json]:
    answer = await trader.api.post("/trading/positions", json={"account_names": [trader.account], **filters})
    assert answer.status_code == 200, answer.text
    data: list[Json] = answer.json()["data"]
    return data


async def payments(trader: Trader, **filters: object) -> list[Json]:
    body = {"account_names": [trader.account], **filters}
    answer = await trader.api.post("/trading/funding-payments", json=body)
    assert answer.status_code == 200, answer.text
    data: list[Json] = answer.json()["data"]
    return data


async def mode(trader: Trader, wanted: str | None = None) -> Any:
    path = f"/trading/{trader.account}/{trader.connector}/position-mode"
    return await (trader.api.get(path) if wanted is None else trader.api.post(path, json={"position_mode": wanted}))


async def leverage(trader: Trader, value: object, pair: str = "BTC-USDT") -> Any:
    path = f"/trading/{trader.account}/{trader.connector}/leverage"
    return await trader.api.post(path, json={"trading_pair": pair, "leverage": value})


async def test_a_position_is_listed_as_the_venue_has_it(perpetual: Trader) -> None:
    assert (await leverage(perpetual, 7)).json()["status"] == "success"
    await buy(perpetual, "0.012")
    (position,) = await positions(perpetual)
    assert set(position) == set(PositionOut.model_fields)
    assert (position["side"], position["position_side"], position["amount"]) == ("LONG", "LONG", 0.012)
    assert position["leverage"] == 7
    assert position["entry_price"] > 0
    assert position["mark_price"] > 0
    assert await positions(perpetual, trading_pairs=["eth-usdt"]) == []
    assert await positions(perpetual, connectors=["sandbox"]) == []


async def test_closing_reduces_and_never_turns_the_position(perpetual: Trader) -> None:
    await buy(perpetual, "0.01")
    order = {"trade_type": "SELL", "position_action": "close", "order_type": "MARKET", "price": None}
    assert (await perpetual.place(amount="0.05", **order)).status_code == 201
    await eventually(lambda: _none(perpetual))


async def test_hedge_mode_keeps_two_legs_apart(perpetual: Trader) -> None:
    assert (await mode(perpetual)).json() == {
        "position_mode": "ONEWAY",
        "connector": "sandbox_perpetual",
        "account": perpetual.account,
    }
    assert (await mode(perpetual, "hedge")).json()["status"] == "success"
    assert (await mode(perpetual)).json()["position_mode"] == "HEDGE"
    await buy(perpetual, "0.02")
    await buy(perpetual, "0.01", trade_type="SELL")
    assert {(item["side"], item["amount"]) for item in await positions(perpetual)} == {("LONG", 0.02), ("SHORT", 0.01)}
    first = await perpetual.api.post("/trading/positions", json={"account_names": [perpetual.account], "limit": 1})
    second = await perpetual.api.post(
        "/trading/positions",
        json={"account_names": [perpetual.account], "limit": 1, "cursor": first.json()["next_cursor"]},
    )
    assert {page.json()["data"][0]["side"] for page in (first, second)} == {"LONG", "SHORT"}
    await buy(perpetual, "0.02", trade_type="SELL", position_action="CLOSE")
    await eventually(lambda: _sides(perpetual, {"SHORT"}))


@pytest.mark.parametrize("written", ["ONEWAY", "one-way", "One_Way"])
async def test_the_mode_is_taken_in_any_spelling(perpetual: Trader, written: str) -> None:
    assert (await mode(perpetual, "HEDGE")).status_code == 200
    assert (await mode(perpetual, written)).status_code == 200
    assert (await mode(perpetual)).json()["position_mode"] == "ONEWAY"


async def test_a_mode_that_does_not_exist_is_refused_naming_those_that_do(perpetual: Trader) -> None:
    answer = await mode(perpetual, "sideways")
    assert answer.status_code == 400
    assert "ONEWAY, HEDGE" in answer.json()["detail"]


async def test_the_venue_refuses_to_switch_with_an_open_position(perpetual: Trader) -> None:
    await buy(perpetual)
    answer = await mode(perpetual, "HEDGE")
    assert (answer.status_code, answer.json()["code"]) == (400, "venue_refused")
    assert (await mode(perpetual)).json()["position_mode"] == "ONEWAY"


@pytest.mark.parametrize("wrong", [0, 126, 1.5, "much"])
async def test_leverage_outside_1_to_125_is_422(perpetual: Trader, wrong: object) -> None:
    assert (await leverage(perpetual, wrong)).status_code == 422


async def test_leverage_of_an_unlisted_pair_is_404(perpetual: Trader) -> None:
    assert (await leverage(perpetual, 5, "NO-PAIR")).json()["code"] == "unknown_pair"


async def test_a_spot_connector_has_neither_leverage_nor_mode(trader: Trader) -> None:
    for answer in (await mode(trader), await mode(trader, "HEDGE"), await leverage(trader, 2)):
        assert (answer.status_code, answer.json()["code"]) == (400, "not_perpetual")


async def test_funding_is_stored_once_and_listed_newest_first(perpetual: Trader) -> None:
    await buy(perpetual, "0.02")
    for _ in range(2):
        await perpetual.venue.control("POST", "/funding", symbol="BTCUSDT")
    await eventually(lambda: _paid(perpetual, 2), within_s=20)
    both = await payments(perpetual, trading_pair="BTC-USDT")
    assert [item["timestamp"] for item in both] == sorted((item["timestamp"] for item in both), reverse=True)
    for item in both:
        assert set(item) == set(FundingPaymentOut.model_fields)
        FundingPaymentOut.model_validate(item)
    assert await payments(perpetual, trading_pairs=["ETH-USDT"]) == []
    assert await payments(perpetual, start_time=4_000_000_000) == []
    books = await perpetual.books()
    income = sum(Decimal(str(item["income"])) for item in books["futures"].get("income", []) if _is_funding(item))
    if income:
        assert sum(Decimal(str(item["funding_payment"])) for item in both) == income


async def test_panic_flattens_perpetuals(perpetual: Trader) -> None:
    await buy(perpetual, "0.02")
    (position,) = await positions(perpetual)
    below = str(round(position["mark_price"] * 0.97))
    assert (await perpetual.place(client_order_id="resting", price=below, amount="0.005")).status_code == 201
    body = {"account_names": [perpetual.account], "flatten": True}
    report = (await perpetual.api.post("/trading/panic", json=body)).json()
    (cleared,) = report["connectors"]
    assert (cleared["cancelled"], cleared["still_open"], cleared["problem"]) == (1, 0, None)
    assert [(item["side"], item["amount"]) for item in cleared["closing"]] == [("LONG", "0.02")]
    await eventually(lambda: _none(perpetual))
    await perpetual.api.post("/trading/panic/release", json={"account_names": [perpetual.account]})


async def test_changes_are_told(perpetual: Trader, accounts_bus: Bus) -> None:
    told: set[type] = set()

    async def hear(event: LeverageChanged | PositionModeChanged | PositionChanged | FundingSettled) -> None:
        if event.account_name == perpetual.account:
            told.add(type(event))

    for kind in (LeverageChanged, PositionModeChanged, PositionChanged, FundingSettled):
        await accounts_bus.listen(kind, hear)
    await leverage(perpetual, 3)
    await mode(perpetual, "HEDGE")
    await buy(perpetual)
    await eventually(lambda: PositionChanged in told, within_s=20)
    await perpetual.venue.control("POST", "/funding", symbol="BTCUSDT")
    await eventually(
        lambda: told == {LeverageChanged, PositionModeChanged, PositionChanged, FundingSettled}, within_s=20
    )


async def _has(trader: Trader, client_order_id: str, status: str) -> bool:
    return await trader.status(client_order_id) == status


async def _none(trader: Trader) -> bool:
    return await positions(trader) == []


async def _sides(trader: Trader, sides: set[str]) -> bool:
    return {item["side"] for item in await positions(trader)} == sides


async def _paid(trader: Trader, count: int) -> bool:
    return len(await payments(trader)) == count


def _is_funding(item: object) -> bool:
    return isinstance(item, dict) and item.get("incomeType") == "FUNDING_FEE"
