"""Where the owner of a feed hears its news: the venue's stream, or looking again and again where it has none."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Final

from aviary_common.cancelling import end
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import Candle, PublicTrade, StreamKind
from aviary_market_data.feeds.outlet import Outlet
from aviary_market_data.feeds.window import Window

GROWS_WITHIN_S: Final = 0.5
TRADES_AT_ONCE: Final = 100
LOOKS_BACK: Final = 3
"""Candles fetched when one opens, and at each look where the venue has no stream of them."""

Size = Callable[[], int]
Closed = Callable[[Sequence[Candle]], None]


async def feed_book(exchange: PublicExchange, outlet: Outlet, size: Size, poll_s: float) -> None:
    pair = outlet.key.trading_pair
    if StreamKind.BOOK in exchange.streams():
        async with aclosing(exchange.book_stream(pair, size)) as books:
            async for book in books:
                await outlet.tell_book(book, size())
    while StreamKind.BOOK not in exchange.streams():
        await outlet.tell_book(await exchange.order_book(pair, size()), size())
        await asyncio.sleep(poll_s)


async def feed_trades(exchange: PublicExchange, outlet: Outlet, poll_s: float) -> None:
    """What happened while nobody listened is fetched first; a trade is told once."""
    told: dict[str, None] = {}
    pair = outlet.key.trading_pair

    async def tell(trades: Sequence[PublicTrade]) -> None:
        new = [trade for trade in trades if trade.trade_id not in told]
        told.update(dict.fromkeys(trade.trade_id for trade in new))
        for old in list(told)[: max(0, len(told) - 10 * TRADES_AT_ONCE)]:
            del told[old]
        if new:
            await outlet.tell_trades(new)

    await tell(await exchange.recent_trades(pair, TRADES_AT_ONCE))
    if StreamKind.TRADES in exchange.streams():
        async with aclosing(exchange.trade_stream(pair)) as stream:
            first = True
            async for trades in stream:
                if first:  # what happened between the look above and the beginning of the stream
                    await tell(await exchange.recent_trades(pair, TRADES_AT_ONCE))
                    first = False
                await tell(trades)
    while StreamKind.TRADES not in exchange.streams():
        await asyncio.sleep(poll_s)
        await tell(await exchange.recent_trades(pair, TRADES_AT_ONCE))


class CandleFeed:
    """Back-filled by REST, kept by the stream. What closes is handed on to be stored."""

    def __init__(self, exchange: PublicExchange, outlet: Outlet, size: Size, poll_s: float, closed: Closed) -> None:
        self._exchange = exchange
        self._outlet = outlet
        self._size = size
        self._poll_s = poll_s
        self._closed = closed
        self._window = Window()
        self._filled_for = 0

    async def run(self) -> None:
        await self._fill()
        first = True
        async with aclosing(self._changes()) as changes:
            async for candles in self._unless_it_grows(changes):
                if not (first or self._window.knows(candles)):
                    await self._take(await self._read(LOOKS_BACK))  # how the one before has closed
                if first or not self._window.knows(candles):
                    await self._fill()
                first = False
                await self._take(candles)

    async def _unless_it_grows(
        self, changes: AsyncGenerator[Sequence[Candle], None]
    ) -> AsyncIterator[Sequence[Candle]]:
        """The same; when more candles are wanted than before, they are fetched, however quiet the market is."""
        coming = asyncio.ensure_future(anext(changes))
        try:
            while True:
                await asyncio.wait({coming}, timeout=GROWS_WITHIN_S)
                if self._size() > self._filled_for:
                    await self._fill()
                if coming.done():
                    yield coming.result()
                    coming = asyncio.ensure_future(anext(changes))
        finally:
            await end(coming)

    async def _changes(self) -> AsyncGenerator[Sequence[Candle], None]:
        key = self._outlet.key
        if StreamKind.CANDLES in self._exchange.streams():
            async with aclosing(self._exchange.candle_stream(key.trading_pair, key.interval)) as stream:
                async for candles in stream:
                    yield candles
        while StreamKind.CANDLES not in self._exchange.streams():
            await asyncio.sleep(self._poll_s)
            yield await self._read(LOOKS_BACK)

    async def _fill(self) -> None:
        self._filled_for = self._size()
        await self._tell(self._window.fill(await self._read(self._filled_for), self._filled_for), is_new=True)

    async def _take(self, candles: Sequence[Candle]) -> None:
        if self._window.knows(candles):
            await self._tell(self._window.merge(candles, self._filled_for))

    async def _tell(self, closed: Sequence[Candle], *, is_new: bool = False) -> None:
        if closed or is_new:
            await self._outlet.keep_candles(self._window.candles, whole=self._window.whole)
            self._closed(closed)
        await self._outlet.tell_candles(self._window.newest)

    async def _read(self, limit: int) -> Sequence[Candle]:
        key = self._outlet.key
        return await self._exchange.candles(key.trading_pair, key.interval, start=None, end=None, limit=limit)
