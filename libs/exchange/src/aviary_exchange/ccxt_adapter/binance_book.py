"""Binance's order book, kept true: what is missing between two diffs is made up for by a new snapshot.

ccxt subscribes, holds the connection and fetches the first snapshot. Its own book is not used: it passes over diffs
that do not fit while it waits for a snapshot, and shows a stale book until the next one comes.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.diff_book import DiffBook
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.stream_feed import nobody
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.errors import VenueUnavailable
from aviary_exchange.types import OrderBook

SNAPSHOT_LEVELS = 1000
KEPT_LEVELS = 500
"""With fewer than these left before the snapshot's edge a new one is fetched, if somebody looks at so many."""
MOST_WAITING = 2000
"""Diffs that wait for a snapshot: more than three minutes of them."""
NOTHING: Raw = {"bids": (), "asks": (), "nonce": -1}
FIRST_WITHIN_S = 120.0
"""Many subscriptions wait for each other: the venue takes five messages a second."""
SNAPSHOT_TRIES = 5
PAUSE_S = 0.2


class BinanceBook:
    def __init__(self, session: Session, listing: Listing) -> None:
        self._session = session
        self._listing = listing
        self._book = DiffBook(listing, NOTHING, SNAPSHOT_LEVELS)
        """The last state in which snapshot and diffs met."""
        self._waiting: list[Raw] | None = []
        """Diffs without a book that they follow; ``None`` while they follow."""
        self._is_lost = asyncio.Event()
        self.version = 0
        self.changed: Callable[[], None] = nobody
        self.depths: list[Callable[[], int]] = []

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hold())
            tasks.create_task(self._heal())

    async def unwatch(self) -> None:
        await self._session.exchange.un_watch_order_book(self._listing.symbol)

    def read(self, count: int) -> OrderBook:
        return self._book.top(count)

    def take(self, event: Raw) -> None:
        if self._waiting is not None:
            self._wait(self._waiting, event)
            return
        before = self._book.update_id
        if not self._book.follow(event):
            self._lose(event)
        elif self._book.update_id > before:
            self._tell(self._book)

    async def _hold(self) -> None:
        """ccxt answers the first call with its snapshot, and the second with what ends the connection."""
        exchange, symbol = self._session.exchange, self._listing.symbol
        while True:
            async with asyncio.timeout(FIRST_WITHIN_S if self._book.update_id < 0 else None):
                snapshot = await self._session.watch(lambda: exchange.watch_order_book(symbol, SNAPSHOT_LEVELS))
            if self._book.update_id < 0 and not self._begin_with(snapshot):
                self._is_lost.set()

    async def _heal(self) -> None:
        while True:
            await self._is_lost.wait()
            self._is_lost.clear()
            for _ in range(SNAPSHOT_TRIES):
                if self._begin_with(await self._session.ask(self._fetch, Priority.MARKET_DATA)):
                    break
                await asyncio.sleep(PAUSE_S)
            else:
                raise VenueUnavailable(f"{self._session.connector.name}'s book and its changes do not meet.")

    async def _fetch(self, _: MarketTable) -> Any:
        return await self._session.exchange.fetch_order_book(self._listing.symbol, SNAPSHOT_LEVELS)

    def _begin_with(self, snapshot: Raw) -> bool:
        """False when the diffs that wait do not follow the snapshot, or it is older than what has been shown."""
        book = DiffBook(self._listing, snapshot, SNAPSHOT_LEVELS)
        shown_id = self._book.update_id
        if not all(book.follow(event) for event in self._waiting or ()) or book.update_id < shown_id:
            return False
        self._book, self._waiting = book, None
        if book.update_id > shown_id:
            self._tell(book)
        return True

    def _wait(self, waiting: list[Raw], event: Raw) -> None:
        if len(waiting) >= MOST_WAITING:
            raise VenueUnavailable(f"{self._session.connector.name} sends changes of the book, but no snapshot.")
        waiting.append(event)

    def _lose(self, *events: Raw) -> None:
        self._waiting = [*events]
        self._is_lost.set()

    def _tell(self, book: DiffBook) -> None:
        wanted = min(max((depth() for depth in self.depths), default=1), KEPT_LEVELS)
        if not book.knows(wanted):
            self._lose()
        self.version += 1
        self.changed()
