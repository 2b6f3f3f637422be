"""What an order's life tells on the bus."""

import uuid
from collections.abc import AsyncIterator

import pytest

from aviary_common.bus import Bus
from aviary_common.tasks import Tasks
from aviary_messages.events import (
    OrderAccepted,
    OrderCancelled,
    OrderChanged,
    OrderFilled,
    OrderRejected,
    OrderUnresolved,
)
from aviary_testing.waiting import eventually

from .trader import Trader

Heard = list[OrderChanged]


@pytest.fixture
async def heard(accounts_bus: Bus, trader: Trader) -> AsyncIterator[Heard]:
    """The events about this trader's orders, in the order of their arrival."""
    events: Heard = []

    async def hear(event: OrderChanged) -> None:
        if event.account_name == trader.account:
            events.append(event)

    async with Tasks() as tasks:
        for kind in (OrderAccepted, OrderFilled, OrderCancelled, OrderRejected, OrderUnresolved):
            name = f"{kind.__name__}-{uuid.uuid4().hex}"
            tasks.supervise(name, lambda kind=kind, name=name: accounts_bus.consume(kind, hear, name=name))  # type: ignore[misc]
        yield events


def kinds(events: Heard) -> set[type[OrderChanged]]:
    return {type(event) for event in events}


async def test_an_order_that_rests_and_is_cancelled(trader: Trader, heard: Heard) -> None:
    await trader.place(client_order_id="rests")
    await trader.cancel("rests")
    await eventually(lambda: kinds(heard) == {OrderAccepted, OrderCancelled})
    assert len(heard) == 2
    assert {event.client_order_id for event in heard} == {"rests"}


async def test_an_order_that_fills_tells_each_fill_once(trader: Trader, heard: Heard) -> None:
    await trader.place(client_order_id="fills", order_type="MARKET", price=None, amount="0.01")
    await eventually(lambda: kinds(heard) == {OrderAccepted, OrderFilled})
    theirs = {str(trade["id"]) for trade in (await trader.books())["spot"]["trades"]}
    await eventually(lambda: len([event for event in heard if isinstance(event, OrderFilled)]) == len(theirs))
    fills = [event for event in heard if isinstance(event, OrderFilled)]
    assert {fill.trade_id for fill in fills} == theirs
    assert fills[-1].status == "FILLED"
    assert len([event for event in heard if isinstance(event, OrderAccepted)]) == 1


async def test_a_refused_order_tells_the_venues_reason(trader: Trader, heard: Heard) -> None:
    await trader.place(client_order_id="refused", amount="100")
    await eventually(lambda: kinds(heard) == {OrderRejected})
    (event,) = heard
    assert isinstance(event, OrderRejected)
    assert "insufficient balance" in event.reason


async def test_an_order_whose_answer_is_lost_is_told_accepted_in_the_end(trader: Trader, heard: Heard) -> None:
    await trader.break_orders(kind="drop_after")
    await trader.place(client_order_id="lost")
    await eventually(lambda: OrderAccepted in kinds(heard))
    assert kinds(heard) <= {OrderAccepted, OrderUnresolved}


async def test_two_changes_at_once_are_both_kept(trader: Trader) -> None:
    """The stream's news and the answer race for every order; neither may overwrite the other."""
    for number in range(20):
        await trader.place(client_order_id=f"race-{number}", order_type="MARKET", price=None, amount="0.001")
    for number in range(20):
        await eventually(lambda name=f"race-{number}": _is_whole(trader, name))


async def _is_whole(trader: Trader, client_order_id: str) -> bool:
    order = await trader.order(client_order_id)
    return (order["status"], order["filled_amount"], bool(order["exchange_order_id"])) == ("FILLED", 0.001, True)
