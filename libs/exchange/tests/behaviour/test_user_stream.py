import asyncio
import gc
import warnings
from decimal import Decimal
from functools import partial

import pytest

from aviary_exchange import open_private
from aviary_exchange.port import PrivateExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import BalancesChanged, Fill, NewOrder, OrderReport, StreamGap, VenueOrderState

from ..conftest import Sandbox
from .steps import AMOUNT, left_behind, listening, new_order, place_resting


async def test_the_first_event_says_that_the_stream_is_live(exchange: PrivateExchange) -> None:
    async with listening(exchange) as events:
        assert isinstance(events.seen[0], StreamGap)


async def test_orders_fills_and_balances_arrive(exchange: PrivateExchange) -> None:
    async with listening(exchange) as events:
        order = new_order(None)
        await exchange.place(order)
        report = await events.first(OrderReport, lambda event: event.state is VenueOrderState.FILLED)
        assert (report.client_order_id, report.filled_amount) == (order.client_order_id, AMOUNT)
        fills = [event for event in events.seen if isinstance(event, Fill)]
        assert sum(fill.amount for fill in fills) == AMOUNT
        assert all(fill.client_order_id == order.client_order_id and fill.fee > 0 for fill in fills)
        changed = await events.first(BalancesChanged)
        assert changed.balances


async def test_streamed_fills_are_the_polled_ones(exchange: PrivateExchange) -> None:
    async with listening(exchange) as events:
        await exchange.place(new_order(None))
        report = await events.first(OrderReport, lambda event: event.state is VenueOrderState.FILLED)
        streamed = {fill.trade_id: fill for fill in events.seen if isinstance(fill, Fill)}
        polled = await exchange.fills(report.trading_pair, since=report.at.replace(microsecond=0))
        assert {fill.trade_id for fill in polled} == set(streamed)
        for fill in polled:
            twin = streamed[fill.trade_id]
            assert (fill.amount, fill.price, fill.fee, fill.fee_currency, fill.at) == (
                twin.amount,
                twin.price,
                twin.fee,
                twin.fee_currency,
                twin.at,
            )


async def test_a_cancellation_carries_our_id(exchange: PrivateExchange) -> None:
    async with listening(exchange) as events:
        order, _ = await place_resting(exchange)
        await exchange.cancel(order.trading_pair, order.client_order_id, None)
        report = await events.first(OrderReport, lambda event: event.state is VenueOrderState.CANCELLED)
        assert report.client_order_id == order.client_order_id
        assert report.filled_amount == Decimal(0)


async def test_a_stream_can_be_ended_and_begun_again(exchange: PrivateExchange) -> None:
    for _ in range(2):
        async with listening(exchange) as events:
            await place_resting(exchange)
            await events.first(OrderReport)


@pytest.mark.filterwarnings("error::ResourceWarning")
async def test_closing_leaves_no_task_and_no_session(connector: str, settings: ExchangeSettings, api_key: str) -> None:
    before = asyncio.all_tasks()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        exchange = open_private(connector, {"api_key": api_key, "api_secret": f"{api_key}-secret"}, settings)
        async with listening(exchange):
            await place_resting(exchange)
        await exchange.close()
        del exchange
        gc.collect()
    assert [str(warning.message) for warning in caught if warning.category is ResourceWarning] == []
    async with asyncio.timeout(2):
        while left_behind(before):
            await asyncio.sleep(0.01)


def is_of(order: NewOrder, report: OrderReport) -> bool:
    return report.client_order_id == order.client_order_id


async def test_a_dropped_stream_comes_back_with_a_gap_and_goes_on(
    exchange: PrivateExchange, sandbox: Sandbox, api_key: str
) -> None:
    async with listening(exchange) as events:
        for _ in range(3):
            seen = len(events.seen)
            await sandbox.control("POST", "/sockets/drop", api_key=api_key)
            missed, _ = await place_resting(exchange)
            gap = await events.first(StreamGap, after=seen)
            assert "interrupted" in gap.reason
            open_ids = {report.client_order_id for report in await exchange.open_orders(missed.trading_pair)}
            assert missed.client_order_id in open_ids
            order, _ = await place_resting(exchange)
            report = await events.first(OrderReport, partial(is_of, order))
            assert report.state is VenueOrderState.OPEN


async def test_a_key_that_is_refused_never_goes_live(connector: str, settings: ExchangeSettings, api_key: str) -> None:
    exchange = open_private(connector, {"api_key": "x", "api_secret": "wrong"}, settings)
    stream = exchange.user_events()
    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(stream), 0.5)
    finally:
        await exchange.close()
