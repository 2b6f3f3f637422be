"""Files of candles in and out, through the disk: they may be large."""

import asyncio
import math
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aviary_common.errors import BadRequest, NotFound, TooLarge, Unprocessable
from aviary_market_data.candle_store.files import Files, Series
from aviary_market_data.candle_store.frames import opens_of
from aviary_market_data.candle_store.grid import Grid, grid_of
from aviary_market_data.candle_store.rendering import COLUMNS, Column, Format, arrow_of, write
from aviary_market_data.candle_store.schemas import Imported
from aviary_market_data.candle_store.service import Answer, CandleStore
from aviary_market_data.candle_store.spans import Gap, Span
from aviary_market_data.candle_store.uploads import read
from aviary_market_data.candles.intervals import is_interval
from aviary_market_data.candles.service import exchange_with
from aviary_market_data.venues import Venues

KINDS: Final[Mapping[str, Format]] = {"text/csv": "csv", "application/vnd.apache.parquet": "parquet"}
MAX_EXPORTED: Final = 20_000_000


@dataclass(frozen=True)
class Outgoing:
    """A file that is nobody's any more when it has been sent."""

    path: Path
    name: str
    gaps: Sequence[Gap]


@dataclass(frozen=True)
class Arrow:
    content: bytes
    digest: str
    gaps: Sequence[Gap]


class Transfer:
    def __init__(self, venues: Venues, store: CandleStore, files: Files, max_bytes: int) -> None:
        self._venues = venues
        self._store = store
        self._files = files
        self._max_bytes = max_bytes
        self._one_at_a_time = asyncio.Lock()

    async def take(
        self,
        which: Series,
        content_type: str,
        chunks: AsyncIterator[bytes],
        *,
        overwrite: bool,
    ) -> Imported:
        """Store what a file holds. Nothing of a file with a bad line is stored."""
        if (kind := KINDS.get(content_type.partition(";")[0].strip().lower())) is None:
            raise BadRequest(f"Send the file with content type {' or '.join(KINDS)}.", code="bad_content_type")
        exchange = await exchange_with(self._venues, which.connector, [which.trading_pair], [which.interval])
        series = Series(exchange.connector, which.trading_pair, which.interval)
        grid = grid_of(series.interval)
        path = self._files.arrivals / secrets.token_hex(8)
        try:
            await self._receive(path, chunks)
            async with self._one_at_a_time:
                frame, still_open = await asyncio.to_thread(read, path, kind, grid, self._store.closed_until(grid))
                if frame.height:
                    await self._store.add(series, frame, existing_wins=not overwrite)
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        opens = opens_of(frame)
        return Imported(
            connector_name=series.connector,
            trading_pair=series.trading_pair,
            interval=series.interval,
            rows=frame.height,
            still_open=still_open,
            start=datetime.fromtimestamp(opens[0], UTC) if opens else None,
            end=datetime.fromtimestamp(grid.moved(opens[-1], 1), UTC) if opens else None,
        )

    async def export(self, which: Series, start: datetime, end: datetime | None, kind: Format) -> Outgoing:
        """What is stored of a range, both ends included."""
        series, answer = await self._stored(which, start, end)
        path = self._files.arrivals / secrets.token_hex(8)
        await asyncio.to_thread(write, answer.frame, path, kind)
        return Outgoing(path, f"{series.connector}-{series.trading_pair}-{series.interval}.{kind}", answer.gaps)

    async def arrow(
        self, which: Series, start: datetime, end: datetime | None, columns: Sequence[Column] = COLUMNS
    ) -> Arrow:
        """The same as an Arrow stream, with these columns."""
        _, answer = await self._stored(which, start, end)
        content = await asyncio.to_thread(arrow_of, answer.frame.select(columns))
        return Arrow(content, answer.digest, answer.gaps)

    async def digest(self, which: Series, start: datetime, end: datetime | None) -> str:
        """Of what ``arrow`` would answer with now; much sooner known than the candles."""
        series, span = self._meant(which, start, end)
        return await self._store.digest(series.connector, series.trading_pair, series.interval, span)

    def _meant(self, which: Series, start: datetime, end: datetime | None) -> tuple[Series, Span]:
        grid = _grid(which.interval)
        series = Series(Venues.source_of(which.connector), which.trading_pair, which.interval)
        return series, _closed(grid, start, end, self._store.closed_until(grid))

    async def _stored(self, which: Series, start: datetime, end: datetime | None) -> tuple[Series, Answer]:
        series, span = self._meant(which, start, end)
        grid = grid_of(series.interval)
        if grid.count(span) > MAX_EXPORTED:
            raise BadRequest(
                f"That is {grid.count(span):,} candles; ask for at most {MAX_EXPORTED:,} at once.", code="too_many"
            )
        answer = await self._store.read(series.connector, series.trading_pair, series.interval, span)
        if not answer.frame.height and not answer.known:
            raise NotFound(f"No candles of {series.trading_pair} at {series.connector} are stored.", code="not_stored")
        return series, answer

    async def _receive(self, path: Path, chunks: AsyncIterator[bytes]) -> None:
        size = 0
        with path.open("xb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > self._max_bytes:
                    raise TooLarge(f"The file is larger than {self._max_bytes:,} bytes: send it in parts.")
                await asyncio.to_thread(file.write, chunk)


def _grid(interval: str) -> Grid:
    if not is_interval(interval) or interval.endswith("y"):
        raise BadRequest(f"There are no candles of {interval}.", code="unsupported_interval")
    return grid_of(interval)


def _closed(grid: Grid, start: datetime, end: datetime | None, closed_until: int) -> Span:
    end_s = closed_until if end is None else math.floor(end.timestamp()) + 1
    if end is not None and start > end:
        raise Unprocessable("start_time must not be after end_time")
    return grid.aligned(Span(math.ceil(start.timestamp()), min(end_s, closed_until)))
