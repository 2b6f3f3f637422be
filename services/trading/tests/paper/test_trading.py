"""A paper account through the API, on the live book of the sandbox exchange."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest

from aviary_common.tasks import Tasks
from aviary_messages.events import OrderAccepted, OrderCancelled, OrderChanged, OrderFilled, OrderRejected
from aviary_testing.waiting import eventually

from ..trader import Trader
from .world import SYMBOL, World, accepted, fills, has, place

D = Decimal


async def test_a_new_account_begins_with_the_usual_balances(world: World, paper: Trader) -> None:
    held = await world.balances(paper)
    assert {token: balance.total for token, balance in held.items()} == {
        "BTC": 1, "ETH": 20, "WETH": 20, "SOL": 100, "DOGE": 1_000_000, "USDT": 100_000, "USDC": 100_000,
    }  # fmt: skip
    assert all(balance.available == balance.total for balance in held.values())


async def test_a_market_order_walks_the_live_book_and_takes_nothing_from_it(world: World, paper: Trader) -> None:
    before = await world.depth()
    (first, enough), (second, _) = before["asks"][:2]
    placed = await accepted(paper, order_type="MARKET", price=None, amount=str(enough + D("0.1")))
    await eventually(lambda: has(paper, placed, "FILLED"))
    assert await fills(paper, placed) == [(first, enough), (second, D("0.1"))]
    assert await world.depth() == before
    held = await world.balances(paper)
    paid = first * enough + second * D("0.1")
    assert (held["USDT"].total, held["USDT"].available) == (100_000 - paid, 100_000 - paid)
    assert held["ETH"].total == 20 + (enough + D("0.1")) * D("0.999")


async def test_fees_are_charged_in_what_was_received(paper: Trader) -> None:
    sold = await accepted(paper, order_type="MARKET", price=None, amount="0.5", trade_type="SELL")
    await eventually(lambda: has(paper, sold, "FILLED"))
    (trade,) = await paper.trades()
    assert (trade["fee_currency"], trade["is_maker"]) == ("USDT", False)
    assert D(str(trade["fee_paid"])) == (D(str(trade["price"])) * D("0.5") * D("0.001"))
    assert str(trade["trade_id"]).startswith(f"{sold}_q1-")


async def test_a_book_that_stands_still_does_not_sell_the_same_twice(world: World, paper: Trader) -> None:
    (first, amount), (second, _) = (await world.depth())["asks"][:2]
    one = await accepted(paper, order_type="MARKET", price=None, amount=str(amount))
    await eventually(lambda: has(paper, one, "FILLED"))
    two = await accepted(paper, order_type="MARKET", price=None, amount="0.1")
    await eventually(lambda: has(paper, two, "FILLED"))
    assert await fills(paper, one) == [(first, amount)]
    assert await fills(paper, two) == [(second, D("0.1"))]


async def test_a_limit_order_waits_behind_the_queue_and_is_filled_in_parts(
    world: World, replica: httpx.AsyncClient, paper: Trader
) -> None:
    (price, queue), *_ = (await world.depth())["bids"]
    placed = await accepted(paper, price=str(price), amount="2")
    await eventually(lambda: world.rests(paper, placed))
    other = await world.trader(replica, "sandbox")
    await accepted(other, price=str(price), amount="5")
    await world.hit("SELL", queue - D("0.5"))
    await world.hit("SELL", D("0.75"))
    await eventually(lambda: has(paper, placed, "PARTIALLY_FILLED"))
    assert await fills(paper, placed) == [(price, D("0.25"))]
    await world.hit("SELL", D(3))
    await eventually(lambda: has(paper, placed, "FILLED"))
    assert await fills(paper, placed) == [(price, D("0.25")), (price, D("1.75"))]
    trades = await paper.trades()
    assert {trade["is_maker"] for trade in trades} == {True}
    assert {trade["fee_currency"] for trade in trades} == {"ETH"}
    await world.venue.control("POST", "/price", symbol=SYMBOL, price=str(price), side="spot")


async def test_an_order_that_the_market_comes_to_is_filled(world: World, paper: Trader) -> None:
    (price, _), *_ = (await world.depth())["bids"]
    below = (price * D("0.99")).quantize(D("0.01"))
    placed = await accepted(paper, price=str(below), amount="1")
    await eventually(lambda: world.rests(paper, placed))
    try:
        await world.venue.control("POST", "/price", symbol=SYMBOL, price=str(int(price * D("0.98"))), side="spot")
        await eventually(lambda: has(paper, placed, "FILLED"))
    finally:
        await world.venue.control("POST", "/price", symbol=SYMBOL, price=str(price), side="spot")
    assert {at for at, _ in await fills(paper, placed)} == {below}


@pytest.mark.parametrize("trade_type", ["BUY", "SELL"])
async def test_what_an_order_locks_is_free_again_once_it_is_cancelled(
    world: World, paper: Trader, trade_type: str
) -> None:
    token, locked, price = ("USDT", D(3000), "1000") if trade_type == "BUY" else ("ETH", D(3), "9000")
    placed = await accepted(paper, trade_type=trade_type, price=price, amount="3")
    held = (await world.balances(paper))[token]
    assert held.total - held.available == locked
    assert (await paper.cancel(placed)).status_code == 200
    assert await paper.status(placed) == "CANCELLED"
    assert (await paper.cancel(placed)).status_code == 200
    held = (await world.balances(paper))[token]
    assert held.total == held.available
    await eventually(lambda: agrees(world, paper))


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"price": "3000", "amount": "100"}, "insufficient balance"),
        ({"order_type": "MARKET", "price": None, "amount": "500"}, "insufficient balance"),
        ({"trade_type": "SELL", "price": "9000", "amount": "20.1"}, "insufficient balance"),
        ({"order_type": "LIMIT_MAKER", "price": "90000", "amount": "0.1"}, "immediately match"),
    ],
)
async def test_what_a_venue_would_refuse_is_refused_in_its_words(
    world: World, paper: Trader, order: dict[str, object], words: str
) -> None:
    refused = await place(paper, client_order_id="refused", **order)
    assert (refused.status_code, refused.json()["code"]) == (400, "order_rejected")
    assert words in refused.json()["detail"]
    assert await paper.status("refused") == "FAILED"
    assert all(held.total == held.available for held in (await world.balances(paper)).values())


async def test_the_trading_rules_are_the_underlying_venues(paper: Trader) -> None:
    refused = await place(paper, amount="0.0001", price="3000")
    assert (refused.status_code, refused.json()["code"]) == (400, "order_refused")
    placed = await place(paper, amount="0.123456", price="1000.019")
    assert (placed.json()["submitted_amount"], placed.json()["submitted_price"]) == ("0.1234", "1000.01")


@pytest.mark.parametrize(("time_in_force", "filled"), [("IOC", True), ("FOK", False)])
async def test_orders_that_do_not_wait(world: World, paper: Trader, time_in_force: str, filled: bool) -> None:
    (price, amount), *_ = (await world.depth())["asks"]
    more = str(amount + 1)
    placed = await accepted(paper, price=str(price), amount=more, time_in_force=time_in_force)
    await eventually(lambda: has(paper, placed, "CANCELLED"))
    await eventually(lambda: filled_is(paper, placed, amount if filled else D(0)))
    assert all(held.total == held.available for held in (await world.balances(paper)).values())


async def test_repeating_a_client_order_id_returns_the_same_order(world: World, paper: Trader) -> None:
    order = {"client_order_id": "once", "price": "1000", "amount": "0.01"}
    answers = await asyncio.gather(*(place(paper, **order) for _ in range(10)))
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert len({answer.json()["order_id"] for answer in answers}) == 1
    assert (await place(paper, **order | {"price": "1001"})).status_code == 409
    held = (await world.balances(paper))["USDT"]
    assert held.total - held.available == 10


@pytest.fixture
async def heard(world: World, paper: Trader) -> AsyncIterator[list[OrderChanged]]:
    events: list[OrderChanged] = []

    async def hear(event: OrderChanged) -> None:
        if event.account_name == paper.account:
            events.append(event)

    async with Tasks() as tasks:
        for kind in (OrderAccepted, OrderFilled, OrderCancelled, OrderRejected):
            name = f"{kind.__name__}-{paper.account}"
            tasks.supervise(name, lambda kind=kind, name=name: world.bus.consume(kind, hear, name=name))  # type: ignore[misc]
        yield events


async def test_every_step_is_told_once(paper: Trader, heard: list[OrderChanged]) -> None:
    await accepted(paper, client_order_id="fills", order_type="MARKET", price=None, amount="0.1")
    await eventually(lambda: has(paper, "fills", "FILLED"))
    await accepted(paper, client_order_id="rests", price="1000", amount="0.1")
    await paper.cancel("rests")
    await place(paper, client_order_id="refused", price="3000", amount="1000")
    told = {
        ("fills", OrderAccepted),
        ("fills", OrderFilled),
        ("rests", OrderAccepted),
        ("rests", OrderCancelled),
        ("refused", OrderRejected),
    }
    await eventually(lambda: {(event.client_order_id, type(event)) for event in heard} == told)
    assert len(heard) == len(told)


async def test_without_the_venue_a_market_order_is_refused_as_out_of_reach(world: World, paper: Trader) -> None:
    fault = await world.venue.control(
        "POST", "/faults", kind="status_before", path="/api/v3/depth", status=503, count=None
    )
    try:
        refused = await place(paper, client_order_id="away", order_type="MARKET", price=None, amount="0.1")
        assert refused.status_code == 503
        waits = await accepted(paper, price="9000", amount="0.1", trade_type="BUY")
        assert await paper.status(waits) == "OPEN"
    finally:
        await world.venue.control("DELETE", f"/faults/{fault['id']}")
    await eventually(lambda: has(paper, waits, "FILLED"))


async def agrees(world: World, trader: Trader) -> bool:
    """What the session shows is what the account holds."""
    return await world.balances(trader, refresh=False) == await world.balances(trader)


async def filled_is(trader: Trader, client_order_id: str, amount: Decimal) -> bool:
    return D(str((await trader.order(client_order_id))["filled_amount"])) == amount
