"""Old snapshots become fewer: all for a while, then the newest of each hour, then the newest of each day, for ever."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from aviary_accounts.settings import SnapshotSettings
from aviary_accounts.snapshots import store
from aviary_common import logs
from aviary_common.database import Database
from aviary_common.errors import AviaryError

log = logs.get(__name__)

BATCH: Final = 1000
EVERY_S: Final = 3600.0
PAUSE_S: Final = 0.05
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


class Thinning:
    """The newest of an hour is also the newest of every longer interval that ends with it: samples stay the same."""

    def __init__(self, database: Database, settings: SnapshotSettings, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._rules = (
            (timedelta(days=settings.snapshot_keep_all_days), HOUR),
            (timedelta(days=settings.snapshot_keep_hourly_days), DAY),
        )

    async def thin_forever(self) -> None:
        while True:
            try:
                removed = await self.thin()
                log.info("snapshots thinned", removed=removed)
            except AviaryError as error:
                log.warning("snapshots not thinned", error=error.detail)
            await asyncio.sleep(EVERY_S)

    async def thin(self) -> int:
        """How many are gone. In batches with pauses, each a statement of its own: nobody waits for it."""
        removed = 0
        for age, step in self._rules:
            while True:
                async with self._database.single() as connection:
                    batch = await store.thin(connection, self._clock() - age, step, BATCH)
                removed += batch
                if batch < BATCH:
                    break
                await asyncio.sleep(PAUSE_S)
        return removed
