"""Order books: from the live feed, and from the venue while there is none that is fresh."""

import time
from dataclasses import dataclass
from typing import Final

from aviary_exchange.errors import ExchangeError, RateLimited, VenueUnavailable
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.book_text import Book
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.mirror import BookMirror
from aviary_market_data.feeds.service import Feeds
from aviary_market_data.fresh import Fresh
from aviary_market_data.venues import Venues, require_pairs

LEVELS: Final = 100
"""What a feed holds unless somebody wants more."""
LEVELS_LIVE: Final = 500
"""What a feed holds at most: so many are known however the price moves. More are asked of the venue."""
LEVELS_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class BookRead:
    """``source`` is ``feed`` or ``venue``; ``age_s`` since it was known to be so."""

    book: Book
    age_s: float
    source: str


class OrderBooks:
    def __init__(self, venues: Venues, feeds: Feeds, max_age_s: float) -> None:
        self._venues = venues
        self._feeds = feeds
        self._stale_s = feeds.settings.book_stale_s
        self._asked: Fresh[tuple[str, str, int], Book] = Fresh(max_age_s)

    async def read(self, connector_name: str, trading_pair: str, depth: int) -> BookRead:
        """At least ``depth`` levels of each side, or all there are; never older than the stale limit."""
        source = self._venues.source_of(connector_name)
        if self._feeds.known(FeedKey(StreamKind.BOOK, source, trading_pair)) is None:
            exchange = self._venues.get(source)
            require_pairs(exchange, await exchange.rules(), [trading_pair])
        mirror = self._feeds.book(source, trading_pair, LEVELS if depth <= LEVELS else LEVELS_LIVE)
        if mirror is not None and (age_s := mirror.age_s()) <= self._stale_s:
            book = mirror.book()
            if book is not None and book.has(depth):
                return BookRead(book, age_s, "feed")
        return await self._ask(self._venues.get(source), trading_pair, depth, mirror)

    async def _ask(
        self, exchange: PublicExchange, trading_pair: str, depth: int, mirror: BookMirror | None
    ) -> BookRead:
        try:
            book = await self._asked.get(
                (exchange.connector, trading_pair, depth), lambda: _fetch(exchange, trading_pair, depth)
            )
        except (VenueUnavailable, RateLimited) as error:
            raise _too_old(error, trading_pair, mirror) from error
        return BookRead(book, max(0.0, time.time() - book.at), "venue")


async def _fetch(exchange: PublicExchange, trading_pair: str, depth: int) -> Book:
    return Book.of(await exchange.order_book(trading_pair, depth), depth)


def _too_old(error: ExchangeError, trading_pair: str, mirror: BookMirror | None) -> ExchangeError:
    if mirror is not None and mirror.heard.is_set():
        error.detail = f"{error.detail} The last known order book of {trading_pair} is {mirror.age_s():.0f} s old."
    return error
