"""What a run is computed from. Candles: of this machine's disk, of market-data, of the venue through it, or sent."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from aviary_backtesting.candles import uploads
from aviary_backtesting.candles.cache import ColumnCache
from aviary_backtesting.candles.columns import candles_of, from_arrow, longer
from aviary_backtesting.candles.coverage import refuse_none, refuse_sparse
from aviary_backtesting.candles.market_data import Arrow, MarketData, Unchanged
from aviary_backtesting.candles.waiting import Fetching
from aviary_backtesting.engine.port import CandleRange
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.venue_terms.finding import TermsFinder
from aviary_backtesting.venue_terms.terms import VenueTerms
from aviary_common import logs
from aviary_common.database import Database
from aviary_common.errors import AviaryError, BadRequest, NotFound
from aviary_common.timestamps import utc_now

if TYPE_CHECKING:
    from aviary_strategies.candles import Candles

log = logs.get(__name__)

Tell = Callable[[float], None]
NO_MORE: Final = 1.0
RECENT: Final = 2


class Supply:
    def __init__(self, market_data: MarketData, cache: ColumnCache, database: Database, fetching: Fetching) -> None:
        self._market_data = market_data
        self._cache = cache
        self._database = database
        self._fetching = fetching
        self._terms = TermsFinder(market_data)
        self._recent: OrderedDict[tuple[CandleRange, str], Candles] = OrderedDict()

    async def provide(
        self, spec: RunSpec, ranges: Sequence[CandleRange], tell: Tell
    ) -> "Mapping[CandleRange, Candles]":
        """Raises ``BadRequest`` when there are none, or too few of them. ``tell`` hears how far it is."""
        found: dict[CandleRange, Candles] = {}
        for place, wanted in enumerate(ranges):

            def part(fraction: float, place: int = place) -> None:
                tell((place + fraction) / len(ranges))

            candles = await self._one(spec, wanted, part)
            if not len(candles):
                refuse_none(wanted, await self._stored(wanted, spec))
            refuse_sparse(wanted, candles, spec, utc_now().timestamp())
            found[wanted] = candles
            part(NO_MORE)
        return found

    async def terms(self, spec: RunSpec, ranges: Sequence[CandleRange]) -> VenueTerms:
        """What the markets of these candles ask for; what nobody can tell is missing."""
        return await self._terms.of(spec, ranges)

    async def _one(self, spec: RunSpec, wanted: CandleRange, tell: Tell) -> "Candles":
        from aviary_strategies.intervals import seconds_of

        interval_s = seconds_of(wanted.interval)
        if spec.candles is not None:
            sent = await self._sent(spec.candles)
            if interval_s % sent.interval_s:
                raise BadRequest(f"Candles of {sent.interval_s} s cannot be made into {wanted.interval}.")
            if (recent := self._recent.get((wanted, spec.candles))) is not None:
                return recent
            made = await asyncio.to_thread(longer, sent, interval_s)
            return self._remember(wanted, spec.candles, made.between(wanted.start_s, wanted.end_s))
        return await self._kept(wanted, interval_s, tell)

    async def _kept(self, wanted: CandleRange, interval_s: int, tell: Tell) -> "Candles":
        known = await asyncio.to_thread(self._cache.digest_of, wanted)
        try:
            arrow = await self._market_data.arrow(wanted, known)
        except Unchanged:
            assert known is not None  # noqa: S101 - it was asked about
            if (recent := self._recent.get((wanted, known))) is not None:
                return recent
            columns = await asyncio.to_thread(self._cache.load, known)
            if columns is not None:
                return self._remember(wanted, known, candles_of(columns, interval_s))
            arrow = await self._market_data.arrow(wanted, None)
        if arrow is None or not arrow.whole:
            arrow = await self._fetched(wanted, arrow, tell)
        columns = await asyncio.to_thread(from_arrow, arrow.content)
        await asyncio.to_thread(self._cache.put, wanted, arrow.digest, columns)
        mapped = await asyncio.to_thread(self._cache.load, arrow.digest)
        return self._remember(wanted, arrow.digest, candles_of(columns if mapped is None else mapped, interval_s))

    def _remember(self, wanted: CandleRange, digest: str, candles: "Candles") -> "Candles":
        """The very same object for the next run: the engine knows what it has computed of it."""
        self._recent[wanted, digest] = candles
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return candles

    async def _fetched(self, wanted: CandleRange, stored: Arrow | None, tell: Tell) -> Arrow:
        """After market-data has asked the venue; where that fails, what is stored must do."""
        try:
            await self._fetching.wait(wanted, tell)
        except AviaryError as error:
            if stored is None:
                raise
            log.warning("candles could not be fetched", candles=str(wanted), error=str(error))
            return stored
        arrow = await self._market_data.arrow(wanted, None)
        if arrow is None:
            refuse_none(wanted, [])
        return arrow

    async def _sent(self, digest: str) -> "Candles":
        async with self._database.single() as connection:
            meta = await uploads.find(connection, digest)
            if meta is None:
                raise NotFound(f"There are no uploaded candles {digest}.", code="unknown_candles")
            columns = await asyncio.to_thread(self._cache.load, digest)
            content = None if columns is not None else await uploads.content(connection, digest)
        if columns is None:
            columns = await asyncio.to_thread(uploads.unpacked, content or b"")
            await asyncio.to_thread(self._cache.put, None, digest, columns)
        return candles_of(columns, meta.interval_s)

    async def _stored(self, wanted: CandleRange, spec: RunSpec) -> list[tuple[str, str]]:
        if spec.candles is not None:
            return []
        return await self._market_data.stored(wanted)
