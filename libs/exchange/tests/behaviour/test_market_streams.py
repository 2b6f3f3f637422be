"""The book, the trades and the candles as they happen, also when something is lost on the way."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any, Generic, TypeVar, cast
from urllib.parse import urlsplit

import pytest

from aviary_exchange import open_public
from aviary_exchange.ccxt_adapter import client, trade_stream
from aviary_exchange.errors import UnknownPair, Unsupported, VenueUnavailable
from aviary_exchange.port import PublicExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import Candle, OrderBook, StreamKind
from aviary_testing.waiting import eventually

from ..conftest import Sandbox
from ..relay import relay_to
from .steps import PAIR, left_behind

Item = TypeVar("Item")
SYMBOL = "BTCUSDT"
SIDES = {"sandbox": "spot", "sandbox_perpetual": "futures"}
DEPTH_PATHS = {"sandbox": "/api/v3/depth", "sandbox_perpetual": "/fapi/v1/depth"}
ALL_LEVELS = 100


class Heard(Generic[Item]):
    """All that a stream has told, and how it ended."""

    def __init__(self, stream: AsyncGenerator[Item, None]) -> None:
        self.items: list[Item] = []
        self.stream = stream
        self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for item in self.stream:
            self.items.append(item)

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.stream.aclose()


@asynccontextmanager
async def heard(stream: Any) -> AsyncIterator[Heard[Any]]:
    """From its first item on."""
    listening: Heard[Any] = Heard(stream)
    try:
        await eventually(lambda: listening.items or listening.task.done())
        yield listening
    finally:
        await listening.close()


class Market:
    """BTC-USDT at one side of the sandbox."""

    def __init__(self, sandbox: Sandbox, connector: str) -> None:
        self.side = SIDES[connector]
        self.depth_path = DEPTH_PATHS[connector]
        self._sandbox = sandbox

    async def control(self, route: str, /, **body: object) -> Any:
        return await self._sandbox.control("POST", route, **{"side": self.side} | body)

    async def fault(self, **fault: object) -> None:
        await self._sandbox.control("POST", "/faults", **fault)

    async def swallow(self, channel: str, count: int) -> None:
        await self.control("/gaps", stream=f"{SYMBOL.lower()}@{channel}", count=count)

    async def trade(self, times: int) -> None:
        for number in range(times):
            taker = "BUY" if number % 2 else "SELL"
            await self.control("/trade", symbol=SYMBOL, taker=taker, quantity=f"0.{number + 1:03}")

    @asynccontextmanager
    async def frozen(self) -> AsyncIterator[None]:
        await self.control("/freeze", symbol=SYMBOL)
        try:
            yield
        finally:
            await self.control("/resume", symbol=SYMBOL)

    async def streams(self) -> list[list[str]]:
        """What each socket listens to."""
        sockets = cast("list[dict[str, Any]]", await self._sandbox.control("GET", "/sockets"))
        return [socket["streams"] for socket in sockets]

    async def drop_sockets(self) -> None:
        await self._sandbox.control("POST", "/sockets/drop", kind="stream")


@pytest.fixture
async def market(sandbox: Sandbox, connector: str) -> AsyncIterator[Market]:
    yield Market(sandbox, connector)
    await sandbox.control("DELETE", "/faults")


def book_of(public: PublicExchange, levels: int = ALL_LEVELS) -> AsyncGenerator[OrderBook, None]:
    return public.book_stream(PAIR, lambda: levels)


async def until_equal(public: PublicExchange, books: Heard[OrderBook]) -> None:
    asked = await public.order_book(PAIR, ALL_LEVELS)
    wanted = (asked.bids, asked.asks)
    await eventually(lambda: (books.items[-1].bids, books.items[-1].asks) == wanted)


async def until_traded(market: Market, trades: Heard[Any]) -> None:
    """Until the stream has told of a trade, made for it: it tells of new ones only."""
    await eventually(lambda: trades.items or market.trade(1))


async def test_sandboxes_stream_everything(public: PublicExchange) -> None:
    assert public.streams() == frozenset(StreamKind)


async def test_the_book_is_the_venues_at_many_moments_and_after_gaps(public: PublicExchange, market: Market) -> None:
    random = Random(7)
    async with heard(book_of(public)) as books:
        for moment in range(8):
            before = len(books.items)
            if moment % 2:
                await market.swallow("depth@100ms", 1 + random.randrange(3))
            await eventually(lambda start=before: len(books.items) > start + 2)
            await market.trade(random.randrange(4))
            async with market.frozen():
                await until_equal(public, books)
        assert not books.task.done()
        ids = [book.update_id for book in books.items]
        assert None not in ids
        assert ids == sorted(set(ids))
        for book in books.items:
            assert book.bids[0].price < book.asks[0].price


async def test_a_late_snapshot_makes_a_book_that_is_right(public: PublicExchange, market: Market) -> None:
    await public.rules()
    await market.fault(kind="delay", path=market.depth_path, delay_ms=1500, count=1)
    async with heard(book_of(public)) as books, market.frozen():
        await until_equal(public, books)


async def test_a_book_without_a_snapshot_is_an_error(public: PublicExchange, market: Market, sandbox: Sandbox) -> None:
    await public.rules()
    await market.fault(kind="status_before", status=503, path=market.depth_path, count=None)
    async with heard(book_of(public)) as books:
        assert books.items == []
        assert isinstance(books.task.exception(), VenueUnavailable)
    await sandbox.control("DELETE", "/faults")
    async with heard(book_of(public)) as books:
        assert books.items


async def test_a_gap_that_cannot_be_healed_ends_the_book_only(public: PublicExchange, market: Market) -> None:
    async with heard(book_of(public)) as books, heard(public.candle_stream(PAIR, "5m")) as candles:
        await market.fault(kind="status_before", status=503, path=market.depth_path, count=None)
        await market.swallow("depth@100ms", 1)
        await eventually(books.task.done)
        assert isinstance(books.task.exception(), VenueUnavailable)
        before = len(candles.items)
        await market.trade(1)
        await eventually(lambda: len(candles.items) > before)


@pytest.mark.parametrize("missed", [0, 4])
async def test_trades_are_complete_and_none_is_told_twice(public: PublicExchange, market: Market, missed: int) -> None:
    stream = Heard(public.trade_stream(PAIR))
    try:
        await until_traded(market, stream)
        if missed:
            await market.swallow("trade", missed)
        await market.trade(20)
        async with market.frozen():
            asked = await public.recent_trades(PAIR, 1000)
            await eventually(lambda: stream.task.done() or stream.items[-1][-1].trade_id == asked[-1].trade_id)
        told = [trade for trades in stream.items for trade in trades]
        assert told == [trade for trade in asked if int(trade.trade_id) >= int(told[0].trade_id)]
        assert len(told) > 20
    finally:
        await stream.close()


async def test_trades_that_cannot_be_looked_up_end_the_stream(public: PublicExchange, market: Market) -> None:
    stream = Heard(public.trade_stream(PAIR))
    try:
        await until_traded(market, stream)
        await market.fault(kind="status_before", status=503, path="/*/v*/trades", count=None)
        await market.swallow("trade", 2)
        await market.trade(6)
        await eventually(stream.task.done)
        assert isinstance(stream.task.exception(), VenueUnavailable)
    finally:
        await stream.close()


async def test_candles_carry_what_is_asked_by_rest(public: PublicExchange, market: Market, connector: str) -> None:
    interval = "1s" if connector == "sandbox" else "1m"
    newest: dict[int, Candle] = {}
    async with heard(public.candle_stream(PAIR, interval)) as stream:

        async def some_are_equal() -> bool:
            newest.update({candle.open_time_s: candle for candles in stream.items for candle in candles})
            await market.trade(1)
            async with market.frozen():
                asked = await public.candles(PAIR, interval, start=None, end=None, limit=5)
                now = {candle.open_time_s: candle for candles in stream.items for candle in candles}
            closed = [candle for candle in asked if candle.open_time_s in now and candle.volume]
            return (
                bool(closed)
                and closed[-1].trades not in (None, 0)
                and all(now[candle.open_time_s] == candle for candle in closed)
            )

        await eventually(some_are_equal)
        for candles in stream.items:
            assert [candle.open_time_s for candle in candles] == sorted(candle.open_time_s for candle in candles)
    assert all(candle.taker_buy_quote is not None and candle.quote_volume is not None for candle in newest.values())


async def test_a_lost_connection_ends_all_streams_and_they_can_be_opened_again(
    public: PublicExchange, market: Market
) -> None:
    for _ in range(3):
        async with (
            heard(book_of(public)) as books,
            heard(public.candle_stream(PAIR, "1m")) as candles,
        ):
            trades = Heard(public.trade_stream(PAIR))
            try:
                await until_traded(market, trades)
                await market.drop_sockets()
                for lost in (books, candles, trades):
                    await eventually(lost.task.done)
                    assert isinstance(lost.task.exception(), VenueUnavailable)
                    assert "lost" in str(lost.task.exception())
            finally:
                await trades.close()
        async with heard(book_of(public)) as books, market.frozen():
            await until_equal(public, books)


async def test_closing_one_of_two_streams_leaves_the_other(public: PublicExchange, market: Market) -> None:
    prefix = f"{market.side}:btcusdt@"
    async with heard(book_of(public)) as books:
        async with heard(public.trade_stream("ETH-USDT")):
            async with heard(public.book_stream("ETH-USDT", lambda: 5)) as others:
                ((*both,),) = await market.streams()
                assert f"{prefix}depth@100ms" in both
                assert f"{market.side}:ethusdt@depth@100ms" in both
                assert len(others.items[0].bids) == 5
            assert await market.streams() == [[f"{prefix}depth@100ms", f"{market.side}:ethusdt@trade"]]
        before = len(books.items)
        await eventually(lambda: len(books.items) > before)
        assert await market.streams() == [[f"{prefix}depth@100ms"]]
    await eventually(lambda: _is_empty(market))


async def _is_empty(market: Market) -> bool:
    return await market.streams() == []


async def test_two_readers_share_a_subscription_and_one_may_leave(public: PublicExchange, market: Market) -> None:
    async with heard(book_of(public)) as books:
        async with heard(book_of(public, 3)) as few:
            assert len(few.items[0].bids) == 3
            assert len(await market.streams()) == 1
        before = len(books.items)
        await eventually(lambda: len(books.items) > before)
        async with market.frozen():
            await until_equal(public, books)


async def test_what_cannot_be_subscribed_to_harms_nobody(public: PublicExchange, market: Market) -> None:
    async with heard(book_of(public)) as books:
        with pytest.raises(UnknownPair, match="BTC-USDT"):
            await anext(public.book_stream("BTC-USDX", lambda: 5))
        with pytest.raises(UnknownPair):
            await anext(public.trade_stream("BTC-USDX"))
        with pytest.raises(Unsupported, match="1m"):
            await anext(public.candle_stream(PAIR, "7m"))
        async with market.frozen():
            await until_equal(public, books)


async def test_half_a_change_is_never_shown(public: PublicExchange, market: Market) -> None:
    """Not even to a reader who has not seen the last whole one."""
    async with heard(book_of(public)) as books:
        slow = book_of(public)
        await anext(slow)
        before = len(books.items)
        await eventually(lambda: len(books.items) > before)
        async with market.frozen():
            await until_equal(public, books)
            last = books.items[-1].update_id or 0
            change = {"e": "depthUpdate", "s": SYMBOL, "E": 1, "U": last + 1, "u": last + 1, "pu": last}
            cast("Any", public)._streams._on_message({**change, "b": [["1", "5"], ["2", "?"]], "a": []})
            with pytest.raises(VenueUnavailable, match="cannot be read"):
                await anext(slow)
            await eventually(books.task.done)


async def test_a_slow_reader_gets_the_newest_book(public: PublicExchange, market: Market) -> None:
    async with heard(book_of(public)) as books:
        slow = book_of(public)
        first = await anext(slow)
        before = len(books.items)
        await eventually(lambda: len(books.items) > before + 5)
        async with market.frozen():
            await until_equal(public, books)
            second = await anext(slow)
            assert second == books.items[-1]
            assert first.update_id is not None
            assert second.update_id is not None
            assert second.update_id > first.update_id
        await slow.aclose()


async def test_trades_that_were_not_read_in_time_are_an_error(
    public: PublicExchange, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trade_stream, "MOST_KEPT", 10)
    fast = Heard(public.trade_stream(PAIR))
    try:
        await until_traded(market, fast)
        slow = public.trade_stream(PAIR)
        waiting = asyncio.ensure_future(anext(slow))
        await eventually(lambda: waiting.done() or market.trade(1))
        seen = sum(map(len, fast.items))
        await market.trade(20)
        await eventually(lambda: sum(map(len, fast.items)) >= seen + 20)
        with pytest.raises(VenueUnavailable, match="not read in time"):
            await anext(slow)
    finally:
        await fast.close()


async def test_closing_the_exchange_ends_its_streams_and_leaves_nothing(
    settings: ExchangeSettings, connector: str, market: Market
) -> None:
    before = asyncio.all_tasks()
    exchange = open_public(connector, settings)
    streams = [Heard(cast("Any", stream)) for stream in (book_of(exchange), exchange.candle_stream(PAIR, "1m"))]
    await eventually(lambda: all(stream.items for stream in streams))
    await exchange.close()
    for stream in streams:
        await eventually(stream.task.done)
        assert isinstance(stream.task.exception(), VenueUnavailable)
    await eventually(lambda: not left_behind(before))
    await eventually(lambda: _is_empty(market))
    with pytest.raises(VenueUnavailable, match="closed"):
        await anext(book_of(exchange))


async def test_cancelling_a_reader_unsubscribes_and_leaves_no_task(public: PublicExchange, market: Market) -> None:
    await public.rules()
    before = asyncio.all_tasks()
    opening: list[Callable[[], Any]] = [
        lambda: book_of(public),
        lambda: public.trade_stream(PAIR),
        lambda: public.candle_stream(PAIR, "1m"),
    ]
    for _ in range(3):
        for opened in opening:
            stream = opened()
            reader = asyncio.ensure_future(anext(stream))
            await eventually(lambda: _is_busy(market))
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
            await stream.aclose()
            await eventually(lambda: _is_empty(market))
    await eventually(lambda: not left_behind(before))


async def _is_busy(market: Market) -> bool:
    return any(await market.streams())


async def test_a_silent_connection_is_an_error_and_a_quiet_market_is_none(
    sandbox: Sandbox, connector: str, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PING_MS", 100)
    async with relay_to(urlsplit(sandbox.url).port or 0) as relay:
        exchange = open_public(connector, ExchangeSettings(base_urls={connector: relay.url}, timeout_s=2))
        try:
            async with market.frozen(), heard(book_of(exchange)) as books:
                (_done, quiet) = await asyncio.wait((books.task,), timeout=1)
                assert quiet
                relay.freeze()
                await eventually(books.task.done)
                assert isinstance(books.task.exception(), VenueUnavailable)
            async with heard(book_of(exchange)) as books:
                assert books.items
        finally:
            await exchange.close()
