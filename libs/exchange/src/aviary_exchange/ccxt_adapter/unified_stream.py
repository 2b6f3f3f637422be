"""Any other venue's user stream, through what ccxt makes of it.

ccxt merges updates that arrive between two looks, so an execution may be missing here that ``fills`` will show; its
order's totals are right. Few venues confirm a private subscription, so a stream counts as live a moment after its
connection.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.raw import Raw
from aviary_exchange.ccxt_adapter.reports import balances as read_balances
from aviary_exchange.ccxt_adapter.reports import fill, order_report
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_import import errors
from aviary_exchange.types import Balance, BalancesChanged, PositionsChanged, UserEvent

SETTLES_IN_S = 2.0

_ccxt = errors()
_log = structlog.get_logger(__name__)


class UnifiedStream:
    def __init__(
        self,
        session: Session,
        ids: ClientIds,
        balances: Callable[[], Awaitable[Sequence[Balance]]],
        publish: Callable[[UserEvent], None],
        live: Callable[[], None],
    ) -> None:
        self._session = session
        self._ids = ids
        self._balances = balances
        self._publish = publish
        self._live = live
        self._connected = asyncio.Event()

    async def run(self) -> None:
        exchange = self._session.exchange
        self._pairs = (await self._session.table()).pairs
        exchange.on_live = lambda _url: self._connected.set()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tell_when_live())
            tasks.create_task(self._watch(exchange.watch_orders, self._publish_orders))
            if exchange.has.get("watchMyTrades"):
                tasks.create_task(self._watch(exchange.watch_my_trades, self._publish_fills))
            if exchange.has.get("watchBalance"):
                tasks.create_task(self._watch(exchange.watch_balance, self._publish_balances))
            if self._session.connector.is_perpetual and exchange.has.get("watchPositions"):
                tasks.create_task(self._watch_positions())

    async def _tell_when_live(self) -> None:
        while True:
            await self._connected.wait()
            await asyncio.sleep(SETTLES_IN_S)
            self._connected.clear()
            self._live()

    async def _watch(self, watch: Callable[[], Awaitable[Any]], publish: Callable[[Any], None]) -> None:
        while True:
            publish(await self._session.watch(watch))

    async def _watch_positions(self) -> None:
        """They are hints: a venue that will not give them, whatever ccxt says, is listened to without."""
        try:
            await self._watch(self._session.exchange.watch_positions, self._publish_positions)
        except (_ccxt.NotSupported, _ccxt.ArgumentsRequired) as refusal:
            _log.info("no hints at positions", connector=self._session.connector.name, reason=type(refusal).__name__)

    def _publish_orders(self, orders: Sequence[Raw]) -> None:
        for order in orders:
            listing = self._pairs.of_symbol(order["symbol"])
            if listing is not None and order.get("status"):
                self._publish(order_report(order, listing, self._ids))

    def _publish_fills(self, trades: Sequence[Raw]) -> None:
        for trade in trades:
            listing = self._pairs.of_symbol(trade["symbol"])
            if listing is not None:
                self._publish(fill(trade, listing, self._ids))

    def _publish_positions(self, positions: Sequence[Raw]) -> None:
        listings = [self._pairs.of_symbol(position.get("symbol")) for position in positions]
        changed = sorted({listing.trading_pair for listing in listings if listing is not None})
        if changed:
            self._publish(PositionsChanged(changed))

    def _publish_balances(self, answer: Raw) -> None:
        self._publish(BalancesChanged(read_balances(answer)))
