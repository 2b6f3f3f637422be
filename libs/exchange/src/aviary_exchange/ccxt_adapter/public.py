"""Market data of one connector through ccxt."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aviary_exchange.budget import Priority
from aviary_exchange.catalogue import Connector
from aviary_exchange.ccxt_adapter import binance, candles
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.raw import Raw, instant, to_decimal
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import Candle, Level, OrderBook, Ticker, TradingRule

BOOK_DEPTHS: Mapping[str, Sequence[int]] = {
    "binanceusdm": (5, 10, 20, 50, 100, 500, 1000),
    "kucoin": (20, 100),
    "kucoinfutures": (20, 100),
}
"""Venues that take only these; the next larger one is asked for and cut."""


class CcxtPublicExchange:
    def __init__(
        self, connector: Connector, settings: ExchangeSettings, credentials: Mapping[str, str] | None = None
    ) -> None:
        self._session = Session(connector, settings, credentials or {})

    @property
    def connector(self) -> str:
        return self._session.connector.name

    async def rules(self) -> Mapping[str, TradingRule]:
        async def read(_: MarketTable) -> Mapping[str, TradingRule]:
            return (await self._session.table(fresh=True)).rules

        return await self._session.ask(read, Priority.POLLING)

    async def tickers(self, trading_pairs: Sequence[str] | None = None) -> Mapping[str, Ticker]:
        """One or two calls, however many pairs; pairs that have never traded are left out."""

        async def read(table: MarketTable) -> Mapping[str, Ticker]:
            wanted = None if trading_pairs is None else [table.pairs.listing(pair) for pair in trading_pairs]
            if self._session.binance_like:
                prices, books = await binance.quotes(
                    self._session.exchange, wanted[0] if wanted and len(wanted) == 1 else None
                )
                rows = [_binance_row(price, books.get(str(price["symbol"]), {})) for price in prices]
                found = [_ticker(row, table.pairs.of_venue_id(row["symbol"])) for row in rows]
            else:
                raw = await self._fetch_tickers([listing.symbol for listing in wanted] if wanted else None)
                found = [_ticker(row, table.pairs.of_symbol(row["symbol"])) for row in raw]
            names = None if wanted is None else {listing.trading_pair for listing in wanted}
            return {
                ticker.trading_pair: ticker
                for ticker in found
                if ticker is not None and (names is None or ticker.trading_pair in names)
            }

        if trading_pairs is not None and not trading_pairs:
            return {}
        return await self._session.ask(read, Priority.MARKET_DATA)

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

    async def candles(
        self, trading_pair: str, interval: str, *, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[Candle]:
        return await candles.candles(self._session, trading_pair, interval, start=start, end=end, limit=limit)

    def intervals(self) -> Sequence[str]:
        return candles.intervals(self._session)

    async def close(self) -> None:
        await self._session.close()

    async def _fetch_tickers(self, symbols: Sequence[str] | None) -> Sequence[Raw]:
        exchange: Any = self._session.exchange
        if exchange.has.get("fetchTickers") or symbols is None:
            return list((await exchange.fetch_tickers(symbols)).values())
        tickers: Sequence[Raw] = await asyncio.gather(*(exchange.fetch_ticker(symbol) for symbol in symbols))
        return tickers


def _binance_row(price: Raw, book: Raw) -> Raw:
    return {"symbol": price["symbol"], "last": price["price"], "bid": book.get("bidPrice"), "ask": book.get("askPrice")}


def _ticker(row: Raw, listing: Any) -> Ticker | None:
    last = to_decimal(row.get("last"))
    if listing is None or not last:
        return None
    bid, ask = to_decimal(row.get("bid")), to_decimal(row.get("ask"))
    return Ticker(listing.trading_pair, last, bid or None, ask or None, datetime.now(UTC))
