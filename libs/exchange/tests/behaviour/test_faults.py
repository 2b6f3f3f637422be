"""The network and the venue at their worst: three outcomes, never two, and a look-up that tells the truth."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from aviary_exchange import open_private
from aviary_exchange.errors import ExchangeError, RateLimited, VenueUnavailable
from aviary_exchange.port import PrivateExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import Accepted, Rejected, Unknown, VenueOrderState

from .steps import PAIR, new_order, place_resting, resting_price, until_state

Fault = Callable[..., Awaitable[None]]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_after"},
        {"kind": "status_after", "status": 503},
        {"kind": "status_after", "status": 500},
        {"kind": "truncate_after"},
    ],
    ids=["connection lost", "503", "500", "truncated"],
)
async def test_an_order_the_venue_took_is_unknown_and_then_found(
    exchange: PrivateExchange, break_orders: Fault, fault: dict[str, object]
) -> None:
    order = new_order(await resting_price(exchange))
    await break_orders(**fault)
    assert isinstance(await exchange.place(order), Unknown)
    report = await exchange.order(PAIR, order.client_order_id)
    assert report is not None
    assert report.state is VenueOrderState.OPEN


@pytest.mark.parametrize(
    "fault", [{"kind": "drop_before"}, {"kind": "status_before", "status": 503}], ids=["connection lost", "503"]
)
async def test_an_order_the_venue_never_saw_is_unknown_and_then_none(
    exchange: PrivateExchange, break_orders: Fault, fault: dict[str, object]
) -> None:
    order = new_order(await resting_price(exchange))
    await break_orders(**fault)
    assert isinstance(await exchange.place(order), Unknown)
    assert await exchange.order(PAIR, order.client_order_id) is None


async def test_a_slow_answer_is_unknown_at_the_deadline_and_found_later(
    connector: str, settings: ExchangeSettings, api_key: str, break_orders: Fault
) -> None:
    hasty = settings.model_copy(update={"timeout_s": 0.5})
    exchange = open_private(connector, {"api_key": api_key, "api_secret": f"{api_key}-secret"}, hasty)
    try:
        order = new_order(await resting_price(exchange))
        await exchange.check()
        await break_orders(kind="delay", delay_ms=1000)
        began = datetime.now(UTC)
        outcome = await exchange.place(order)
        assert datetime.now(UTC) - began < timedelta(seconds=0.9)
        assert outcome == Unknown(f"{connector} did not answer in time.")
        await until_state(exchange, order.client_order_id, VenueOrderState.OPEN)
    finally:
        await exchange.close()


async def test_a_429_proves_the_refusal_and_holds_polling_back(exchange: PrivateExchange, break_orders: Fault) -> None:
    order = new_order(await resting_price(exchange))
    await exchange.check()
    await break_orders(kind="rate_limit", retry_after_s=30)
    outcome = await exchange.place(order)
    assert isinstance(outcome, Rejected)
    with pytest.raises(RateLimited) as raised:
        await exchange.balances()
    assert raised.value.retry_after_s is not None
    assert 0 < raised.value.retry_after_s <= 30
    assert isinstance(await exchange.place(order), Accepted)  # trading goes on


async def test_a_ban_stops_everybody_without_asking_again(exchange: PrivateExchange, break_orders: Fault) -> None:
    order = new_order(await resting_price(exchange))
    await exchange.check()
    await break_orders(kind="ban", retry_after_s=60)
    assert isinstance(await exchange.place(order), Rejected)
    again = await exchange.place(order)
    assert isinstance(again, Rejected)
    assert "Rate limit reached" in again.reason
    with pytest.raises(RateLimited):
        await exchange.open_orders(PAIR)


@pytest.mark.parametrize("kind", ["drop_after", "truncate_after"])
async def test_a_cancellation_whose_answer_is_lost_is_not_accepted(
    exchange: PrivateExchange, break_orders: Fault, kind: str
) -> None:
    """HTTP clients repeat a DELETE whose connection was lost; the repetition finds nothing to cancel any more."""
    order, accepted = await place_resting(exchange)
    await break_orders(kind=kind, method="DELETE")
    outcome = await exchange.cancel(PAIR, order.client_order_id, accepted.exchange_order_id)
    assert isinstance(outcome, Unknown if kind == "truncate_after" else Unknown | Rejected)
    await until_state(exchange, order.client_order_id, VenueOrderState.CANCELLED)


@pytest.mark.parametrize(
    "fault",
    [{"kind": "drop_before", "count": 5}, {"kind": "status_before", "status": 500}, {"kind": "truncate_after"}],
    ids=["connection lost", "500", "truncated"],
)
async def test_a_look_up_that_fails_proves_nothing(
    exchange: PrivateExchange, break_orders: Fault, fault: dict[str, object]
) -> None:
    await exchange.check()
    await break_orders(**fault, method="GET")
    with pytest.raises(VenueUnavailable):
        await exchange.order(PAIR, "aviary-never")


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"kind": "status_before", "status": 503}, VenueUnavailable),
        ({"kind": "status_before", "status": 500}, VenueUnavailable),
        ({"kind": "drop_before", "count": 5}, VenueUnavailable),
        ({"kind": "truncate_after"}, VenueUnavailable),
        ({"kind": "rate_limit", "retry_after_s": 30}, RateLimited),
        ({"kind": "ban", "retry_after_s": 30}, RateLimited),
    ],
    ids=["503", "500", "connection lost", "truncated", "429", "418"],
)
async def test_a_failing_venue_is_named(
    exchange: PrivateExchange, break_calls: Fault, fault: dict[str, object], raised: type[ExchangeError]
) -> None:
    await exchange.check()
    await break_calls(**fault)
    for _ in range(1 if raised is VenueUnavailable else 2):  # the second time our own budget refuses
        with pytest.raises(raised, match=exchange.connector):
            await exchange.check()


async def test_a_venue_that_is_not_there_rejects_what_was_never_sent(connector: str) -> None:
    settings = ExchangeSettings(base_urls={connector: "http://127.0.0.1:9"}, timeout_s=2)
    exchange = open_private(connector, {"api_key": "aviary-k", "api_secret": "aviary-s"}, settings)
    try:
        outcome = await exchange.place(new_order(None))
        assert outcome == Rejected(f"{connector} could not be reached.", is_away=True)
        with pytest.raises(VenueUnavailable, match=f"{connector} could not be reached"):
            await exchange.rules()
        with pytest.raises(ExchangeError):
            await exchange.balances()
    finally:
        await exchange.close()
