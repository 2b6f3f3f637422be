"""A reader of live order books, as every replica has one: its own copies, kept by what the feeds' owner tells."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr

from aviary_common.cache import open_cache
from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.mirror import BookMirror
from aviary_market_data.feeds.mirrors import Mirrors
from aviary_market_data.order_books.service import LEVELS

SUBSCRIBED_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One change of a book, in milliseconds since the venue's event: these have whole milliseconds, so that up to one
    is the rounding's."""

    to_owner_ms: float
    to_reader_ms: float


async def changes(valkey_url: str, trading_pairs: Sequence[str], seconds: float) -> list[Heard]:
    """Every change that is told of these books, which somebody follows already, once each has been read."""
    cache = open_cache(SecretStr(valkey_url))
    mirrors = Mirrors(cache, lambda _: None)
    heard: list[Heard] = []
    for pair in trading_pairs:
        mirror = mirrors.add(FeedKey(StreamKind.BOOK, "sandbox", pair), LEVELS)
        assert isinstance(mirror, BookMirror)
        _listen(mirror, heard)
    running = asyncio.create_task(mirrors.run())
    try:
        async with asyncio.timeout(SUBSCRIBED_WITHIN_S):
            await asyncio.gather(*(mirror.heard.wait() for mirror in mirrors))
        heard.clear()
        await asyncio.sleep(seconds)
        return list(heard)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await cache.aclose()


def _listen(mirror: BookMirror, heard: list[Heard]) -> None:
    """Read the book whenever news of it come: only then can somebody use it."""
    take_news = mirror.take_news

    def take_and_read(text: str) -> bool:
        fits = take_news(text)
        if (book := mirror.book()) is not None:
            to_owner, to_reader = book.at - book.venue_at, time.time() - book.venue_at
            heard.append(Heard(to_owner * 1000, to_reader * 1000))
        return fits

    mirror.take_news = take_and_read  # type: ignore[method-assign]
