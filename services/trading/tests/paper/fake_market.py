"""A venue whose book and trades are what the test says."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from aviary_exchange.errors import ExchangeError, VenueUnavailable
from aviary_exchange.types import (
    Candle,
    FundingInfo,
    Level,
    OrderBook,
    OrderType,
    PublicTrade,
    Ticker,
    TradingRule,
)

from .values import NOW, levels


class FakeMarket:
    def __init__(self, pairs: Sequence[str], connector: str = "fake_paper_trade") -> None:
        self.connector = connector
        self.bids: list[Level] = levels(("99", "1"))
        self.asks: list[Level] = levels(("101", "1"))
        self.trades: list[PublicTrade] = []
        self.calls: Counter[str] = Counter()
        self.is_down = False
        self.without_trades: ExchangeError | None = None
        self._pairs = pairs

    async def rules(self) -> Mapping[str, TradingRule]:
        return {pair: _rule(pair) for pair in self._pairs}

    async def order_book(self, trading_pair: str, depth: int) -> OrderBook:
        self.calls[f"book {trading_pair}"] += 1
        bids, asks, is_down = self.bids, self.asks, self.is_down
        await asyncio.sleep(0.01)
        if is_down:
            raise VenueUnavailable("down")
        return OrderBook(trading_pair, bids[:depth], asks[:depth], NOW)

    async def recent_trades(self, trading_pair: str, limit: int) -> Sequence[PublicTrade]:
        self.calls[f"trades {trading_pair}"] += 1
        if self.without_trades is not None:
            raise self.without_trades
        return self.trades[-limit:]

    async def tickers(self, trading_pairs: Sequence[str] | None = None) -> Mapping[str, Ticker]:
        raise NotImplementedError

    async def funding_info(self, trading_pair: str) -> FundingInfo:
        raise NotImplementedError

    async def candles(
        self, trading_pair: str, interval: str, *, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[Candle]:
        raise NotImplementedError

    def intervals(self) -> Sequence[str]:
        return []

    async def close(self) -> None:
        return None


def _rule(trading_pair: str) -> TradingRule:
    base, _, quote = trading_pair.partition("-")
    step = Decimal("0.0001")
    return TradingRule(
        trading_pair=trading_pair,
        price_step=step,
        amount_step=step,
        min_amount=step,
        max_amount=None,
        min_notional=Decimal(0),
        base=base,
        quote=quote,
        collateral=quote,
        order_types=tuple(OrderType),
    )
