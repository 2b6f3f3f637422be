"""The one way in which an order changes: under its row lock, fills once, events in the same transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.timestamps import utc_now
from aviary_exchange.types import Fill, OrderReport
from aviary_trading.fills import store as fill_store
from aviary_trading.orders import apply, events, store
from aviary_trading.orders.record import Intent, Order
from aviary_trading.orders.states import OrderState

Change = Callable[[Order, datetime], Order]


class Recorder:
    """``clock`` is passed in where a test wants to hold it still."""

    def __init__(self, database: Database, outbox: Outbox, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock

    async def write_intent(self, intent: Intent) -> Order | None:
        """Committed when this returns; ``None`` when the client order id is taken."""
        async with self._database.single() as connection:
            return await store.write_intent(connection, intent, self._clock())

    async def find(self, account_name: str, connector_name: str, client_order_id: str) -> Order | None:
        async with self._database.single() as connection:
            return await store.find(connection, account_name, connector_name, client_order_id)

    async def unsettled(self, account_name: str, connector_name: str) -> list[Order]:
        async with self._database.single() as connection:
            return await store.unsettled(connection, account_name, connector_name)

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
        return await self._change(order, change, fills)

    async def heard(self, account_name: str, connector_name: str, news: OrderReport | Fill) -> Order | None:
        """The same for news from a user stream, which may be about an order that is not ours: then ``None``."""
        async with self._database.single() as connection:
            order = await store.find_by_news(connection, account_name, connector_name, news)
        if order is None:
            return None
        return await (self.seen(order, None, [news]) if isinstance(news, Fill) else self.seen(order, news))

    async def _change(self, order: Order, change: Change, fills: Sequence[Fill] = ()) -> Order:
        """In one statement when nobody has changed the order since it was read, else under its lock."""
        if not fills:
            after = change(order, self._clock())
            if after == order:
                return order
            events_of = events.events_between(order, after, [])
            async with self._database.single() as connection:
                saved = await store.save_at_once(
                    connection, order, after, lambda saved: self._outbox.added_with(saved, *events_of)
                )
            if saved is not None:
                return saved
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
                after = await store.save(connection, before, after)
                await self._outbox.add(connection, *events.events_between(before, after, new_fills))
            return after


def _unchanged(order: Order, _now: datetime) -> Order:
    return order


def _with_report(report: OrderReport, order: Order, now: datetime) -> Order:
    return apply.with_report(order, report, now)
