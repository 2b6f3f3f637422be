"""The one way in which an order changes: no change is overwritten, fills count once, events go with the change."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final
from weakref import WeakValueDictionary

from aviary_common import context, logs
from aviary_common.batches import Batches
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.timestamps import utc_now
from aviary_exchange.types import Fill, OrderReport
from aviary_trading.fills import store as fill_store
from aviary_trading.orders import apply, events, figures, store, writes
from aviary_trading.orders.known import KnownOrders
from aviary_trading.orders.record import Intent, Order
from aviary_trading.orders.states import OrderState
from aviary_trading.orders.writes import Saving

log = logs.get(__name__)

Change = Callable[[Order, datetime], Order]

TRIES: Final = 3
"""How often a change is tried on the order as last read, before it waits for the order's lock."""


class Recorder:
    """``clock`` is passed in where a test wants to hold it still."""

    def __init__(self, database: Database, outbox: Outbox, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._known = KnownOrders()
        self._intents = Batches(partial(self._write_intents, admitted=False))
        self._admitted = Batches(partial(self._write_intents, admitted=True))
        self._savings = Batches(self._save_all)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def write_intent(self, intent: Intent, *, admitted: bool = False) -> Order | None:
        """Committed when this returns. ``None`` when the client order id is taken or, unless the order is ``admitted``
        whatever they say, when the account is halted or has limits: then the gate decides."""
        return await (self._admitted if admitted else self._intents).add(intent)

    async def close(self) -> None:
        await self._intents.close()
        await self._admitted.close()
        await self._savings.close()

    async def find(self, account_name: str, connector_name: str, client_order_id: str) -> Order | None:
        async with self._database.single() as connection:
            return await store.find(connection, account_name, connector_name, client_order_id)

    async def unsettled(self, account_name: str, connector_name: str) -> list[Order]:
        async with self._database.single() as connection:
            return await store.unsettled(connection, account_name, connector_name)

    async def unclear(self, account_name: str, connector_name: str, since: datetime) -> list[Order]:
        async with self._database.single() as connection:
            return await store.unclear(connection, account_name, connector_name, since)

    async def accepted(self, order: Order, exchange_order_id: str) -> Order:
        return await self._change(order, lambda current, now: apply.accepted(current, exchange_order_id, now))

    async def failed(self, order: Order, reason: str) -> Order:
        return await self._change(order, lambda current, now: apply.failed(current, reason, now))

    async def cancelling(self, order: Order) -> Order:
        return await self._change(order, apply.cancelling)

    async def reopened(self, order: Order) -> Order:
        return await self._change(order, apply.reopened)

    async def unresolved(self, order: Order, reason: str) -> Order:
        """Tell that the order's fate is being looked up, unless the venue's stream has told it meanwhile."""
        async with self._database.transaction() as connection:
            current = await store.lock(connection, order.id)
            if current.status is OrderState.PENDING_CREATE:
                await self._outbox.add(connection, events.unresolved(current, reason))
            return current

    async def seen(self, order: Order, report: OrderReport | None, fills: Sequence[Fill] = ()) -> Order:
        """Take over what the venue says; saying it again changes nothing."""
        change: Change = _unchanged if report is None else partial(_with_report, report)
        return await self._change(order, change, list({fill.trade_id: fill for fill in fills}.values()))

    async def heard(self, account_name: str, connector_name: str, news: OrderReport | Fill) -> Order | None:
        """The same for news from a user stream, which may be about an order that is not ours: then ``None``."""
        order = self._known.of_news(account_name, connector_name, news)
        if order is None:
            async with self._database.single() as connection:
                order = await store.find_by_news(connection, account_name, connector_name, news)
        if order is None:
            return None
        return await (self.seen(order, None, [news]) if isinstance(news, Fill) else self.seen(order, news))

    async def _change(self, order: Order, change: Change, fills: Sequence[Fill] = ()) -> Order:
        """On the order as it was last seen, in one statement, as long as no other replica is faster; else under its
        lock. Within this process the changes of one order take turns: a venue's answer and its stream tell the same at
        the same time."""
        async with self._turns.setdefault(order.id, asyncio.Lock()):
            for _ in range(TRIES):
                order = self._known.newest(order)
                now = self._clock()
                after = change(order, now)
                if fills:
                    after = apply.with_fills(after, fills, now)
                if after == order:
                    return order
                told = self._outbox.entries(*events.events_between(order, after, fills))
                if await self._savings.add(Saving(order, after, fills, told)):
                    _tell(order, after, fills)
                    return self._remembered(replace(after, version=order.version + 1))
                if fills:
                    break  # somebody may have stored some of them: what is new is known under the lock only
                order = await self._read(order.id)
            return await self._change_locked(order.id, change, fills)

    async def _change_locked(self, order_id: int, change: Change, fills: Sequence[Fill]) -> Order:
        now = self._clock()
        async with self._database.transaction() as connection:
            before = await store.lock(connection, order_id)
            new_fills = await fill_store.add(connection, before, fills)
            after = change(before, now)
            if new_fills:
                after = apply.with_fills(after, new_fills, now)
            if after != before:
                await store.save(connection, before, after)
                await self._outbox.add(connection, *events.events_between(before, after, new_fills))
                after = replace(after, version=before.version + 1)
        if after.version != before.version:
            _tell(before, after, new_fills)
        return self._remembered(after)

    async def _read(self, order_id: int) -> Order:
        async with self._database.single() as connection:
            return self._remembered(await store.read(connection, order_id))

    async def _write_intents(self, intents: Sequence[Intent], *, admitted: bool) -> list[Order | None]:
        async with self._database.single() as connection:
            orders = await writes.write_intents(connection, intents, self._clock(), admitted=admitted)
        for order in orders:
            if order is not None:
                self._known.remember(order)
        return orders

    async def _save_all(self, savings: Sequence[Saving]) -> list[bool]:
        async with self._database.single() as connection:
            saved = await writes.save_all(connection, savings)
        self._outbox.wake()
        return saved

    def _remembered(self, order: Order) -> Order:
        self._known.remember(order)
        return order


def _tell(before: Order, after: Order, fills: Sequence[Fill]) -> None:
    """The log has each step of an order's life."""
    figures.changed(before, after, len(fills))
    with context.about(client_order_id=after.client_order_id):
        log.info(
            "order changed",
            connector=after.connector_name,
            was=before.status,
            status=after.status,
            fills=len(fills),
            filled=after.filled_amount,
        )


def _unchanged(order: Order, _now: datetime) -> Order:
    return order


def _with_report(report: OrderReport, order: Order, now: datetime) -> Order:
    return apply.with_report(order, report, now)
