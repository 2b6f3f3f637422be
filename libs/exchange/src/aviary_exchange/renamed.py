"""The markets of one connector under the name of another."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import datetime

from aviary_exchange.port import PublicExchange
from aviary_exchange.types import (
    Candle,
    FundingInfo,
    FundingRate,
    OrderBook,
    PublicTrade,
    StreamKind,
    Ticker,
    TradingRule,
)


class RenamedExchange:
    def __init__(self, connector: str, exchange: PublicExchange) -> None:
        self._name = connector
        self._exchange = exchange

    @property
    def connector(self) -> str:
        return self._name

    async def rules(self) -> Mapping[str, TradingRule]:
        return await self._exchange.rules()

    async def tickers(self, trading_pairs: Sequence[str] | None = None) -> Mapping[str, Ticker]:
        return await self._exchange.tickers(trading_pairs)

    async def order_book(self, trading_pair: str, depth: int) -> OrderBook:
        return await self._exchange.order_book(trading_pair, depth)

    async def recent_trades(self, trading_pair: str, limit: int) -> Sequence[PublicTrade]:
        return await self._exchange.recent_trades(trading_pair, limit)

    async def funding_info(self, trading_pair: str) -> FundingInfo:
        return await self._exchange.funding_info(trading_pair)

    async def funding_infos(self, trading_pairs: Sequence[str]) -> Mapping[str, FundingInfo]:
        return await self._exchange.funding_infos(trading_pairs)

    async def funding_rates(self, trading_pair: str, start: datetime, end: datetime) -> Sequence[FundingRate]:
        return await self._exchange.funding_rates(trading_pair, start, end)

    async def candles(
        self, trading_pair: str, interval: str, *, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[Candle]:
        return await self._exchange.candles(trading_pair, interval, start=start, end=end, limit=limit)

    def intervals(self) -> Sequence[str]:
        return self._exchange.intervals()

    def streams(self) -> frozenset[StreamKind]:
        return self._exchange.streams()

    def book_stream(self, trading_pair: str, levels: Callable[[], int]) -> AsyncGenerator[OrderBook]:
        return self._exchange.book_stream(trading_pair, levels)

    def trade_stream(self, trading_pair: str) -> AsyncGenerator[Sequence[PublicTrade]]:
        return self._exchange.trade_stream(trading_pair)

    def candle_stream(self, trading_pair: str, interval: str) -> AsyncGenerator[Sequence[Candle]]:
        return self._exchange.candle_stream(trading_pair, interval)

    async def close(self) -> None:
        await self._exchange.close()
