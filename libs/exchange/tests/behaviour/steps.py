"""What the behaviour tests have in common."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, TypeVar
from uuid import uuid4

from aviary_exchange.port import PrivateExchange, PublicExchange
from aviary_exchange.quantise import quantise_amount, quantise_price
from aviary_exchange.types import (
    Accepted,
    NewOrder,
    OrderReport,
    OrderType,
    TradeType,
    UserEvent,
    VenueOrderState,
)

PAIR = "BTC-USDT"
AMOUNT = Decimal("0.01")
WITHIN_S = 10.0

Event = TypeVar("Event")


def new_order(price: Decimal | None, *, side: TradeType = TradeType.BUY, amount: Decimal = AMOUNT) -> NewOrder:
    order_type = OrderType.MARKET if price is None else OrderType.LIMIT
    return NewOrder(f"aviary-{uuid4().hex[:20]}", PAIR, side, order_type, amount, price)


async def resting_price(exchange: PublicExchange, side: TradeType = TradeType.BUY) -> Decimal:
    """Far from the market, on the tick."""
    last = (await exchange.tickers([PAIR]))[PAIR].last
    far = last * (Decimal("0.8") if side is TradeType.BUY else Decimal("1.2"))
    return quantise_price((await exchange.rules())[PAIR], far, side)


async def affordable_amount(exchange: PrivateExchange) -> Decimal:
    return quantise_amount((await exchange.rules())[PAIR], AMOUNT)


async def place_resting(exchange: PrivateExchange) -> tuple[NewOrder, Accepted]:
    order = new_order(await resting_price(exchange))
    outcome = await exchange.place(order)
    assert isinstance(outcome, Accepted), outcome
    return order, outcome


async def until_state(exchange: PrivateExchange, client_order_id: str, state: VenueOrderState) -> OrderReport:
    async def poll() -> OrderReport:
        while True:
            report = await exchange.order(PAIR, client_order_id)
            if report is not None and report.state is state:
                return report
            await asyncio.sleep(0.02)

    return await asyncio.wait_for(poll(), WITHIN_S)


class Events:
    """Everything a user stream has told so far."""

    def __init__(self) -> None:
        self.seen: list[UserEvent] = []
        self._news = asyncio.Condition()

    async def collect(self, stream: AsyncIterator[UserEvent]) -> None:
        async for event in stream:
            async with self._news:
                self.seen.append(event)
                self._news.notify_all()

    async def first(
        self, kind: type[Event], wanted: Callable[[Event], bool] = lambda _: True, *, after: int = 0
    ) -> Event:
        """The first of a kind among the events from position ``after`` on, waiting for it if need be."""

        async def find() -> Event:
            async with self._news:
                while True:
                    for event in self.seen[after:]:
                        if isinstance(event, kind) and wanted(event):
                            return event
                    await self._news.wait()

        return await asyncio.wait_for(find(), WITHIN_S)


@asynccontextmanager
async def listening(exchange: PrivateExchange) -> AsyncIterator[Events]:
    """A stream that is live: its first event has been seen."""
    events = Events()
    task = asyncio.create_task(events.collect(exchange.user_events()))
    try:
        await events.first(object)
        yield events
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def left_behind(before: set["asyncio.Task[Any]"]) -> list[str]:
    """New tasks of ours or of ccxt's; other tests' services may be at work in the same loop."""
    codes = [getattr(task.get_coro(), "cr_code", None) for task in asyncio.all_tasks() - before]
    return [code.co_filename for code in codes if code and re.search("aviary_exchange|ccxt", code.co_filename)]
