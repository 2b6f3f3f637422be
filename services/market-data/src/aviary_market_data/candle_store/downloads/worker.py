"""Works on downloads: each is led by the one replica that holds its lease, piece by piece into the store."""

import asyncio
import random
from functools import partial
from typing import Final

from aviary_common import logs
from aviary_common.database import Database
from aviary_common.errors import AviaryError
from aviary_common.leases import Lease, Leases
from aviary_common.tasks import Tasks
from aviary_exchange.errors import ExchangeError, RateLimited, VenueUnavailable
from aviary_market_data.candle_store.asking import OffGrid
from aviary_market_data.candle_store.downloads import store
from aviary_market_data.candle_store.downloads.service import Downloads
from aviary_market_data.candle_store.downloads.store import Download, Progress, State
from aviary_market_data.candle_store.grid import grid_of
from aviary_market_data.candle_store.reasons import VENUE_UNAVAILABLE
from aviary_market_data.candle_store.service import CandleStore
from aviary_market_data.candle_store.settings import CandleSettings
from aviary_market_data.candle_store.spans import Gap, gaps_within, minus, within
from aviary_market_data.venues import Venues

log = logs.get(__name__)

MAX_PAUSE_S: Final = 60.0


class DownloadWorker:
    def __init__(
        self,
        downloads: Downloads,
        venues: Venues,
        candles: CandleStore,
        database: Database,
        leases: Leases,
        tasks: Tasks,
        settings: CandleSettings,
    ) -> None:
        self._downloads = downloads
        self._venues = venues
        self._candles = candles
        self._database = database
        self._leases = leases
        self._tasks = tasks
        self._settings = settings
        self._mine: set[int] = set()

    async def work_forever(self) -> None:
        """Give it to ``Tasks.supervise``."""
        while True:
            self._downloads.added.clear()
            await self._take_some()
            try:
                async with asyncio.timeout(self._settings.candle_download_look_s):
                    await self._downloads.added.wait()
            except TimeoutError:
                continue

    async def _take_some(self) -> None:
        """The oldest that nobody works on, as many as there is room for."""
        room = self._settings.candle_downloads_at_once - len(self._mine)
        if room <= 0:
            return
        async with self._database.single() as connection:
            unfinished = [found for found in await store.unfinished(connection) if found not in self._mine]
        free = set(await self._leases.free([_lease(found) for found in unfinished]))
        for download_id in [found for found in unfinished if _lease(found) in free][:room]:
            if (name := f"candle-download:{download_id}") not in self._tasks:
                self._tasks.supervise(name, partial(self._lead, download_id))

    async def _lead(self, download_id: int) -> None:
        self._mine.add(download_id)
        try:
            await self._leases.hold_if_free(_lease(download_id), partial(self._work, download_id))
        finally:
            self._mine.discard(download_id)
            self._downloads.added.set()

    async def _work(self, download_id: int, _lease: Lease) -> None:
        async with self._database.single() as connection:
            download = await store.get(connection, download_id)
        if download is None or download.state.is_final:
            return
        try:
            await self._download(download)
        except (ExchangeError, OSError) as error:
            await self._end(download, State.FAILED, str(error))
        except OffGrid:
            await self._end(download, State.FAILED, "This venue's candles of that interval cannot be stored.")

    async def _download(self, download: Download) -> None:
        await self._candles.forget_damaged(download.series, download.span)
        left, failures = download.span, 0
        while await self._note(download):
            if not left:
                await self._end(download, State.DONE)
                return
            try:
                exchange = self._venues.get(download.series.connector)
                left = await self._candles.fetch_next(exchange, download.series, left)
                failures = 0
            except (VenueUnavailable, RateLimited) as error:
                failures += isinstance(error, VenueUnavailable)
                if failures >= self._settings.candle_download_attempts:
                    await self._note(download, error.detail, gave_up=True)
                    raise
                await self._note(download, error.detail)
                await asyncio.sleep(self._pause_s(failures, error))

    def _pause_s(self, failures: int, error: AviaryError) -> float:
        stated: float | None = error.retry_after_s if isinstance(error, RateLimited) else None
        doubled: float = min(self._settings.candle_download_retry_s * 2.0 ** max(0, failures - 1), MAX_PAUSE_S)
        return max(stated or 0.0, doubled) * random.uniform(1.0, 1.3)

    async def _note(self, download: Download, error: str | None = None, *, gave_up: bool = False) -> bool:
        """Whether it is still wanted."""
        known = await self._candles.known(download.series)
        fetched, missing = within(known.ranges, download.span), minus([download.span], known.ranges)
        grid = grid_of(download.series.interval)
        progress = Progress(
            done=sum(grid.count(part) for part in fetched),
            position_s=missing[0].start_s if missing else download.span.end_s,
            gaps=[
                *gaps_within(known.gaps, download.span),
                *(Gap(part, VENUE_UNAVAILABLE) for part in missing if gave_up),
            ],
            error=error,
        )
        async with self._database.single() as connection:
            return await store.note(connection, download.id, progress)

    async def _end(self, download: Download, state: State, error: str | None = None) -> None:
        log.info("candle download ended", id=download.id, series=str(download.series), state=state.value, error=error)
        async with self._database.single() as connection:
            await store.end(connection, download.id, state, error)


def _lease(download_id: int) -> str:
    return f"candle-download:{download_id}"
