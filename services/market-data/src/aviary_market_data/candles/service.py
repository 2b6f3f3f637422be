"""Candles from the venue."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aviary_common.errors import BadRequest, Unprocessable
from aviary_common.timestamps import utc_now
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import Candle
from aviary_market_data.candles.intervals import is_interval, shortest
from aviary_market_data.candles.schemas import CandleOut, CandlesRequest, HistoricalCandlesRequest, WhichCandles
from aviary_market_data.venues import Venues, require_pairs

DEFAULT_RECORDS: Final = 500
MAX_RECORDS: Final = 50_000
"""In one answer, over all its pairs and intervals."""

Found = dict[tuple[str, str], list[CandleOut]]


class Candles:
    def __init__(self, venues: Venues) -> None:
        self._venues = venues

    async def latest(self, question: CandlesRequest) -> Found:
        """The newest candles, the open one included."""
        exchange = await self._exchange(question)
        _refuse_too_many(question.max_records * len(question.wanted))
        found = await asyncio.gather(
            *(
                exchange.candles(pair, interval, start=None, end=None, limit=question.max_records)
                for pair, interval in question.wanted
            )
        )
        return _named(question, found)

    async def historical(self, question: HistoricalCandlesRequest) -> Found:
        """All candles that open within the range, both ends included; without a start, the last ones up to its end."""
        exchange = await self._exchange(question)
        start, end = question.start_time, question.end_time or utc_now()
        if start is not None and start > end:
            raise Unprocessable("start_time must not be after end_time, which is now unless it is given")
        records = {interval: _at_most(start, end, interval) for _, interval in question.wanted}
        _refuse_too_many(sum(records[interval] for _, interval in question.wanted))
        found = await asyncio.gather(
            *(
                exchange.candles(pair, interval, start=start, end=end, limit=records[interval])
                for pair, interval in question.wanted
            )
        )
        return _named(question, found)

    async def _exchange(self, question: WhichCandles) -> PublicExchange:
        exchange = self._venues.get(question.connector_name)
        supported = [interval for interval in exchange.intervals() if is_interval(interval)]
        unsupported = sorted({interval for _, interval in question.wanted} - set(supported))
        if unsupported:
            raise BadRequest(
                f"{exchange.connector} has no candles of {', '.join(unsupported)}; "
                f"it has {', '.join(supported) or 'none at all'}.",
                code="unsupported_interval",
            )
        require_pairs(exchange, await exchange.rules(), [pair for pair, _ in question.wanted])
        return exchange


def _at_most(start: datetime | None, end: datetime, interval: str) -> int:
    return DEFAULT_RECORDS if start is None else (end - start) // shortest(interval) + 1


def _refuse_too_many(records: int) -> None:
    if records > MAX_RECORDS:
        raise BadRequest(f"That is {records:,} candles; ask for at most {MAX_RECORDS:,} at once.", code="too_many")


def _named(question: WhichCandles, found: Sequence[Sequence[Candle]]) -> Found:
    lists = ([CandleOut.of(candle) for candle in candles] for candles in found)
    return dict(zip(question.wanted, lists, strict=True))
