"""Limits before every send, and the panic switch."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from aviary_common.bus import Bus
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import Accepted, NewOrder, OrderType, TradeType
from aviary_exchange.venues import open_private
from aviary_messages.events import TradingHalted, TradingReleased
from aviary_testing.waiting import eventually

from .trader import Trader


async def limit(trader: Trader, **limits: object) -> None:
    answer = await trader.api.put(f"/trading/risk-limits/{trader.account}", json=limits)
    assert answer.status_code == 200, answer.text


async def panic(trader: Trader, **options: object) -> dict[str, Any]:
    answer = await trader.api.post("/trading/panic", json={"account_names": [trader.account], **options})
    assert answer.status_code in {200, 202}, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def release(trader: Trader) -> list[str]:
    answer = await trader.api.post("/trading/panic/release", json={"account_names": [trader.account]})
    released: list[str] = answer.json()["released"]
    return released


async def refused(trader: Trader, words: str, **order: object) -> None:
    answer = await trader.place(**order)
    assert (answer.status_code, answer.json()["code"]) == (403, "risk_limit")
    assert words in answer.json()["detail"]


async def test_an_order_above_the_notional_is_refused_and_not_sent(trader: Trader) -> None:
    await limit(trader, max_order_notional=50)
    await refused(trader, "worth 60.00 USD; 50 are allowed", amount="0.002", price="30000")
    assert (await trader.place(amount="0.001", price="30000")).status_code == 201
    await refused(trader, "worth 120.00 USD", order_type="MARKET", price=None, amount="0.002")
    assert len((await trader.books())["spot"]["orders"]) == 1


async def test_many_at_once_do_not_slip_past_the_number_of_open_orders(trader: Trader) -> None:
    await limit(trader, max_open_orders=3)
    answers = await asyncio.gather(*(trader.place() for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [403] * 9
    assert len((await trader.books())["spot"]["orders"]) == 3


async def test_the_rate_of_orders_is_limited(trader: Trader) -> None:
    await limit(trader, max_orders_per_minute=2)
    assert [(await trader.place()).status_code for _ in range(3)] == [201, 201, 403]


async def test_only_allowed_pairs_are_traded(trader: Trader) -> None:
    await limit(trader, allowed_pairs=["eth-usdt"])
    await refused(trader, "BTC-USDT is not among the allowed pairs (ETH-USDT)")
    other = await trader.place(trading_pair="ETH-USDT", price="1500", amount="0.01")
    assert other.status_code == 201


async def test_a_lost_day_ends_trading(trader: Trader, prices: dict[str, str]) -> None:
    await trader.place(order_type="MARKET", price=None, amount="0.01", client_order_id="bought")
    await eventually(lambda: _has(trader, "bought", "FILLED"))
    await limit(trader, max_daily_loss=100)
    assert (await trader.place()).status_code == 201
    usual = prices["BTC-USDT"]
    prices["BTC-USDT"] = "30000"
    try:
        await refused(trader, "Today's trading has lost")
    finally:
        prices["BTC-USDT"] = usual


async def test_a_limit_that_cannot_be_checked_is_an_outage(trader: Trader, prices: dict[str, str]) -> None:
    await trader.place(order_type="MARKET", price=None, amount="0.01", client_order_id="bought")
    await eventually(lambda: _has(trader, "bought", "FILLED"))
    await limit(trader, max_daily_loss=100)
    usual = prices.pop("BTC-USDT")
    try:
        answer = await trader.place()
    finally:
        prices["BTC-USDT"] = usual
    assert (answer.status_code, "BTC-USDT" in answer.json()["detail"]) == (503, True)


async def test_a_repeated_order_is_the_same_one_whatever_the_limits_say_by_now(trader: Trader) -> None:
    first = await trader.place(client_order_id="before")
    await limit(trader, max_open_orders=0)
    again = await trader.place(client_order_id="before")
    assert (again.status_code, again.json()) == (201, first.json())


async def test_limits_are_shown_and_lifted(trader: Trader) -> None:
    path = f"/trading/risk-limits/{trader.account}"
    await limit(trader, max_open_orders=0, max_order_notional="12.5")
    shown = (await trader.api.get(path)).json()
    assert (shown["max_open_orders"], shown["max_order_notional"], shown["allowed_pairs"]) == (0, 12.5, None)
    await trader.api.delete(path)
    assert (await trader.api.get(path)).json()["max_open_orders"] is None
    assert (await trader.place()).status_code == 201


@pytest.mark.parametrize("wrong", [{"max_order_notional": -1}, {"max_open_orders": "many"}, {"max_daily_loss": "nan"}])
async def test_senseless_limits_are_422(trader: Trader, wrong: dict[str, object]) -> None:
    assert (await trader.api.put(f"/trading/risk-limits/{trader.account}", json=wrong)).status_code == 422


async def test_a_misspelt_account_does_not_look_protected(trader: Trader) -> None:
    answer = await trader.api.put("/trading/risk-limits/nobody", json={"max_open_orders": 1})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_account")
    answer = await trader.api.post("/trading/panic", json={"account_names": ["nobody"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_account")


async def test_panic_cancels_everything_and_blocks_until_released(trader: Trader, other_trader: Trader) -> None:
    for number in range(5):
        await trader.place(client_order_id=f"mine-{number}")
    await other_trader.place(client_order_id="not-mine")
    report = await panic(trader)
    assert report["halted"] == [trader.account]
    assert [(item["cancelled"], item["still_open"], item["problem"]) for item in report["connectors"]] == [(5, 0, None)]
    assert {order["status"] for order in (await trader.books())["spot"]["orders"]} == {"CANCELED"}
    blocked = await trader.place()
    assert (blocked.status_code, blocked.json()["code"]) == (403, "trading_halted")
    assert await other_trader.status("not-mine") == "OPEN"
    assert (await other_trader.place()).status_code == 201
    halted = (await trader.api.get("/trading/panic")).json()["halted"]
    assert trader.account in {item["account_name"] for item in halted}
    assert await release(trader) == [trader.account]
    assert await release(trader) == []
    assert (await trader.place()).status_code == 201


async def test_panic_also_cancels_what_was_placed_elsewhere(trader: Trader) -> None:
    settings = ExchangeSettings(base_urls=trader.venue.base_urls)
    keys = {"sandbox_api_key": trader.key, "sandbox_api_secret": f"{trader.key}-secret"}
    elsewhere = open_private("sandbox", keys, settings)
    order = NewOrder("by-hand", "BTC-USDT", TradeType.BUY, OrderType.LIMIT, Decimal("0.001"), Decimal(30000))
    try:
        assert isinstance(await elsewhere.place(order), Accepted)
    finally:
        await elsewhere.close()
    report = await panic(trader)
    assert (report["connectors"][0]["cancelled"], report["connectors"][0]["still_open"]) == (1, 0)
    (at_venue,) = (await trader.books())["spot"]["orders"]
    assert (at_venue["clientOrderId"], at_venue["status"]) == ("by-hand", "CANCELED")


async def test_panic_with_an_unresolved_order_leaves_nothing_open(trader: Trader) -> None:
    await trader.break_orders(kind="drop_after")
    await trader.place(client_order_id="lost")
    await panic(trader)
    await eventually(lambda: _has(trader, "lost", "CANCELLED"))
    await release(trader)


async def test_halts_and_releases_are_told(accounts_bus: Bus, trader: Trader) -> None:
    told: list[str] = []

    async def hear(event: TradingHalted | TradingReleased) -> None:
        if trader.account in event.account_names:
            told.append(type(event).__name__)

    await accounts_bus.listen(TradingHalted, hear)
    await accounts_bus.listen(TradingReleased, hear)
    await panic(trader)
    await release(trader)
    await eventually(lambda: told == ["TradingHalted", "TradingReleased"])


async def _has(trader: Trader, client_order_id: str, status: str) -> bool:
    return await trader.status(client_order_id) == status
