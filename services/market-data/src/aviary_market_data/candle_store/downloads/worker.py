"""Works on downloads: each is led by the one replica that holds its lease, piece by piece into the store."""

import asyncio
import random
from typing import Final

from aviary_common import jobs, logs
from aviary_common.claims import Claims
from aviary_common.errors import AviaryError
from aviary_common.jobs import JobFigures
from aviary_common.runtime import Runtime
from aviary_exchange.errors import ExchangeError, RateLimited, VenueUnavailable
from aviary_market_data.candle_store.asking import OffGrid
from aviary_market_data.candle_store.downloads import store
from aviary_market_data.candle_store.downloads.store import Download, Progress, State
from aviary_market_data.candle_store.downloads.tables import IS_UNFINISHED, download_table
from aviary_market_data.candle_store.grid import grid_of
from aviary_market_data.candle_store.reasons import VENUE_UNAVAILABLE
from aviary_market_data.candle_store.service import CandleStore
from aviary_market_data.candle_store.settings import CandleSettings
from aviary_market_data.candle_store.spans import Gap, gaps_within, minus, within
from aviary_market_data.venues import Venues

log = logs.get(__name__)

MAX_PAUSE_S: Final = 60.0
QUEUE: Final = "candle_download"


class DownloadWorker:
    def __init__(self, venues: Venues, candles: CandleStore, runtime: Runtime, settings: CandleSettings) -> None:
        self._venues = venues
        self._candles = candles
        self._database = runtime.database
        self._settings = settings
        waiting = [State.QUEUED.value]
        counted = JobFigures(QUEUE, download_table, download_table.c.state, waiting=waiting, unfinished=IS_UNFINISHED)
        counted.register(runtime.figures, runtime.database)
        self.claims = Claims(
            "candle-download",
            runtime.leases,
            runtime.tasks,
            unfinished=self._unfinished,
            work=self._work,
            at_once=settings.candle_downloads_at_once,
            look_s=settings.candle_download_look_s,
        )

    async def _unfinished(self) -> list[int]:
        async with self._database.single() as connection:
            return await store.unfinished(connection)

    async def _work(self, download_id: int) -> None:
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
            ended = await store.end(connection, download.id, state, error)
        if ended is not None:
            jobs.ended(QUEUE, state.value, (ended.updated_at - ended.created_at).total_seconds())
