"""Any other venue's order book, as ccxt keeps it.

ccxt's book changes under its readers and may be wrong between two calls, so the levels are taken out while it is known
to be right: just after it was handed over.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aviary_exchange.ccxt_adapter.raw import Raw, instant, required
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.stream_feed import nobody
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.ccxt_import import errors
from aviary_exchange.types import Level, OrderBook

WATCHED_LEVELS: Mapping[str, int] = {"bybit": 200, "kraken": 100}
"""Where ccxt's usual is few; others may not take every number."""
MOST_RESYNCS = 3
"""In a row, without a book between them."""

_ccxt = errors()


class UnifiedBook:
    def __init__(self, session: Session, listing: Listing) -> None:
        self._session = session
        self._listing = listing
        self._book = OrderBook(listing.trading_pair, (), (), instant(None))
        self._last_id = -1
        self.version = 0
        self.changed: Callable[[], None] = nobody
        self.depths: list[Callable[[], int]] = []

    async def run(self) -> None:
        resyncs = 0
        while True:
            try:
                book = await self._session.watch(self._watch)
            except (_ccxt.ChecksumError, _ccxt.InvalidNonce):
                resyncs += 1
                if resyncs > MOST_RESYNCS:
                    raise
                continue  # ccxt has dropped the book and begins anew
            resyncs = 0
            self._take(book)

    async def unwatch(self) -> None:
        if self._session.exchange.has.get("unWatchOrderBook"):
            await self._session.exchange.un_watch_order_book(self._listing.symbol)

    def read(self, count: int) -> OrderBook:
        """Venues stream so many levels at most; a side with fewer may be cut, or all there is."""
        book = self._book
        is_complete = min(len(book.bids), len(book.asks)) >= count
        return OrderBook(book.trading_pair, book.bids[:count], book.asks[:count], book.at, book.update_id, is_complete)

    async def _watch(self) -> Any:
        exchange = self._session.exchange
        return await exchange.watch_order_book(self._listing.symbol, WATCHED_LEVELS.get(exchange.id))

    def _take(self, book: Raw) -> None:
        count = max((depth() for depth in self.depths), default=1)
        bids, asks = (self._levels(book[side], count) for side in ("bids", "asks"))
        self._book = OrderBook(
            self._listing.trading_pair, bids, asks, instant(book.get("timestamp")), self._update_id(book.get("nonce"))
        )
        self.version += 1
        self.changed()

    def _levels(self, rows: Sequence[Sequence[Any]], count: int) -> list[Level]:
        to_base = self._listing.to_base
        return [Level(required(price), to_base(required(amount))) for price, amount, *_ in rows[:count]]

    def _update_id(self, nonce: object) -> int | None:
        """Only where the numbers rise: some venues' are something else, or begin again."""
        if not isinstance(nonce, int) or nonce <= self._last_id:
            return None
        self._last_id = nonce
        return nonce
