"""Asks the venue for candles, piece by piece, and a second time for what is missing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from aviary_exchange.port import PublicExchange
from aviary_exchange.types import Candle
from aviary_market_data.candle_store.files import Series
from aviary_market_data.candle_store.frames import frame_of, merged, opens_of
from aviary_market_data.candle_store.grid import DAY_S, Grid
from aviary_market_data.candle_store.reasons import NO_TRADES, NOT_LISTED
from aviary_market_data.candle_store.spans import Gap, Span, within

if TYPE_CHECKING:
    import polars as pl

PIECE: Final = 10_000
"""Candles between two writes."""
WINDOW: Final = 500
"""Candles that every venue gives in one call: a hole longer than that may end the answer of one that pages by time."""
LATE_S: Final = 600
"""A hole that ends this short a time ago may still be filled."""
LOOK_BACK: Final = 500


class OffGrid(Exception):
    """The venue's candles of this interval open when ours do not: they cannot be kept."""


@dataclass(frozen=True)
class Piece:
    """``covered`` begins where it was asked for; all that is missing in it is missing at the venue. Between its end and
    ``asked_until_s`` the venue may only be late."""

    covered: Span
    asked_until_s: int
    frame: "pl.DataFrame"
    gaps: Sequence[Gap]


class Asking:
    """One series at its venue. ``now_s`` is when it began: what is late then is not taken for missing."""

    def __init__(self, exchange: PublicExchange, series: Series, grid: Grid, now_s: float) -> None:
        self._exchange = exchange
        self._series = series
        self._grid = grid
        self._now_s = now_s

    async def piece(self, span: Span) -> Piece:
        """The first candles of an aligned span, up to its end if they are few."""
        frame = await self._ask(span, PIECE)
        covered = Span(span.start_s, self._after(frame)) if frame.height >= PIECE else span
        asked_until_s = covered.end_s
        holes = self._grid.holes(opens_of(frame), covered)
        if holes:
            frame = await self._again(frame, holes)
            covered, holes = self._without_late(frame, covered)
        return Piece(covered, asked_until_s, frame, [Gap(hole, await self._reason(hole, span)) for hole in holes])

    async def _again(self, frame: "pl.DataFrame", holes: Sequence[Span]) -> "pl.DataFrame":
        for window in self._windows([part for hole in holes for part in await self._narrowed(hole)]):
            more = await self._ask(window, WINDOW)
            if more.height:
                frame = await asyncio.to_thread(merged, frame, more)
        return frame

    def _without_late(self, frame: "pl.DataFrame", covered: Span) -> tuple[Span, list[Span]]:
        holes = self._grid.holes(opens_of(frame), covered)
        if holes and holes[-1].end_s == covered.end_s and covered.end_s > self._now_s - LATE_S:
            return Span(covered.start_s, holes[-1].start_s), holes[:-1]
        return covered, holes

    async def _narrowed(self, hole: Span) -> list[Span]:
        """The days of a long hole on which the venue says that something happened."""
        days = "1d" in self._exchange.intervals() and 0 < self._grid.length_s < DAY_S
        if not days or self._grid.count(hole) <= WINDOW:
            return [hole]
        found: list[Span] = []
        for start_s in range(hole.start_s - DAY_S, hole.end_s, LOOK_BACK * DAY_S):
            end_s = min(start_s + LOOK_BACK * DAY_S, hole.end_s)
            lived = await self._candles("1d", Span(max(0, start_s), end_s), LOOK_BACK)
            found += (Span(candle.open_time_s, candle.open_time_s + DAY_S) for candle in lived)
        return [self._grid.aligned(part) for part in within(found, hole)]

    def _windows(self, holes: Sequence[Span]) -> list[Span]:
        """Few and short enough for one call each."""
        windows: list[Span] = []
        for hole in sorted(filter(None, holes)):
            at = hole.start_s
            if windows and at < self._grid.moved(windows[-1].start_s, WINDOW):
                at = min(hole.end_s, self._grid.moved(windows[-1].start_s, WINDOW))
                windows[-1] = Span(windows[-1].start_s, max(windows[-1].end_s, at))
            while at < hole.end_s:
                end_s = min(hole.end_s, self._grid.moved(at, WINDOW))
                windows.append(Span(at, end_s))
                at = end_s
        return windows

    async def _reason(self, hole: Span, asked: Span) -> str:
        """Only what is missing from the very start can be missing because there was no such pair."""
        if hole.start_s != asked.start_s or hole.start_s == 0:
            return NO_TRADES
        interval = "1d" if "1d" in self._exchange.intervals() else self._series.interval
        length_s = DAY_S if interval == "1d" else max(self._grid.length_s, 1)
        before = Span(max(0, hole.start_s - LOOK_BACK * length_s), hole.start_s)
        return NO_TRADES if await self._candles(interval, before, LOOK_BACK) else NOT_LISTED

    async def _ask(self, span: Span, limit: int) -> "pl.DataFrame":
        candles = await self._candles(self._series.interval, span, limit)
        if any(self._grid.floor(candle.open_time_s) != candle.open_time_s for candle in candles):
            raise OffGrid(str(self._series))
        return await asyncio.to_thread(frame_of, candles)

    async def _candles(self, interval: str, span: Span, limit: int) -> Sequence[Candle]:
        found = await self._exchange.candles(
            self._series.trading_pair,
            interval,
            start=datetime.fromtimestamp(span.start_s, UTC),
            end=datetime.fromtimestamp(span.end_s, UTC) - timedelta(milliseconds=1),
            limit=limit,
        )
        return [candle for candle in found if span.start_s <= candle.open_time_s < span.end_s]

    def _after(self, frame: "pl.DataFrame") -> int:
        return self._grid.moved(int(frame["open_time"][-1]), 1)
