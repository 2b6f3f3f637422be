"""Market data streams of any venue but Binance's, against a stand-in for what ccxt does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from decimal import Decimal
from typing import Any

import pytest

from aviary_exchange import open_public
from aviary_exchange.catalogue import find
from aviary_exchange.ccxt_adapter.client import create_client
from aviary_exchange.ccxt_adapter.markets import Markets
from aviary_exchange.ccxt_adapter.public import CcxtPublicExchange
from aviary_exchange.ccxt_import import errors
from aviary_exchange.errors import Unsupported, VenueUnavailable
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import Level, StreamKind
from aviary_testing.waiting import eventually

from .offline import market, open_offline

PAIR = "BTC-USDT"
ANSWERS = ("watch_order_book", "watch_trades", "watch_ohlcv")


class Venue:
    """OKX's perpetuals; what each watch answers is put into its queue."""

    def __init__(self, exchange: CcxtPublicExchange, monkeypatch: pytest.MonkeyPatch) -> None:
        self.public = exchange
        self.ccxt: Any = exchange._session.exchange
        self.told: dict[str, asyncio.Queue[Any]] = {name: asyncio.Queue() for name in ANSWERS}
        self.unwatched: list[tuple[Any, ...]] = []
        for name, queue in self.told.items():
            monkeypatch.setattr(self.ccxt, name, self._watching(queue))
            monkeypatch.setattr(self.ccxt, f"un_{name}", self._unwatch)

    def _watching(self, queue: "asyncio.Queue[Any]") -> Any:
        async def watch(*_: Any) -> Any:
            answer = await queue.get()
            if isinstance(answer, Exception):
                raise answer
            return answer

        return watch

    async def _unwatch(self, *asked: Any) -> None:
        self.unwatched.append(asked)


@pytest.fixture
async def venue(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Venue]:
    connector, settings = find("okx_perpetual"), ExchangeSettings()
    source = create_client(connector, settings, {})
    source.set_markets([market(swap=True)])
    table = Markets(connector, settings)._index(source, source.markets)

    async def known_table(_: Markets) -> object:
        return table

    monkeypatch.setattr(Markets, "table", known_table)
    exchange = CcxtPublicExchange(connector, settings)
    yield Venue(exchange, monkeypatch)
    await exchange.close()


def trade(number: int, at_ms: int) -> dict[str, Any]:
    return {"id": str(number), "price": "5.50", "amount": "100", "side": "buy", "timestamp": at_ms}


async def test_a_book_is_cut_exact_and_in_base_units(venue: Venue) -> None:
    async with asyncio.timeout(10), aclosing(venue.public.book_stream(PAIR, lambda: 2)) as books:
        live = venue.ccxt.order_book(
            {"nonce": 5, "bids": [[9.1, 1.0], [9.0, 300.0], [8.0, 1.0]], "asks": [["9.2", "7"]]}
        )
        venue.told["watch_order_book"].put_nowait(live)
        book = await anext(books)
        live["bids"].storeArray([9.1, 0.0])
        assert book.bids == [Level(Decimal("9.1"), Decimal("0.01")), Level(Decimal("9.0"), Decimal("3.00"))]
        assert book.asks == [Level(Decimal("9.2"), Decimal("0.07"))]
        assert book.update_id == 5
    assert venue.unwatched == [("BTC/USDT:USDT",)]


async def test_ccxts_gap_is_a_new_beginning_and_too_many_are_the_end(venue: Venue) -> None:
    async with asyncio.timeout(10), aclosing(venue.public.book_stream(PAIR, lambda: 2)) as books:
        told = venue.told["watch_order_book"]
        told.put_nowait(errors().ChecksumError("okx gap"))
        told.put_nowait(errors().InvalidNonce("okx gap"))
        told.put_nowait(venue.ccxt.order_book({"bids": [["1", "1"]], "asks": []}))
        assert (await anext(books)).update_id is None
        for _ in range(4):
            told.put_nowait(errors().ChecksumError("okx gap"))
        with pytest.raises(VenueUnavailable):
            await anext(books)


async def test_trades_come_in_order_and_once(venue: Venue) -> None:
    async with asyncio.timeout(10), aclosing(venue.public.trade_stream(PAIR)) as stream:
        told = venue.told["watch_trades"]
        told.put_nowait([trade(2, 2000), trade(1, 1000)])
        first = await anext(stream)
        assert [entry.trade_id for entry in first] == ["1", "2"]
        assert (first[0].price, first[0].amount) == (Decimal("5.50"), Decimal("1.00"))
        told.put_nowait([trade(2, 2000), trade(3, 3000)])
        assert [entry.trade_id for entry in await anext(stream)] == ["3"]
        told.put_nowait([trade(number, number) for number in range(4, 1004)])
        with pytest.raises(VenueUnavailable, match="More trades"):
            await anext(stream)


async def test_trades_without_ids_are_all_told(venue: Venue) -> None:
    async with asyncio.timeout(10), aclosing(venue.public.trade_stream(PAIR)) as stream:
        venue.told["watch_trades"].put_nowait([trade(1, 1000) | {"id": None}, trade(1, 1000) | {"id": None}])
        assert len(await anext(stream)) == 2


async def test_only_candles_that_changed_come_and_the_newest_state_of_each(venue: Venue) -> None:
    async with asyncio.timeout(10), aclosing(venue.public.candle_stream(PAIR, "1m")) as stream:
        told = venue.told["watch_ohlcv"]
        first = [60_000, "1.10", "2", "1", "1.5", "10"]
        told.put_nowait([first])
        (candle,) = await anext(stream)
        assert (candle.open_time_s, candle.open, candle.trades) == (60, Decimal("1.10"), None)
        told.put_nowait([first])
        told.put_nowait([[120_000, "1.5", "2", "1", "1.6", "1"], [60_000, "1.10", "2", "1", "1.7", "11"]])
        told.put_nowait([[120_000, "1.5", "2", "1", "1.9", "2"]])
        await eventually(told.empty)
        await asyncio.sleep(0)
        assert [(entry.open_time_s, entry.close) for entry in await anext(stream)] == [
            (60, Decimal("1.7")),
            (120, Decimal("1.9")),
        ]


async def test_a_lost_connection_is_told_in_words(venue: Venue) -> None:
    async with asyncio.timeout(10), aclosing(venue.public.trade_stream(PAIR)) as stream:
        venue.told["watch_trades"].put_nowait(errors().NetworkError("Connection closed by remote server"))
        with pytest.raises(VenueUnavailable, match="okx_perpetual was lost"):
            await anext(stream)


async def test_what_a_venue_does_not_stream_is_refused(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(venue.ccxt.has, "watchOHLCV", False)
    assert venue.public.streams() == {StreamKind.BOOK, StreamKind.TRADES}
    with pytest.raises(Unsupported, match="no stream of candles"):
        await anext(venue.public.candle_stream(PAIR, "1m"))


async def test_an_account_streams_no_market_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its one connection and its messages belong to the user stream."""
    exchange = open_offline("binance", ExchangeSettings(), monkeypatch)
    assert exchange.streams() == frozenset()
    with pytest.raises(Unsupported):
        await anext(exchange.book_stream(PAIR, lambda: 5))
    await exchange.close()


async def test_a_paper_connector_streams_what_its_venue_does() -> None:
    exchange = open_public("binance_paper_trade", ExchangeSettings())
    assert exchange.streams() == frozenset(StreamKind)
    await exchange.close()
