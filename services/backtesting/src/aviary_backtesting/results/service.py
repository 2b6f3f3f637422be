"""Results as they are read."""

import asyncio
import gzip
import time
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from aviary_backtesting.results.parts import LEGACY, PartName
from aviary_backtesting.results.rendering import Format, rendered
from aviary_backtesting.runs import store
from aviary_backtesting.runs.run import Run
from aviary_backtesting.runs.states import Status
from aviary_common.database import Database
from aviary_common.errors import Conflict, NotFound

LOOK_EVERY_S: Final = 0.05


class Results:
    def __init__(self, database: Database, wait_s: float) -> None:
        self._database = database
        self._wait_s = wait_s

    async def part(
        self, run: Run, part: PartName, columns: Sequence[str] | None, max_points: int | None, form: Format
    ) -> bytes:
        """One that is still being written is waited for."""
        content = await self._content(run, part)
        return await asyncio.to_thread(rendered, content, part, columns, max_points, form)

    async def legacy(self, run: Run) -> bytes:
        """The old answer, gzipped."""
        return await self._content(run, LEGACY)

    async def legacy_text(self, run: Run) -> bytes:
        return await asyncio.to_thread(gzip.decompress, await self.legacy(run))

    async def _content(self, run: Run, name: str) -> bytes:
        if run.status is not Status.COMPLETED:
            raise Conflict(f"Backtest {run.run_id} is {run.status}: it has no result.", code="no_result")
        content = await self._stored(run, name)
        if content is None and not run.saved:
            content = await self._awaited(run, name)
        if content is None:
            raise NotFound(f"Backtest {run.run_id} has no {name}.", code="no_part")
        return content

    async def _awaited(self, run: Run, name: str) -> bytes | None:
        """The rest of a result follows within a moment, part by part."""
        deadline = time.monotonic() + self._wait_s
        while True:
            is_saved = await self._is_saved(run)
            if (content := await self._stored(run, name)) is not None or is_saved:
                return content
            if time.monotonic() > deadline:
                raise Conflict("That part is still being written; ask again in a moment.", code="not_yet_saved")
            await asyncio.sleep(LOOK_EVERY_S)

    async def _stored(self, run: Run, name: str) -> bytes | None:
        async with self._database.single() as connection:
            return await store.part(connection, run.id, name)

    async def _is_saved(self, run: Run) -> bool:
        async with self._database.single() as connection:
            now = await store.find(connection, run.run_id)
        return now is None or now.saved


def etag_of(run: Run, *how: object) -> str:
    """Of an answer that is made of the run's result: it never changes."""
    told = repr((run.run_id, run.digest, run.status, run.phase, run.progress, run.completed_at, how))
    return f'"{blake2b(told.encode(), digest_size=16).hexdigest()}"'
