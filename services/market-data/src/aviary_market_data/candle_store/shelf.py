"""Files and catalogue together: what the catalogue says is true, and a file that is not as it says does not count."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from aviary_common import logs
from aviary_common.database import Database
from aviary_common.errors import Unavailable
from aviary_market_data.candle_store import catalogue
from aviary_market_data.candle_store.catalogue import NO_FILE, NOTHING, Known
from aviary_market_data.candle_store.editions import editions, months_of
from aviary_market_data.candle_store.files import Draft, Files, Series
from aviary_market_data.candle_store.frames import cut, empty, joined, merged, opens_of
from aviary_market_data.candle_store.grid import by_month, grid_of, month_name, month_span
from aviary_market_data.candle_store.reasons import NO_TRADES
from aviary_market_data.candle_store.spans import (
    Gap,
    Span,
    gaps_minus,
    gaps_union,
    gaps_within,
    minus,
    union,
    within,
)

if TYPE_CHECKING:
    import polars as pl

log = logs.get(__name__)

READERS: Final = 4
"""Months that are read at once: hashing and decoding free the interpreter."""
LOOKS: Final = 3
"""A month may be replaced between a look at the catalogue and one at its file."""


@dataclass(frozen=True)
class Stored:
    """What there is of a span: ``ranges`` have been fetched, and what is missing in them are the ``gaps``."""

    span: Span
    frame: "pl.DataFrame"
    ranges: Sequence[Span]
    gaps: Sequence[Gap]
    editions: Sequence[str]
    """Of the files that it was read from: the same, and the candles are the same."""

    @property
    def missing(self) -> list[Span]:
        return minus([self.span], self.ranges)


class Shelf:
    """Readers need nothing; whoever writes holds the lease of the series."""

    def __init__(self, files: Files, database: Database) -> None:
        self._files = files
        self._database = database
        self._readers = ThreadPoolExecutor(min(READERS, os.cpu_count() or 1), "candle-reader")

    async def known(self, series: Series) -> Known:
        async with self._database.single() as connection:
            return await catalogue.find(connection, series)

    async def read(self, series: Series, span: Span) -> Stored:
        """An aligned span. Months whose file is damaged count as not fetched."""
        for _ in range(LOOKS):
            known = await self.known(series)
            found, damaged = await asyncio.to_thread(self._read, series, known, span)
            if not damaged:
                break
        for month in damaged:
            log.warning("candle file is not what the catalogue says", series=str(series), month=month)
        lost = [month_span(month) for month in damaged]
        return Stored(
            span,
            found,
            minus(within(known.ranges, span), lost),
            gaps_minus(gaps_within(known.gaps, span), lost),
            editions(known, span),
        )

    async def forget_damaged(self, series: Series, span: Span) -> None:
        """Take out of the catalogue what its files do not hold."""
        known = await self.known(series)
        _, damaged = await asyncio.to_thread(self._read, series, known, span)
        for month in damaged:
            await self._forget(series, known.id, month)

    async def put(
        self,
        series: Series,
        frame: "pl.DataFrame",
        covered: Sequence[Span],
        reasons: Sequence[Gap] = (),
        *,
        existing_wins: bool = False,
    ) -> None:
        """Store sorted candles. ``covered`` counts as fetched from now on: whatever is missing there is a gap, for a
        reason that was given or else because there were no trades."""
        async with self._database.transaction() as connection:
            known = await catalogue.find_or_add(connection, series)
        for whole in covered:
            for part in by_month(whole):
                await self._put_month(series, known.id, part, frame, reasons, existing_wins=existing_wins)

    async def _put_month(
        self,
        series: Series,
        series_id: int,
        covered: Span,
        frame: "pl.DataFrame",
        reasons: Sequence[Gap],
        *,
        existing_wins: bool,
    ) -> None:
        month = month_name(covered.start_s)
        current, existing = await self._current(series, series_id, month)
        new = cut(frame, covered)
        whole = existing
        draft: Draft | None = None
        if new.height:
            whole = await asyncio.to_thread(merged, *((new, existing) if existing_wins else (existing, new)))
            draft = await self._replace(series, series_id, month, current, whole)
        holes = grid_of(series.interval).holes(opens_of(cut(whole, covered)), covered)
        async with self._database.transaction() as connection:
            known = await catalogue.locked(connection, series_id)
            if draft is not None and not await catalogue.arrived(connection, series_id, month, draft):
                raise _overtaken(series)
            await catalogue.replace(
                connection,
                known,
                union([*known.ranges, covered]),
                gaps_union([*gaps_minus(known.gaps, [covered]), *_explained(holes, reasons)]),
            )

    async def _current(self, series: Series, series_id: int, month: str) -> "tuple[str, pl.DataFrame]":
        """The month as it is, without it if it is damaged: then it is forgotten first."""
        known = (await self.known(series)).months.get(month)
        found = await asyncio.to_thread(self._files.read, series, month)
        if known is not None and found is not None and known.knows(found[0]):
            return found
        if known is not None and known.is_there:
            await self._forget(series, series_id, month)
        return NO_FILE, empty()

    async def _replace(self, series: Series, series_id: int, month: str, current: str, whole: "pl.DataFrame") -> Draft:
        """The catalogue knows both files before one takes the other's place, so a kill in between loses nothing."""
        draft = await asyncio.to_thread(self._files.write, series, month, whole)
        try:
            async with self._database.transaction() as connection:
                if not await catalogue.announce(connection, series_id, month, current, draft.digest):
                    raise _overtaken(series)
            await asyncio.to_thread(draft.put)
        finally:
            await asyncio.to_thread(draft.drop)
        return draft

    async def _forget(self, series: Series, series_id: int, month: str) -> None:
        log.warning("candles of a damaged file are forgotten", series=str(series), month=month)
        lost = [month_span(month)]
        async with self._database.transaction() as connection:
            known = await catalogue.locked(connection, series_id)
            await catalogue.forget_month(connection, series_id, month)
            await catalogue.replace(connection, known, minus(known.ranges, lost), gaps_minus(known.gaps, lost))

    def _read(self, series: Series, known: Known, span: Span) -> "tuple[pl.DataFrame, list[str]]":
        """The candles of the fetched ranges, and the months whose file is not the one in the catalogue."""
        frames, damaged = [], []
        if known is NOTHING:
            return empty(), []
        months = [month for month in months_of(span) if month in known.months]
        for month, found in zip(months, self._readers.map(partial(self._files.read, series), months), strict=True):
            entry = known.months[month]
            if found is not None and entry.knows(found[0]):
                frames += [cut(found[1], part) for part in within(known.ranges, span & month_span(month))]
            elif entry.is_there:
                damaged.append(month)
        return joined(frames), damaged


def _explained(holes: Sequence[Span], reasons: Sequence[Gap]) -> list[Gap]:
    explained = [gap for hole in holes for gap in gaps_within(reasons, hole)]
    rest = minus(holes, [gap.span for gap in explained])
    return [*explained, *(Gap(hole, NO_TRADES) for hole in rest)]


def _overtaken(series: Series) -> Unavailable:
    return Unavailable("candle store", f"{series} was written by somebody else meanwhile; try again.")
