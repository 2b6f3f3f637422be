"""What is to be downloaded."""

from collections.abc import Callable
from typing import Final

from aviary_common.database import Database
from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.pagination import Slice
from aviary_market_data.candle_store.downloads import store
from aviary_market_data.candle_store.downloads.schemas import NewDownload
from aviary_market_data.candle_store.downloads.store import Download, State, Wanted
from aviary_market_data.candle_store.files import Series
from aviary_market_data.candle_store.grid import MINUTES, grid_of
from aviary_market_data.candle_store.service import CandleStore
from aviary_market_data.candle_store.spans import Span
from aviary_market_data.candles.service import exchange_with
from aviary_market_data.venues import Venues

MAX_CANDLES: Final = 50_000_000
"""Of one download: a century of minutes."""


class Downloads:
    def __init__(self, venues: Venues, candles: CandleStore, database: Database, added: Callable[[], None]) -> None:
        """``added`` is called when there is something to do."""
        self._venues = venues
        self._candles = candles
        self._database = database
        self._added = added

    async def add(self, new: NewDownload) -> Download:
        """A new one, or the one that is under way for the same series and range."""
        exchange = await exchange_with(self._venues, new.connector_name, [new.trading_pair], [new.interval])
        asked = grid_of(new.interval)
        derived = asked.derivable and MINUTES.interval in exchange.intervals()
        grid = MINUTES if derived else asked
        closed_until = self._candles.closed_until(grid)
        end_s = closed_until if new.end_time is None else min(int(new.end_time.timestamp()), closed_until)
        span = grid.aligned(Span(int(new.start_time.timestamp()), end_s))
        if not span:
            raise BadRequest("No candle opens and closes within that range.", code="empty_range")
        total = grid.count(span)
        if total > MAX_CANDLES:
            raise BadRequest(f"That is {total:,} candles; download at most {MAX_CANDLES:,} at once.", code="too_many")
        series = Series(exchange.connector, new.trading_pair, grid.interval)
        async with self._database.single() as connection:
            download = await store.add(connection, Wanted(series, span, new.end_time is None, total))
        self._added()
        return download

    async def get(self, download_id: int) -> Download:
        async with self._database.single() as connection:
            found = await store.get(connection, download_id)
        if found is None:
            raise NotFound(f"There is no download {download_id}.")
        return found

    async def page(self, limit: int, cursor: str | None) -> Slice[Download]:
        async with self._database.single() as connection:
            return await store.page(connection, limit, cursor)

    async def cancel(self, download_id: int) -> Download:
        """What it has fetched stays. Whoever works on it notices with the next piece."""
        async with self._database.single() as connection:
            cancelled = await store.end(connection, download_id, State.CANCELLED)
        if cancelled is not None:
            return cancelled
        found = await self.get(download_id)
        if found.state is not State.CANCELLED:
            raise Conflict(f"Download {download_id} is {found.state} already.", code="ended")
        return found
