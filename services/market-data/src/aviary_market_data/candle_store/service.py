"""The candle store: fetch a minute once, keep it, and put every longer candle together from it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from redis.exceptions import RedisError

from aviary_common import logs
from aviary_common.database import Database
from aviary_common.errors import AviaryError, Unavailable
from aviary_common.leases import Lease, LeaseLost, Leases
from aviary_common.pagination import Slice
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import Candle
from aviary_market_data.candle_store import catalogue
from aviary_market_data.candle_store.asking import Asking
from aviary_market_data.candle_store.editions import digest, editions
from aviary_market_data.candle_store.files import Files, Series
from aviary_market_data.candle_store.frames import frame_of, opens_of
from aviary_market_data.candle_store.grid import MINUTES, Grid, grid_of
from aviary_market_data.candle_store.reasons import NOT_FETCHED, NOT_YET
from aviary_market_data.candle_store.resample import resampled
from aviary_market_data.candle_store.settings import CandleSettings
from aviary_market_data.candle_store.shelf import Shelf, Stored
from aviary_market_data.candle_store.spans import Gap, Span, gaps_union, length, minus, within
from aviary_market_data.flights import Flights

if TYPE_CHECKING:
    import polars as pl

log = logs.get(__name__)

MAX_MINUTES: Final = 50_000
"""Fetched for the sake of one answer; for more of them the longer candles themselves are fetched."""
RECENT: Final = 10
"""Closed candles that are remembered though they continue nothing yet: what is fetched now may end just before them."""
MAX_BUFFERED: Final = 10_000
"""Candles per series that wait to be written; without a database for so long they are fetched again."""


@dataclass(frozen=True)
class Answer:
    """Candles of an aligned span, and all that is missing in it."""

    frame: "pl.DataFrame"
    gaps: Sequence[Gap]
    digest: str
    """The same digest, the same candles."""
    known: bool
    """Whether anything of that span has been fetched."""


class CandleStore:
    def __init__(
        self,
        files: Files,
        database: Database,
        leases: Leases,
        settings: CandleSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._shelf = Shelf(files, database)
        self._database = database
        self._leases = leases
        self._settings = settings
        self._clock = clock
        self._turns: dict[Series, asyncio.Lock] = {}
        self._flights: Flights[tuple[Series, Span], None] = Flights()
        self._kept: frozenset[Series] = frozenset()
        self._arriving: dict[Series, dict[int, Candle]] = {}

    def closed_until(self, grid: Grid) -> int:
        """Candles that open before this are closed, also when the venue's clock is a little behind ours."""
        return grid.floor(int(self._clock().timestamp() - self._settings.candles_settle_s))

    async def provide(self, exchange: PublicExchange, trading_pair: str, interval: str, span: Span) -> Answer:
        """Closed candles of an aligned span; the venue is asked for what is missing.

        Raises ``OffGrid`` when the venue's candles are not aligned as ours."""
        series = await self._source(exchange, trading_pair, interval, span)
        stored = await self._shelf.read(series, span)
        if stored.missing:
            await self._flights.join((series, span), lambda: self._fetch_all(exchange, series, span))
            stored = await self._shelf.read(series, span)
        return await _answer(stored, interval, series, NOT_YET)

    async def read(self, connector: str, trading_pair: str, interval: str, span: Span) -> Answer:
        """What is stored of an aligned span, without asking the venue."""
        series, _ = await self._stored_source(connector, trading_pair, interval, span)
        return await _answer(await self._shelf.read(series, span), interval, series, NOT_FETCHED)

    async def digest(self, connector: str, trading_pair: str, interval: str, span: Span) -> str:
        """The one that ``read`` would answer with, by the catalogue alone: no file is read."""
        series, known = await self._stored_source(connector, trading_pair, interval, span)
        return digest(series, interval, span, editions(known, span), minus([span], known.ranges))

    async def fetch_next(self, exchange: PublicExchange, series: Series, span: Span) -> Span:
        """Fetch and store the first piece that is missing in an aligned span; what is left of the span after it."""
        left = span

        async def fetch() -> None:
            nonlocal left
            left = await self._fetch_piece(exchange, series, span)

        await self._alone(series, fetch)
        return left

    async def forget_damaged(self, series: Series, span: Span) -> None:
        await self._alone(series, lambda: self._shelf.forget_damaged(series, span))

    async def known(self, series: Series) -> catalogue.Known:
        return await self._shelf.known(series)

    async def page(
        self, connector: str | None, trading_pair: str | None, limit: int, cursor: str | None
    ) -> Slice[tuple[Series, catalogue.Known]]:
        async with self._database.single() as connection:
            return await catalogue.page(connection, connector, trading_pair, limit, cursor)

    async def add(self, series: Series, frame: "pl.DataFrame", *, existing_wins: bool) -> None:
        """Store closed, sorted candles from elsewhere. What lies between them does not count as fetched."""
        runs = await asyncio.to_thread(lambda: grid_of(series.interval).runs(opens_of(frame)))
        await self._alone(series, lambda: self._shelf.put(series, frame, runs, existing_wins=existing_wins))
        self._kept |= {series}

    def append(self, connector: str, trading_pair: str, interval: str, candles: Iterable[Candle]) -> None:
        """Candles that have just closed, of any series: they are kept, a little later, if they continue what is."""
        series = Series(connector, trading_pair, interval)
        waiting = self._arriving.setdefault(series, {})
        waiting.update((candle.open_time_s, candle) for candle in candles)
        if series not in self._kept:
            _forget_all_but(waiting, RECENT)
        elif len(waiting) > MAX_BUFFERED:
            log.warning("closed candles dropped", series=str(series), candles=len(waiting))
            del self._arriving[series]

    async def keep_forever(self) -> None:
        """Write what was appended, at most so often. Give it to ``Tasks.supervise``."""
        while True:
            await self.flush()
            await asyncio.sleep(self._settings.candles_flush_s)

    async def flush(self) -> None:
        for series in self._kept & self._arriving.keys():
            try:
                await self._alone(series, partial(self._write_arrived, series))
            except (AviaryError, RedisError, OSError) as error:
                log.warning("closed candles not written yet", series=str(series), error=str(error))
        async with self._database.single() as connection:
            self._kept = await catalogue.kept(connection)

    async def _write_arrived(self, series: Series) -> None:
        """Those that continue a fetched range; a hole before them would be one that nobody has asked about."""
        grid = grid_of(series.interval)
        closed = self.closed_until(grid)
        waiting = self._arriving.get(series, {})
        ready = sorted(opened for opened in waiting if opened < closed)
        ranges = (await self._shelf.known(series)).ranges
        new = [opened for opened in ready if grid.floor(opened) == opened and not _is_in(opened, ranges)]
        ends = {span.end_s for span in ranges}
        runs = [run for run in grid.runs(new) if run.start_s in ends]
        if runs:
            frame = await asyncio.to_thread(frame_of, [waiting[opened] for opened in new])
            await self._shelf.put(series, frame, runs)
            ranges = [*ranges, *runs]
        for opened in ready:
            if _is_in(opened, ranges):
                waiting.pop(opened, None)
        _forget_all_but(waiting, RECENT)

    async def _stored_source(
        self, connector: str, trading_pair: str, interval: str, span: Span
    ) -> tuple[Series, catalogue.Known]:
        """The series of which most is stored, and what is known of it."""
        series = Series(connector, trading_pair, interval)
        native = await self._shelf.known(series)
        if not grid_of(interval).derivable:
            return series, native
        minutes = Series(connector, trading_pair, MINUTES.interval)
        derived = await self._shelf.known(minutes)
        if length(within(derived.ranges, span)) >= length(within(native.ranges, span)):
            return minutes, derived
        return series, native

    async def _source(self, exchange: PublicExchange, trading_pair: str, interval: str, span: Span) -> Series:
        """The series that the answer is made from."""
        native = Series(exchange.connector, trading_pair, interval)
        if not grid_of(interval).derivable or MINUTES.interval not in exchange.intervals():
            return native
        minutes = Series(exchange.connector, trading_pair, MINUTES.interval)
        missing = minus([span], (await self._shelf.known(minutes)).ranges)
        if not missing:
            return minutes
        if not minus([span], (await self._shelf.known(native)).ranges):
            return native
        return minutes if sum(MINUTES.count(part) for part in missing) <= MAX_MINUTES else native

    async def _fetch_all(self, exchange: PublicExchange, series: Series, span: Span) -> None:
        async def fetch() -> None:
            await self._shelf.forget_damaged(series, span)
            left = span
            while left:
                left = await self._fetch_piece(exchange, series, left)

        await self._alone(series, fetch)

    async def _fetch_piece(self, exchange: PublicExchange, series: Series, span: Span) -> Span:
        missing = minus([span], (await self._shelf.known(series)).ranges)
        if not missing:
            return Span(span.end_s, span.end_s)
        asking = Asking(exchange, series, grid_of(series.interval), self._clock().timestamp())
        piece = await asking.piece(missing[0])
        if piece.covered:
            await self._shelf.put(series, piece.frame, [piece.covered], piece.gaps)
            self._kept |= {series}
        return Span(piece.asked_until_s, span.end_s)

    async def _alone(self, series: Series, work: Callable[[], Awaitable[None]]) -> None:
        """One writer per series in the house; in this process, in the order of arrival."""

        async def under_lease(_lease: Lease) -> None:
            await work()

        async with self._turns.setdefault(series, asyncio.Lock()):
            try:
                await self._leases.hold(f"candles:{series}", under_lease)
            except LeaseLost:
                raise Unavailable("valkey", "Valkey was away for too long to write candles; try again.") from None


async def _answer(stored: Stored, interval: str, series: Series, why_missing: str) -> Answer:
    frame = stored.frame
    if interval != series.interval:
        frame = await asyncio.to_thread(resampled, frame, grid_of(interval))
    gaps = gaps_union([*stored.gaps, *(Gap(part, why_missing) for part in stored.missing)])
    edition = digest(series, interval, stored.span, stored.editions, stored.missing)
    return Answer(frame, gaps, edition, bool(stored.ranges))


def _forget_all_but(waiting: dict[int, Candle], newest: int) -> None:
    for opened in sorted(waiting)[:-newest]:
        del waiting[opened]


def _is_in(opened: int, spans: Iterable[Span]) -> bool:
    return any(span.start_s <= opened < span.end_s for span in spans)
