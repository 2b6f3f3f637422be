"""The market data streams of one connector: who listens to what, over connections that ccxt shares.

Everybody who listens to the same thing shares one feed. A feed ends at its first failure, and all its listeners are
told; the next one to ask gets a new one.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.binance_book import BinanceBook
from aviary_exchange.ccxt_adapter.binance_events import unwrapped
from aviary_exchange.ccxt_adapter.candle_stream import BinanceCandles, UnifiedCandles
from aviary_exchange.ccxt_adapter.candles import check_interval
from aviary_exchange.ccxt_adapter.channel import Channel, FeedT
from aviary_exchange.ccxt_adapter.failures import CAUGHT
from aviary_exchange.ccxt_adapter.hooks import Call, tracked
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs
from aviary_exchange.ccxt_adapter.trade_stream import BinanceTrades, UnifiedTrades
from aviary_exchange.ccxt_adapter.unified_book import UnifiedBook
from aviary_exchange.errors import ExchangeError, Unsupported, VenueUnavailable
from aviary_exchange.types import Candle, OrderBook, PublicTrade, StreamKind

UNSUBSCRIBED_WITHIN_S = 30.0
CCXT_NAMES: Mapping[StreamKind, str] = {
    StreamKind.BOOK: "watchOrderBook",
    StreamKind.TRADES: "watchTrades",
    StreamKind.CANDLES: "watchOHLCV",
}
WORDS: Mapping[StreamKind, str] = {
    StreamKind.BOOK: "order books",
    StreamKind.TRADES: "trades",
    StreamKind.CANDLES: "candles",
}
BINANCE_EVENTS: Mapping[str, StreamKind] = {
    "depthUpdate": StreamKind.BOOK,
    "trade": StreamKind.TRADES,
    "kline": StreamKind.CANDLES,
}


@dataclass(frozen=True, slots=True)
class Topic:
    kind: StreamKind
    venue_id: str
    interval: str = ""
    """As the venue names it."""


class MarketStreams:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._channels: dict[Topic, Channel[Any]] = {}
        self._closing: dict[Topic, asyncio.Task[None]] = {}
        self._is_closed = False

    def kinds(self) -> frozenset[StreamKind]:
        """None with an account's instance: its connection and its messages belong to the user stream."""
        if self._session.is_private:
            return frozenset()
        has = self._session.exchange.has
        return frozenset(kind for kind, name in CCXT_NAMES.items() if has.get(name) is True)

    async def book(self, trading_pair: str, levels: Callable[[], int]) -> AsyncGenerator[OrderBook]:
        listing = await self._listing(StreamKind.BOOK, trading_pair)
        make = BinanceBook if self._session.binance_like else UnifiedBook
        topic = Topic(StreamKind.BOOK, listing.venue_id)
        async with self._listening(topic, lambda: make(self._session, listing)) as channel:
            depths = channel.feed.depths
            depths.append(levels)
            try:
                seen = 0
                while True:
                    seen = await channel.next_version(seen)
                    yield channel.feed.read(levels())
            finally:
                depths.remove(levels)

    async def trades(self, trading_pair: str) -> AsyncGenerator[Sequence[PublicTrade]]:
        listing = await self._listing(StreamKind.TRADES, trading_pair)
        make = BinanceTrades if self._session.binance_like else UnifiedTrades
        topic = Topic(StreamKind.TRADES, listing.venue_id)
        async with self._listening(topic, lambda: make(self._session, listing)) as channel:
            seen = channel.feed.version
            while True:
                version = await channel.next_version(seen)
                trades = channel.feed.after(seen)
                seen = version
                yield trades

    async def candles(self, trading_pair: str, interval: str) -> AsyncGenerator[Sequence[Candle]]:
        listing = await self._listing(StreamKind.CANDLES, trading_pair)
        check_interval(self._session, interval)
        make = BinanceCandles if self._session.binance_like else UnifiedCandles
        topic = Topic(StreamKind.CANDLES, listing.venue_id, str(self._session.exchange.timeframes[interval]))
        async with self._listening(topic, lambda: make(self._session, listing, interval)) as channel:
            seen = channel.feed.version
            while True:
                version = await channel.next_version(seen)
                candles = channel.feed.after(seen)
                seen = version
                yield candles

    async def close(self) -> None:
        """All streams end, with an error for whoever still listens."""
        self._is_closed = True
        channels = list(self._channels.values())
        for channel in channels:
            channel.end_with(VenueUnavailable(f"{self._session.connector.name} was closed."))
        for channel in channels:
            await channel.stop()
        while self._closing:
            await asyncio.wait(self._closing.values())

    async def _listing(self, kind: StreamKind, trading_pair: str) -> Listing:
        if kind not in self.kinds():
            raise Unsupported(f"{self._session.connector.name} has no stream of {WORDS[kind]}.")
        pairs = await self._session.ask(_pairs, Priority.MARKET_DATA)
        return pairs.listing(trading_pair)

    @asynccontextmanager
    async def _listening(self, topic: Topic, make: Callable[[], FeedT]) -> AsyncIterator[Channel[FeedT]]:
        await self._until_free(topic)
        channel = self._join(topic, make)
        try:
            yield channel
        finally:
            await self._leave(topic, channel)

    async def _until_free(self, topic: Topic) -> None:
        """What has ended is unsubscribed first; when nobody is left, the connection is closed, too."""
        while True:
            channel = self._channels.get(topic)
            if channel is not None and not channel.is_alive:
                self._retire(topic, channel)
            if topic not in self._closing and (self._channels or not self._closing):
                return
            await asyncio.wait(self._closing.values())

    def _join(self, topic: Topic, make: Callable[[], FeedT]) -> Channel[FeedT]:
        if self._is_closed:
            raise VenueUnavailable(f"{self._session.connector.name} was closed.")
        channel: Channel[FeedT] | None = self._channels.get(topic)
        if channel is None:
            if self._session.binance_like:
                self._session.exchange.on_message = self._on_message
            channel = self._channels[topic] = Channel(self._session, make(), partial(self._retire, topic))
        channel.listeners += 1
        return channel

    async def _leave(self, topic: Topic, channel: Channel[Any]) -> None:
        channel.listeners -= 1
        if not channel.listeners:
            self._retire(topic, channel)
            if closing := self._closing.get(topic):
                await asyncio.shield(closing)

    def _retire(self, topic: Topic, channel: Channel[Any]) -> None:
        if self._channels.get(topic) is channel:
            del self._channels[topic]
            closing = self._closing[topic] = asyncio.create_task(self._close(channel))
            closing.add_done_callback(lambda _: self._closing.pop(topic))

    async def _close(self, channel: Channel[Any]) -> None:
        """Also after a failure: a subscription that is left behind would keep the next one from beginning anew."""
        await channel.stop()
        if self._is_closed:
            return
        is_settled = await self._unwatch(channel)
        if not is_settled or (not self._channels and len(self._closing) == 1):
            await self._session.close_streams()

    async def _unwatch(self, channel: Channel[Any]) -> bool:
        """False when nobody knows whether it will be unsubscribed later, under the next one to subscribe."""
        with tracked(Call(Priority.MARKET_DATA, connects=False)), suppress(*CAUGHT):
            try:
                async with asyncio.timeout(UNSUBSCRIBED_WITHIN_S):
                    await self._session.watch(channel.feed.unwatch)
            except TimeoutError:
                return False
        return True

    def _on_message(self, message: Raw) -> bool:
        """An exception must not leave this function: ccxt would stop reading and never say so."""
        event = unwrapped(message)
        kind = BINANCE_EVENTS.get(str(event.get("e")))
        if kind is None:
            return False
        interval = str(event["k"]["i"]) if kind is StreamKind.CANDLES else ""
        channel = self._channels.get(Topic(kind, str(event.get("s")), interval))
        if channel is not None and channel.is_alive:
            try:
                channel.feed.take(event)
            except CAUGHT as error:
                channel.end_with(_unreadable(self._session.connector.name, error))
        return True


def _unreadable(connector: str, error: Exception) -> ExchangeError:
    return error if isinstance(error, ExchangeError) else VenueUnavailable(f"{connector} sent what cannot be read.")


async def _pairs(table: MarketTable) -> Pairs:
    return table.pairs
