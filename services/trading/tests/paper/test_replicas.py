"""What replicas, restarts and crashes must not change."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from aviary_exchange.catalogue import FeeRates
from aviary_exchange.types import NewOrder, OrderBook, OrderType, TradeType
from aviary_testing.waiting import eventually
from aviary_trading.paper.desk import Desk, Repeated
from aviary_trading.paper.matching import Look, Terms
from aviary_trading.paper.reserve import needed_for

from .values import NOW, levels, trade
from .world import PAIR, SYMBOL, World, accepted, fills, has

D = Decimal
TERMS = Terms(FeeRates(D("0.001"), D("0.001")), D("0.0001"))


async def test_a_restart_keeps_orders_balances_and_fills(world: World) -> None:
    async with world.replica() as api:
        trader = await world.trader(api)
        bought = await accepted(trader, order_type="MARKET", price=None, amount="0.5")
        await eventually(lambda: has(trader, bought, "FILLED"))
        waits = await accepted(trader, price="1000", amount="2")
        held, trades = await world.balances(trader), await trader.trades()
    async with world.replica() as api:
        trader = replace(trader, api=api)
        await eventually(lambda: shows(world, trader))
        assert await world.balances(trader) == held
        assert await trader.trades() == trades
        assert await trader.status(waits) == "OPEN"
        assert (await trader.cancel(waits)).status_code == 200
        assert (await world.balances(trader))["USDT"].available == held["USDT"].total


async def test_trades_during_a_restart_are_made_up_for(world: World) -> None:
    async with world.replica() as api:
        trader = await world.trader(api)
        (price, queue), *_ = (await world.depth())["bids"]
        placed = await accepted(trader, price=str(price), amount="1")
        await eventually(lambda: world.rests(trader, placed))
    await world.hit("SELL", queue + D("0.4"))
    async with world.replica() as api:
        trader = replace(trader, api=api)
        await eventually(lambda: has(trader, placed, "PARTIALLY_FILLED"))
        assert await fills(trader, placed) == [(price, D("0.4"))]
    await world.venue.control("POST", "/price", symbol=SYMBOL, price=str(price), side="spot")


async def test_what_was_taken_before_a_restart_is_not_there_after_it(world: World) -> None:
    (first, amount), (second, _) = (await world.depth())["asks"][:2]
    async with world.replica() as api:
        trader = await world.trader(api)
        one = await accepted(trader, order_type="MARKET", price=None, amount=str(amount))
        await eventually(lambda: has(trader, one, "FILLED"))
    async with world.replica() as api:
        trader = replace(trader, api=api)
        two = await accepted(trader, order_type="MARKET", price=None, amount="0.1")
        await eventually(lambda: has(trader, two, "FILLED"))
        assert [await fills(trader, placed) for placed in (one, two)] == [[(first, amount)], [(second, D("0.1"))]]


async def test_one_replica_places_and_the_other_cancels(world: World) -> None:
    async with world.replica() as here, world.replica() as there:
        one = await world.trader(here)
        other = replace(one, api=there)
        placed = await accepted(one, price="1000", amount="1")
        assert (await other.cancel(placed)).status_code == 200
        assert await one.status(placed) == "CANCELLED"
        bought = [
            await accepted(trader, order_type="MARKET", price=None, amount="0.1") for trader in (one, other, one, other)
        ]
        for order_id in bought:
            await eventually(lambda order_id=order_id: has(other, order_id, "FILLED"))
        held = await world.balances(one)
        assert held["ETH"].total == 20 + D("0.4") * D("0.999")
        await eventually(lambda: shows(world, one))


async def test_orders_that_come_together_do_not_lock_the_same_money(world: World) -> None:
    """A hundred thousand pays for eleven orders of nine thousand, wherever they are placed, and not for twenty."""
    async with world.replica() as here, world.replica() as there:
        one = await world.trader(here)
        other = replace(one, api=there)
        answers = await asyncio.gather(
            *(trader.place(trading_pair=PAIR, price="900", amount="10") for trader in (one, other) for _ in range(10))
        )
        assert sorted(answer.status_code for answer in answers) == [201] * 11 + [400] * 9
        held = (await world.balances(one))["USDT"]
        assert (held.total, held.available) == (100_000, 1_000)
        taken = [answer.json()["order_id"] for answer in answers if answer.status_code == 201]
        assert {answer.status_code for answer in await asyncio.gather(*map(one.cancel, taken))} == {200}
        assert (await world.balances(one))["USDT"].available == 100_000


@pytest.fixture
async def desk(world: World, replica: object) -> Desk:
    """An account whose market is what the test says, and which no session follows."""
    desk = Desk(("nobody", f"desk-{id(world)}-{asyncio.get_running_loop().time()}"), world.database)
    await desk.open({"USDT": D(1000), "ETH": D(2)})
    return desk


def bid(number: int, price: str, amount: str) -> NewOrder:
    return NewOrder(f"c{number}", PAIR, TradeType.BUY, OrderType.LIMIT, D(amount), D(price))


async def put(desk: Desk, order: NewOrder) -> int:
    need = needed_for(order, None)
    assert need is not None
    return await desk.place(order, need)


async def test_two_owners_for_a_moment_count_each_trade_once(desk: Desk) -> None:
    book = OrderBook(PAIR, levels(("100", "1")), levels(("101", "1")), NOW)
    await desk.match(PAIR, Look(book, 100, [], 0.0), TERMS, {await put(desk, bid(1, "100", "5"))})
    printed = Look(book, 100, [trade("100", "3", at=1)], 0.0)
    both = await asyncio.gather(*(desk.match(PAIR, printed, TERMS, set()) for _ in range(8)))
    filled = [fill.amount for matched in both for change in matched.changes for fill in change.fills]
    assert filled == [D(2)]
    held = await desk.holdings()
    assert (held["USDT"].total, held["USDT"].reserved) == (D(800), D(300))
    assert held["ETH"].total == 2 + D(2) * D("0.999")


async def test_a_look_that_began_before_an_order_came_is_not_for_it(desk: Desk) -> None:
    order_id = await put(desk, bid(1, "101", "1"))
    book = OrderBook(PAIR, [], levels(("101", "1")), NOW)
    assert (await desk.match(PAIR, Look(book, 100, [], 0.0), TERMS, set())).changes == []
    assert len((await desk.match(PAIR, Look(book, 100, [], 0.0), TERMS, {order_id})).changes) == 1


async def test_of_a_fill_and_a_cancellation_at_once_one_wins(desk: Desk) -> None:
    order_id = await put(desk, bid(1, "101", "1"))
    look = Look(OrderBook(PAIR, [], levels(("101", "1")), NOW), 100, [], 0.0)
    matched, cancelled = await asyncio.gather(desk.match(PAIR, look, TERMS, {order_id}), desk.cancel("c1"))
    assert (cancelled is None) == bool(matched.changes)
    held = await desk.holdings()
    assert held["USDT"].reserved == 0
    assert held["USDT"].total == (1000 if cancelled else 899)


async def test_the_same_client_order_id_is_taken_once(desk: Desk) -> None:
    await put(desk, bid(1, "100", "1"))
    with pytest.raises(Repeated):
        await put(desk, bid(1, "100", "1"))
    assert (await desk.holdings())["USDT"].reserved == 100


async def shows(world: World, trader: object) -> bool:
    """What the session shows is what the account holds."""
    return await world.balances(trader, refresh=False) == await world.balances(trader)  # type: ignore[arg-type]
