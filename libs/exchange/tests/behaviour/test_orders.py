import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import (
    Accepted,
    NewOrder,
    OrderType,
    Rejected,
    TimeInForce,
    TradeType,
    Unknown,
    VenueOrderState,
)

from .steps import AMOUNT, PAIR, new_order, place_resting, resting_price, until_state


async def test_an_accepted_order_rests_and_is_found_by_our_id(exchange: PrivateExchange) -> None:
    order, accepted = await place_resting(exchange)
    report = await exchange.order(PAIR, order.client_order_id)
    assert report is not None
    assert (report.client_order_id, report.exchange_order_id) == (order.client_order_id, accepted.exchange_order_id)
    assert (report.state, report.filled_amount) == (VenueOrderState.OPEN, Decimal(0))
    assert abs(report.at - datetime.now(UTC)) < timedelta(seconds=30)


async def test_open_orders_hold_it_with_and_without_the_pair(exchange: PrivateExchange) -> None:
    order, _ = await place_resting(exchange)
    for found in (await exchange.open_orders(PAIR), await exchange.open_orders()):
        assert [report.client_order_id for report in found] == [order.client_order_id]


async def test_a_market_order_fills_and_its_fills_add_up(exchange: PrivateExchange) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    order = new_order(None)
    outcome = await exchange.place(order)
    assert isinstance(outcome, Accepted)
    report = await until_state(exchange, order.client_order_id, VenueOrderState.FILLED)
    fills = await exchange.fills(PAIR, since=before)
    assert sum(fill.amount for fill in fills) == report.filled_amount == AMOUNT
    assert sum(fill.amount * fill.price for fill in fills) == report.filled_quote
    assert {fill.exchange_order_id for fill in fills} == {outcome.exchange_order_id}
    assert len({fill.trade_id for fill in fills}) == len(fills)
    assert all(fill.fee > 0 and not fill.is_maker and fill.trade_type is TradeType.BUY for fill in fills)


async def test_fills_of_one_order_and_since_a_time(exchange: PrivateExchange) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    orders = [new_order(None), new_order(None, side=TradeType.SELL)]
    outcomes = [await exchange.place(order) for order in orders]
    for order in orders:
        await until_state(exchange, order.client_order_id, VenueOrderState.FILLED)
    for order, outcome in zip(orders, outcomes, strict=True):
        assert isinstance(outcome, Accepted)
        fills = await exchange.fills(PAIR, since=before, order_id=outcome.exchange_order_id)
        assert sum(fill.amount for fill in fills) == order.amount
    assert await exchange.fills(PAIR, since=datetime.now(UTC) + timedelta(seconds=5)) == []


async def test_a_post_only_order_that_would_match_is_rejected(exchange: PrivateExchange) -> None:
    price = await resting_price(exchange, TradeType.SELL)
    crossing = NewOrder("aviary-maker", PAIR, TradeType.BUY, OrderType.LIMIT_MAKER, AMOUNT, price)
    outcome = await exchange.place(crossing)
    if isinstance(outcome, Accepted):  # futures accept it and expire it at once
        await until_state(exchange, "aviary-maker", VenueOrderState.CANCELLED)
    else:
        assert isinstance(outcome, Rejected)


async def test_a_post_only_order_that_rests_is_accepted(exchange: PrivateExchange) -> None:
    price = await resting_price(exchange)
    order = NewOrder("aviary-maker", PAIR, TradeType.BUY, OrderType.LIMIT_MAKER, AMOUNT, price)
    assert isinstance(await exchange.place(order), Accepted)


async def test_a_filter_rejects_in_the_venues_words(exchange: PrivateExchange) -> None:
    tiny = new_order(await resting_price(exchange), amount=(await exchange.rules())[PAIR].amount_step)
    outcome = await exchange.place(tiny)
    assert isinstance(outcome, Rejected)
    assert "notional" in outcome.reason.lower()
    assert await exchange.order(PAIR, tiny.client_order_id) is None


async def test_a_lack_of_funds_rejects(exchange: PrivateExchange) -> None:
    huge = new_order(await resting_price(exchange), amount=Decimal(100))
    outcome = await exchange.place(huge)
    assert isinstance(outcome, Rejected)
    assert "insufficient" in outcome.reason.lower()
    assert await exchange.order(PAIR, huge.client_order_id) is None


async def test_a_repeated_client_order_id_is_unknown_and_the_look_up_tells(exchange: PrivateExchange) -> None:
    order, accepted = await place_resting(exchange)
    assert isinstance(await exchange.place(order), Unknown)
    report = await exchange.order(PAIR, order.client_order_id)
    assert report is not None
    assert report.exchange_order_id == accepted.exchange_order_id
    assert len(await exchange.open_orders(PAIR)) == 1


async def test_what_cannot_be_sent_is_rejected(exchange: PrivateExchange) -> None:
    outcome = await exchange.place(NewOrder("x", "BTC-USDX", TradeType.BUY, OrderType.MARKET, AMOUNT))
    assert isinstance(outcome, Rejected)
    assert "Did you mean BTC-USDT?" in outcome.reason


async def test_cancelling_once_is_accepted_and_again_rejected(exchange: PrivateExchange) -> None:
    order, accepted = await place_resting(exchange)
    assert await exchange.cancel(PAIR, order.client_order_id, None) == Accepted(accepted.exchange_order_id)
    report = await exchange.order(PAIR, order.client_order_id)
    assert report is not None
    assert report.state is VenueOrderState.CANCELLED
    assert report.client_order_id == order.client_order_id
    again = await exchange.cancel(PAIR, order.client_order_id, accepted.exchange_order_id)
    assert isinstance(again, Rejected)


async def test_cancelling_what_never_was_is_rejected(exchange: PrivateExchange) -> None:
    assert isinstance(await exchange.cancel(PAIR, "aviary-never", None), Rejected)


async def test_an_order_that_never_was_is_none(exchange: PrivateExchange) -> None:
    assert await exchange.order(PAIR, "aviary-never") is None


async def test_cancelling_the_task_reaches_the_caller(exchange: PrivateExchange) -> None:
    await exchange.rules()
    task = asyncio.create_task(exchange.place(new_order(Decimal(30000))))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


@pytest.mark.parametrize("time_in_force", [TimeInForce.IOC, TimeInForce.FOK])
async def test_an_order_that_may_not_rest_is_gone_at_once(
    exchange: PrivateExchange, time_in_force: TimeInForce
) -> None:
    order = replace(new_order(await resting_price(exchange)), time_in_force=time_in_force)
    assert isinstance(await exchange.place(order), Accepted)
    report = await until_state(exchange, order.client_order_id, VenueOrderState.CANCELLED)
    assert report.filled_amount == 0


async def test_gtc_is_the_usual(exchange: PrivateExchange) -> None:
    order = replace(new_order(await resting_price(exchange)), time_in_force=TimeInForce.GTC)
    assert isinstance(await exchange.place(order), Accepted)
    await until_state(exchange, order.client_order_id, VenueOrderState.OPEN)


async def test_rules_name_the_times_in_force(exchange: PrivateExchange) -> None:
    assert (await exchange.rules())[PAIR].time_in_forces == tuple(TimeInForce)
