"""Candles from the venue."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from aviary_common.errors import BadRequest
from aviary_common.timestamps import utc_now
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import Candle
from aviary_market_data.candles.intervals import length_of
from aviary_market_data.candles.schemas import CandleOut, CandlesRequest, HistoricalCandlesRequest, WhichCandles
from aviary_market_data.venues import Venues, require_pairs

DEFAULT_RECORDS: Final = 500
MAX_RECORDS: Final = 50_000

Found = dict[tuple[str, str], list[CandleOut]]


class Candles:
    def __init__(self, venues: Venues) -> None:
        self._venues = venues

    async def latest(self, question: CandlesRequest) -> Found:
        """The newest candles, the open one included."""
        exchange = await self._exchange(question)
        found = await asyncio.gather(
            *(
                exchange.candles(pair, interval, start=None, end=None, limit=question.max_records)
                for pair, interval in question.wanted
            )
        )
        return _named(question, found)

    async def historical(self, question: HistoricalCandlesRequest) -> Found:
        """All candles that open within the range, both ends included."""
        exchange = await self._exchange(question)
        end = question.end_time or utc_now()
        found = await asyncio.gather(
            *(
                self._range(exchange, pair, interval, _start(question.start_time, end, length_of(interval)), end)
                for pair, interval in question.wanted
            )
        )
        return _named(question, found)

    async def _range(
        self, exchange: PublicExchange, pair: str, interval: str, start: datetime, end: datetime
    ) -> Sequence[Candle]:
        records = (end - start) // length_of(interval) + 1
        if records > MAX_RECORDS:
            raise BadRequest(f"That is {records:,} candles; ask for at most {MAX_RECORDS:,} at once.", code="too_many")
        candles = await exchange.candles(pair, interval, start=start, end=end, limit=records)
        return [candle for candle in candles if start.timestamp() <= candle.open_time_s <= end.timestamp()]

    async def _exchange(self, question: WhichCandles) -> PublicExchange:
        exchange = self._venues.get(question.connector_name)
        supported = exchange.intervals()
        unsupported = sorted({interval for _, interval in question.wanted} - set(supported))
        if unsupported:
            raise BadRequest(
                f"{exchange.connector} has no candles of {', '.join(unsupported)}; it has {', '.join(supported)}.",
                code="unsupported_interval",
            )
        require_pairs(exchange, await exchange.rules(), [pair for pair, _ in question.wanted])
        return exchange


def _start(start: datetime | None, end: datetime, length: timedelta) -> datetime:
    return start or end - DEFAULT_RECORDS * length


def _named(question: WhichCandles, found: Sequence[Sequence[Candle]]) -> Found:
    lists = ([CandleOut.of(candle) for candle in candles] for candles in found)
    return dict(zip(question.wanted, lists, strict=True))
