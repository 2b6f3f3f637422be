"""Ranges of candles: what has closed comes from the store, what is still open from the venue."""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aviary_common.errors import Unprocessable
from aviary_exchange.port import PublicExchange
from aviary_market_data.candle_store.asking import OffGrid
from aviary_market_data.candle_store.frames import cut, frame_of
from aviary_market_data.candle_store.grid import grid_of
from aviary_market_data.candle_store.rendering import json_of
from aviary_market_data.candle_store.service import CandleStore
from aviary_market_data.candle_store.spans import Gap, Span
from aviary_market_data.candles.intervals import shortest
from aviary_market_data.candles.schemas import HistoricalCandlesRequest
from aviary_market_data.candles.service import exchange_with, refuse_too_many
from aviary_market_data.venues import Venues

if TYPE_CHECKING:
    import polars as pl

DEFAULT_RECORDS: Final = 500


@dataclass(frozen=True)
class Found:
    """One pair and interval: its candles as a JSON list, and all that is missing."""

    trading_pair: str
    interval: str
    candles: bytes
    gaps: Sequence[Gap]


class HistoricalCandles:
    def __init__(self, venues: Venues, store: CandleStore, clock: Callable[[], datetime]) -> None:
        self._venues = venues
        self._store = store
        self._clock = clock

    async def get(self, question: HistoricalCandlesRequest) -> list[Found]:
        """All candles that open within the range, both ends included; without a start, the last ones up to its end."""
        exchange = await exchange_with(self._venues, question.connector_name, question.pairs, question.names)
        start, end = question.start_time, question.end_time or self._clock()
        if start is not None and start > end:
            raise Unprocessable("start_time must not be after end_time, which is now unless it is given")
        refuse_too_many(sum(_at_most(start, end, interval) for _, interval in question.wanted))
        wanted = [(pair, interval, _span(start, end, interval)) for pair, interval in question.wanted]
        return await asyncio.gather(*(self._one(exchange, *each) for each in wanted))

    async def _one(self, exchange: PublicExchange, pair: str, interval: str, span: Span) -> Found:
        closed_until = self._store.closed_until(grid_of(interval))
        closed = Span(span.start_s, min(span.end_s, closed_until))
        open_ones = Span(max(span.start_s, closed_until), min(span.end_s, math.floor(self._clock().timestamp()) + 1))
        parts: list[pl.DataFrame] = []
        gaps: Sequence[Gap] = ()
        try:
            if closed:
                stored = await self._store.provide(exchange, pair, interval, closed)
                parts, gaps = [stored.frame], stored.gaps
            if open_ones:
                parts.append(await _from_venue(exchange, pair, interval, open_ones))
        except OffGrid:
            parts = [await _from_venue(exchange, pair, interval, span)]
        return Found(pair, interval, await asyncio.to_thread(json_of, parts), gaps)


async def _from_venue(exchange: PublicExchange, pair: str, interval: str, span: Span) -> "pl.DataFrame":
    start, end = datetime.fromtimestamp(span.start_s, UTC), datetime.fromtimestamp(span.end_s, UTC)
    limit = (end - start) // shortest(interval) + 2
    candles = await exchange.candles(pair, interval, start=start, end=end, limit=limit)
    return cut(await asyncio.to_thread(frame_of, candles), span)


def _span(start: datetime | None, end: datetime, interval: str) -> Span:
    """From the first opening in the range to the first after it."""
    grid = grid_of(interval)
    end_s = math.floor(end.timestamp()) + 1
    if start is None:
        return Span(grid.moved(grid.floor(end_s - 1), 1 - DEFAULT_RECORDS), grid.ceil(end_s))
    return grid.aligned(Span(math.ceil(start.timestamp()), end_s))


def _at_most(start: datetime | None, end: datetime, interval: str) -> int:
    return DEFAULT_RECORDS if start is None else (end - start) // shortest(interval) + 1
