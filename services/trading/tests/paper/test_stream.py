"""What the session's owner is told, on a market that the test moves."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from aviary_exchange.types import (
    Accepted,
    BalancesChanged,
    Fill,
    NewOrder,
    OrderReport,
    OrderType,
    StreamGap,
    TradeType,
    UserEvent,
    VenueOrderState,
)
from aviary_trading.paper.desk import Desk
from aviary_trading.paper.exchange import PaperExchange
from aviary_trading.paper.latency import Latency
from aviary_trading.paper.looks import Looks
from aviary_trading.paper.stream import MARKETS_AT_ONCE, due

from .fake_market import FakeMarket
from .values import levels, order, resting, trade
from .world import PAPER, World

D = Decimal
PAIRS = [f"C{number}-USDT" for number in range(6)]
EVERY_S = 0.2
AT_ONCE = Latency(lowest_ms=0, median_ms=0.1, highest_ms=0.1)


@pytest.fixture
def market() -> FakeMarket:
    return FakeMarket(PAIRS, PAPER)


@pytest.fixture
async def looks(market: FakeMarket) -> Looks:
    return Looks(market, EVERY_S)


@pytest.fixture
async def account(world: World, replica: object, market: FakeMarket, looks: Looks) -> PaperExchange:
    """One that no session follows."""
    desk = Desk((f"stream-{secrets.token_hex(5)}", PAPER), world.database)
    await desk.open({"USDT": D(1000), "C0": D(5)})
    return PaperExchange(PAPER, market, desk, looks, AT_ONCE)


def bid(number: int, price: str | None, amount: str = "1", pair: str = PAIRS[0]) -> NewOrder:
    kind = OrderType.MARKET if price is None else OrderType.LIMIT
    return NewOrder(f"c{number}", pair, TradeType.BUY, kind, D(amount), None if price is None else D(price))


async def until(events: AsyncIterator[UserEvent], kind: type[UserEvent]) -> list[UserEvent]:
    """What is told up to the first of that kind."""
    told: list[UserEvent] = []
    async with asyncio.timeout(5):
        while not told or not isinstance(told[-1], kind):
            told.append(await anext(events))
    return told


async def test_the_stream_begins_with_a_gap_and_what_the_account_holds(account: PaperExchange) -> None:
    events = account.user_events()
    assert isinstance(await anext(events), StreamGap)
    told = await anext(events)
    assert isinstance(told, BalancesChanged)
    assert {(item.token, item.total, item.available) for item in told.balances} == {
        ("USDT", D(1000), D(1000)),
        ("C0", D(5), D(5)),
    }


async def test_an_order_is_held_against_a_book_read_after_it_came(
    account: PaperExchange, market: FakeMarket, looks: Looks
) -> None:
    assert isinstance(await account.place(bid(1, None)), Accepted)
    market.asks = levels(("102", "5"))
    *_, fill = await until(account.user_events(), Fill)
    assert isinstance(fill, Fill)
    assert (fill.price, fill.amount, fill.is_maker) == (D(102), D(1), False)


async def test_a_fill_is_told_with_its_order_and_its_balances(account: PaperExchange, market: FakeMarket) -> None:
    events = account.user_events()
    await account.place(bid(1, "99", "2"))
    assert isinstance((await until(events, BalancesChanged))[-1], BalancesChanged)
    market.trades = [trade("99", "1.5", at=1)]
    fill, report, balances = (await until(events, BalancesChanged))[-3:]
    assert isinstance(fill, Fill)
    assert (fill.amount, fill.fee, fill.fee_currency, fill.client_order_id) == (D("0.5"), D("0.0005"), "C0", "c1")
    assert isinstance(report, OrderReport)
    assert (report.state, report.filled_amount) == (VenueOrderState.PARTIALLY_FILLED, D("0.5"))
    assert isinstance(balances, BalancesChanged)
    assert {item.token: item.available for item in balances.balances} == {"USDT": D(802), "C0": D("5.4995")}


async def test_what_the_stream_told_can_be_asked_for_too(account: PaperExchange, market: FakeMarket) -> None:
    market.asks = levels(("101", "1"), ("102", "5"))
    await account.place(bid(1, "102", "1.5"))
    await account.place(bid(2, "90", "0.5"))
    events = account.user_events()
    first, second = [event for event in await until(events, OrderReport) if isinstance(event, Fill)]
    number = first.exchange_order_id
    assert await account.fills(PAIRS[0], since=first.at, order_id=number) == [first, second]
    assert await account.fills(PAIRS[0], since=first.at) == [first, second]
    assert await account.fills(PAIRS[0], since=first.at + timedelta(hours=1)) == []
    assert [report.client_order_id for report in await account.open_orders()] == ["c2"]
    assert await account.open_orders(PAIRS[1]) == []
    done = await account.order(PAIRS[0], "c1")
    assert done is not None
    assert (done.state, done.filled_quote) == (VenueOrderState.FILLED, D(152))
    assert await account.order(PAIRS[0], "never") is None


async def test_nothing_is_asked_while_nothing_is_open(account: PaperExchange, market: FakeMarket) -> None:
    events = account.user_events()
    await until(events, BalancesChanged)
    assert market.calls.total() == 0


def test_markets_where_orders_only_rest_are_looked_at_in_turn() -> None:
    rests = {pair: [resting("1", "90")] for pair in PAIRS}
    looked: dict[str, float] = {}
    for turn in range(6):
        looked |= dict.fromkeys(due(rests, looked), float(turn))
    assert sorted(looked.values()) == [3, 3, 4, 4, 5, 5]
    assert due(rests | {PAIRS[5]: [order("1", "90")]}, looked)[0] == PAIRS[5]
    assert len(due(rests | {PAIRS[5]: [order("1", "90")]}, looked)) == 1 + MARKETS_AT_ONCE


async def test_orders_wait_while_the_venue_is_down(account: PaperExchange, market: FakeMarket) -> None:
    events = account.user_events()
    await until(events, BalancesChanged)
    market.is_down = True
    await account.place(bid(1, "101"))
    await until(events, BalancesChanged)
    market.is_down = False
    *_, fill = await until(events, Fill)
    assert isinstance(fill, Fill)
    assert fill.price == 101
