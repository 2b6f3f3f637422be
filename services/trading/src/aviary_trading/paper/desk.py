"""Every change of one paper account: one transaction each, which holds the account, from any replica."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from aviary_common.database import Database
from aviary_common.timestamps import utc_now
from aviary_exchange.types import NewOrder
from aviary_trading.paper import order_store, store
from aviary_trading.paper.matching import Look, Matched, Terms, match
from aviary_trading.paper.records import Holding, PaperFill, PaperOrder, PaperState
from aviary_trading.paper.reserve import INSUFFICIENT, Need
from aviary_trading.paper.settle import Change, cancelled, settle
from aviary_trading.paper.store import Key

DUPLICATE: Final = "Duplicate order sent."


class Declined(Exception):
    """As a venue would, in its words."""


class Repeated(Exception):
    """The client order id is taken already: by the same order, perhaps."""


class Desk:
    def __init__(self, key: Key, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._key = key
        self._database = database
        self._clock = clock

    async def open(self, start: Mapping[str, Decimal]) -> None:
        """The account with its first balances, unless it is there already."""
        async with self._database.transaction() as connection:
            if await store.create(connection, self._key, self._clock()):
                await store.put_holdings(connection, self._key, _fresh(start))

    async def version(self) -> int:
        """Another one whenever orders or balances have changed."""
        async with self._database.single() as connection:
            return await store.version(connection, self._key)

    async def holdings(self) -> Mapping[str, Holding]:
        async with self._database.single() as connection:
            return await store.holdings(connection, self._key)

    async def order(self, client_order_id: str) -> PaperOrder | None:
        async with self._database.single() as connection:
            return await order_store.find(connection, self._key, client_order_id)

    async def open_orders(self, trading_pair: str | None = None) -> list[PaperOrder]:
        async with self._database.single() as connection:
            return await order_store.open_orders(connection, self._key, trading_pair)

    async def fills(
        self, trading_pair: str, since: datetime, order_id: int | None
    ) -> Sequence[tuple[PaperOrder, PaperFill]]:
        async with self._database.single() as connection:
            return await order_store.fills(connection, self._key, trading_pair, since, order_id)

    async def place(self, order: NewOrder, need: Need) -> int:
        """The order's id. Raises ``Declined``, or ``Repeated`` when the id is taken."""
        async with self._database.transaction() as connection:
            await store.touch(connection, self._key)
            held = (await store.holdings(connection, self._key)).get(need.token, Holding(Decimal(0)))
            locked = need.locked_from(held)
            if locked is None:
                raise Declined(INSUFFICIENT)
            order_id = await order_store.add(connection, self._key, order, locked, self._clock())
            if order_id is None:
                raise Repeated(DUPLICATE)
            after = {need.token: Holding(held.total, held.reserved + locked)}
            await store.put_holdings(connection, self._key, after)
            return order_id

    async def cancel(self, client_order_id: str) -> PaperOrder | None:
        """The cancelled order, or ``None`` when there is no such open order: its last fill was faster, say."""
        async with self._database.transaction() as connection:
            await store.touch(connection, self._key)
            order = await order_store.find(connection, self._key, client_order_id)
            if order is None or not order.is_open:
                return None
            change = Change(order, cancelled(order, self._clock()))
            held = await store.holdings(connection, self._key)
            await order_store.save(connection, change)
            await store.put_holdings(connection, self._key, _moved(held, settle(held, [change])))
            return change.after

    async def match(self, trading_pair: str, look: Look, terms: Terms, arrived: Collection[int]) -> Matched:
        """Hold a look against the open orders; new ones only if they were ``arrived`` before it began."""
        async with self._database.transaction() as connection:
            await store.hold(connection, self._key)
            orders = [
                order
                for order in await order_store.open_orders(connection, self._key, trading_pair)
                if order.state is not PaperState.NEW or order.id in arrived
            ]
            before = await store.memory(connection, self._key, trading_pair)
            matched = match(orders, before, look, terms, self._clock())
            if matched.memory != before:
                await store.put_memory(connection, self._key, trading_pair, matched.memory)
            if matched.changes:
                await store.touch(connection, self._key)
                for change in matched.changes:
                    await order_store.save(connection, change)
                held = await store.holdings(connection, self._key)
                await store.put_holdings(connection, self._key, _moved(held, settle(held, matched.changes)))
            return matched

    async def reset(self, balances: Mapping[str, Decimal]) -> int:
        """Begin anew with these balances; open orders are cancelled. How many those were."""
        async with self._database.transaction() as connection:
            await store.touch(connection, self._key)
            orders = await order_store.open_orders(connection, self._key)
            for order in orders:
                await order_store.save(
                    connection, Change(order, cancelled(order, self._clock(), "The account was reset."))
                )
            await store.forget(connection, self._key)
            await store.put_holdings(connection, self._key, _fresh(balances))
            return len(orders)


def _fresh(balances: Mapping[str, Decimal]) -> dict[str, Holding]:
    return {token: Holding(total) for token, total in balances.items()}


def _moved(before: Mapping[str, Holding], after: Mapping[str, Holding]) -> dict[str, Holding]:
    return {token: held for token, held in after.items() if before.get(token) != held}
