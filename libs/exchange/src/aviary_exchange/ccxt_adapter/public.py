"""Market data of one connector through ccxt."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from aviary_common.rates.budget import Priority, SharedWindow
from aviary_exchange.catalogue import Connector
from aviary_exchange.ccxt_adapter import binance, candles, funding, settled, trades
from aviary_exchange.ccxt_adapter.market_streams import MarketStreams
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw, instant, to_decimal
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import (
    Candle,
    FundingInfo,
    FundingRate,
    Level,
    OrderBook,
    PublicTrade,
    StreamKind,
    Ticker,
    TradingRule,
)

T = TypeVar("T")

BOOK_DEPTHS: Mapping[str, Sequence[int]] = {
    "binanceusdm": (5, 10, 20, 50, 100, 500, 1000),
    "kucoin": (20, 100),
    "kucoinfutures": (20, 100),
}
"""Venues that take only these; the next larger one is asked for and cut."""


class CcxtPublicExchange:
    def __init__(
        self,
        connector: Connector,
        settings: ExchangeSettings,
        credentials: Mapping[str, str] | None = None,
        window: SharedWindow | None = None,
    ) -> None:
        self._session = Session(connector, settings, credentials or {}, window)
        self._streams = MarketStreams(self._session)

    @property
    def connector(self) -> str:
        return self._session.connector.name

    async def rules(self) -> Mapping[str, TradingRule]:
        async def read(_: MarketTable) -> Mapping[str, TradingRule]:
            return (await self._session.table(fresh=True)).rules

        return await self._session.ask(read, Priority.POLLING)

    async def tickers(self, trading_pairs: Sequence[str] | None = None) -> Mapping[str, Ticker]:
        """One or two calls, however many pairs; pairs that have never traded are left out."""
        if trading_pairs is not None and not trading_pairs:
            return {}
        pairs = await self._session.ask(_pairs, Priority.MARKET_DATA)
        wanted = None if trading_pairs is None else [pairs.listing(pair) for pair in trading_pairs]
        fetch = self._binance_tickers if self._session.binance_like else self._unified_tickers
        found = await fetch(pairs, wanted)
        names = None if wanted is None else {listing.trading_pair for listing in wanted}
        return {
            ticker.trading_pair: ticker
            for ticker in found
            if ticker is not None and (names is None or ticker.trading_pair in names)
        }

    async def order_book(self, trading_pair: str, depth: int) -> OrderBook:
        async def read(table: MarketTable) -> OrderBook:
            listing = table.pairs.listing(trading_pair)
            allowed = BOOK_DEPTHS.get(self._session.exchange.id, ())
            asked = next((size for size in allowed if size >= depth), allowed[-1] if allowed else depth)
            book = await self._session.exchange.fetch_order_book(listing.symbol, asked)
            bids, asks = (
                [Level(price, listing.to_base(amount)) for price, amount, *_ in book[side][:depth]]
                for side in ("bids", "asks")
            )
            return OrderBook(listing.trading_pair, bids, asks, instant(book.get("timestamp")))

        return await self._session.ask(read, Priority.MARKET_DATA)

    async def recent_trades(self, trading_pair: str, limit: int) -> Sequence[PublicTrade]:
        return await trades.recent_trades(self._session, trading_pair, limit)

    async def funding_info(self, trading_pair: str) -> FundingInfo:
        return await funding.funding_info(self._session, trading_pair)

    async def funding_infos(self, trading_pairs: Sequence[str]) -> Mapping[str, FundingInfo]:
        return await funding.funding_infos(self._session, trading_pairs)

    async def funding_rates(self, trading_pair: str, start: datetime, end: datetime) -> Sequence[FundingRate]:
        return await settled.funding_rates(self._session, trading_pair, start, end)

    async def candles(
        self, trading_pair: str, interval: str, *, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[Candle]:
        return await candles.candles(self._session, trading_pair, interval, start=start, end=end, limit=limit)

    def intervals(self) -> Sequence[str]:
        return candles.intervals(self._session)

    def streams(self) -> frozenset[StreamKind]:
        return self._streams.kinds()

    def book_stream(self, trading_pair: str, levels: Callable[[], int]) -> AsyncGenerator[OrderBook]:
        return self._streams.book(trading_pair, levels)

    def trade_stream(self, trading_pair: str) -> AsyncGenerator[Sequence[PublicTrade]]:
        return self._streams.trades(trading_pair)

    def candle_stream(self, trading_pair: str, interval: str) -> AsyncGenerator[Sequence[Candle]]:
        return self._streams.candles(trading_pair, interval)

    async def close(self) -> None:
        await self._streams.close()
        await self._session.close()

    async def _binance_tickers(self, pairs: Pairs, wanted: Sequence[Listing] | None) -> Sequence[Ticker | None]:
        only = wanted[0] if wanted and len(wanted) == 1 else None
        prices, books = await self._ask_at_once(
            lambda _: binance.last_prices(self._session.exchange, only),
            lambda _: binance.book_tickers(self._session.exchange, only),
        )
        return [
            _ticker(pairs.of_venue_id(venue_id), row.get("price"), book.get("bidPrice"), book.get("askPrice"))
            for venue_id, row in prices.items()
            for book in (books.get(venue_id, {}),)
        ]

    async def _unified_tickers(self, pairs: Pairs, wanted: Sequence[Listing] | None) -> Sequence[Ticker | None]:
        exchange: Any = self._session.exchange

        async def all_at_once(_: MarketTable) -> Sequence[Raw]:
            symbols = None if wanted is None else [listing.symbol for listing in wanted]
            return list((await exchange.fetch_tickers(symbols)).values())

        if wanted is None or exchange.has.get("fetchTickers"):
            rows = await self._session.ask(all_at_once, Priority.MARKET_DATA)
        else:
            rows = await self._ask_at_once(*(partial(_fetch_ticker, exchange, listing.symbol) for listing in wanted))
        return [
            _ticker(pairs.of_symbol(row.get("symbol")), row.get("last"), row.get("bid"), row.get("ask")) for row in rows
        ]

    async def _ask_at_once(self, *works: Callable[[MarketTable], Awaitable[T]]) -> Sequence[T]:
        """Each is a call of its own: one that fails is read by its own answer."""
        return await asyncio.gather(*(self._session.ask(work, Priority.MARKET_DATA) for work in works))


async def _pairs(table: MarketTable) -> Pairs:
    return table.pairs


async def _fetch_ticker(exchange: Any, symbol: str, _: MarketTable) -> Raw:
    ticker: Raw = await exchange.fetch_ticker(symbol)
    return ticker


def _ticker(listing: Listing | None, raw_last: object, raw_bid: object, raw_ask: object) -> Ticker | None:
    last = to_decimal(raw_last)
    if listing is None or not last:
        return None
    bid, ask = to_decimal(raw_bid), to_decimal(raw_ask)
    return Ticker(listing.trading_pair, last, bid or None, ask or None, datetime.now(UTC))
