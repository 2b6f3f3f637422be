"""What the owner of a feed tells everybody, under its lease."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from aviary_common.leases import Lease
from aviary_exchange.types import Candle, OrderBook, PublicTrade
from aviary_market_data.feeds.book_text import Book
from aviary_market_data.feeds.candle_text import candle_text
from aviary_market_data.feeds.figures import UPDATES
from aviary_market_data.feeds.health import Health
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.trade_text import trade_text

KEPT_FOR_S: Final = 3600.0
"""How long Valkey keeps what a feed knew last, so that one can say how old it is."""
KEPT_EVERY_S: Final = 1.0
"""What changes is told at once and kept as often as this, for whoever comes later: writing is dearer than telling."""
TRADES_IN_STATE: Final = 100


class Outlet:
    def __init__(self, key: FeedKey, lease: Lease, health: Health) -> None:
        self.key = key
        self.health = health
        self._lease = lease
        self._trades: list[str] = []
        self._kept_at: dict[str, float] = {}
        self._updates = UPDATES.labels(key.connector, key.kind.value)

    async def tell_book(self, book: OrderBook, levels: int) -> None:
        text = Book.of(book, levels).to_json()
        await self._tell(text)
        await self._keep_now_and_then(self.key.state, lambda: text)
        best = (book.bids[0].price if book.bids else None, book.asks[0].price if book.asks else None)
        self.health.told_book(best, (len(book.bids), len(book.asks)), book.update_id)

    async def tell_trades(self, trades: Sequence[PublicTrade]) -> None:
        news = [trade_text(trade) for trade in trades]
        self._trades = [*self._trades, *news][-TRADES_IN_STATE:]
        await self._tell("\n".join(news))
        await self._keep_now_and_then(self.key.state, lambda: "\n".join(self._trades))
        self.health.told()

    async def keep_candles(self, candles: Sequence[Candle], *, whole: bool) -> None:
        """All of them; ``whole`` when the venue has nothing older."""
        head = f"{time.time()} {'whole' if whole else 'part'}"
        await self._keep(self.key.state, "\n".join([head, *map(candle_text, candles)]))

    async def tell_candles(self, newest: Sequence[Candle]) -> None:
        """The last two, the open one included."""
        text = "\n".join(map(candle_text, newest))
        await self._keep_now_and_then(self.key.channel, lambda: text)
        await self._tell(text)
        self.health.told()

    async def _tell(self, news: str | bytes) -> None:
        await self._lease.tell(self.key.state, self.key.channel, news)
        self._updates.inc()

    async def _keep_now_and_then(self, key: str, text: Callable[[], str | bytes]) -> None:
        if time.monotonic() - self._kept_at.get(key, float("-inf")) > KEPT_EVERY_S:
            await self._keep(key, text())

    async def _keep(self, key: str, text: str | bytes) -> None:
        self._kept_at[key] = time.monotonic()
        await self._lease.write(key, text, ttl_s=KEPT_FOR_S)
