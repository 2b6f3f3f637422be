"""Users who look after feeds themselves."""

import asyncio
from contextlib import suppress

from aviary_common.errors import DeadlineExceeded
from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.report import active_feeds, diagnostics
from aviary_market_data.feeds.schemas import Diagnostics, FeedOut, FeedSettingsOut, Restarted, TradingPairOut
from aviary_market_data.feeds.service import Feeds
from aviary_market_data.order_books.service import LEVELS
from aviary_market_data.venues import Venues, require_pairs


class FeedControl:
    def __init__(self, feeds: Feeds, venues: Venues) -> None:
        self._feeds = feeds
        self._venues = venues

    def settings(self) -> FeedSettingsOut:
        settings = self._feeds.settings
        return FeedSettingsOut(
            cleanup_interval=settings.feed_look_s,
            feed_timeout=settings.feed_timeout_s,
            description=(
                "Feeds start when they are first asked for and end when nobody has asked for feed_timeout seconds; "
                "every cleanup_interval seconds a replica looks. AVIARY_FEED_TIMEOUT_S and AVIARY_FEED_LOOK_S set them."
            ),
        )

    def candle_connectors(self) -> list[str]:
        return self._venues.names()

    async def active(self) -> dict[str, FeedOut]:
        return active_feeds(await self._feeds.all(), self._feeds.settings.feed_timeout_s)

    async def add(self, connector_name: str, trading_pair: str, timeout_s: float) -> TradingPairOut:
        """Keep the pair's book from now on; returns once it is live. ``DeadlineExceeded`` leaves it starting."""
        source = self._venues.source_of(connector_name)
        exchange = self._venues.get(source)
        require_pairs(exchange, await exchange.rules(), [trading_pair])
        await self._feeds.pin(FeedKey(StreamKind.BOOK, source, trading_pair), LEVELS)
        mirror = self._feeds.book(source, trading_pair, LEVELS)
        if mirror is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await mirror.heard.wait()
        if mirror is None or not mirror.heard.is_set():
            raise DeadlineExceeded(f"{source} has not told the book of {trading_pair} within {timeout_s:.0f} s yet.")
        return TradingPairOut(
            success=True,
            connector_name=connector_name,
            trading_pair=trading_pair,
            message=f"The order book of {trading_pair} is live.",
        )

    async def remove(self, connector_name: str, trading_pair: str) -> TradingPairOut:
        """``success`` is false when the pair was not followed."""
        source = self._venues.source_of(connector_name)
        was_wanted = await self._feeds.remove(FeedKey(StreamKind.BOOK, source, trading_pair))
        return TradingPairOut(
            success=was_wanted,
            connector_name=connector_name,
            trading_pair=trading_pair,
            message=f"The order book of {trading_pair} is {'no longer' if was_wanted else 'not'} followed.",
        )

    async def diagnose(self, connector_name: str) -> Diagnostics:
        return diagnostics(self._venues.source_of(connector_name), await self._feeds.all())

    async def restart(self, connector_name: str) -> Restarted:
        source = self._venues.source_of(connector_name)
        pairs = sorted(key.trading_pair for key in await self._feeds.restart(source))
        message = f"{len(pairs)} order books of {source} begin anew." if pairs else f"{source} has no live order books."
        return Restarted(success=True, message=message, trading_pairs=pairs)
