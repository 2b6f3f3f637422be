"""Takes snapshots: at every beat of the clock, and soon after fills. One replica at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from aviary_accounts.portfolio.holdings import AtConnector, Holdings
from aviary_accounts.portfolio.schemas import Among
from aviary_accounts.settings import SnapshotSettings
from aviary_accounts.snapshots import store
from aviary_accounts.snapshots.documents import Gap, Snapshot
from aviary_accounts.snapshots.gaps import Before, fill
from aviary_common import logs
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import AviaryError
from aviary_messages.events import OrderFilled, PortfolioSnapshotTaken

log = logs.get(__name__)

EVERYTHING: Final = Among()


class Snapshots:
    def __init__(
        self,
        holdings: Holdings,
        database: Database,
        outbox: Outbox,
        settings: SnapshotSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._holdings = holdings
        self._database = database
        self._outbox = outbox
        self._settings = settings
        self._clock = clock
        self._filled = asyncio.Event()

    async def filled(self, _event: OrderFilled) -> None:
        """Only noted here: whoever takes this over begins with a snapshot, so nothing is lost with the note."""
        self._filled.set()

    async def take_forever(self) -> None:
        while True:
            try:
                await self.take()
            except AviaryError as error:
                log.warning("no snapshot", error=error.detail)
                await asyncio.sleep(min(self._settings.snapshot_retry_s, self._until_beat()))
            else:
                await self._next_occasion()

    async def take(self) -> None:
        """All accounts under one time. Raises when trading or the database is away: then nothing can be said."""
        seen = await self._holdings.read(EVERYTHING)
        async with self._database.single() as connection:
            before = await store.latest(connection)
        filled, gaps = fill(seen, Before.of(before) if before else None)
        now = self._clock()
        taken = Snapshot.of(now.replace(microsecond=now.microsecond // 1000 * 1000), filled, gaps)
        if not seen and (before is None or before.state == taken.state):
            return
        async with self._database.transaction() as connection:
            if await store.add(connection, taken):
                await self._outbox.add(connection, _told(taken, filled, gaps))

    async def _next_occasion(self) -> None:
        """The next beat, or a fill; after a fill a little later, so that a burst makes one snapshot."""
        try:
            async with asyncio.timeout(self._until_beat()):
                await asyncio.sleep(self._settings.snapshot_gap_s)
                await self._filled.wait()
                await asyncio.sleep(self._settings.snapshot_after_fill_s)
                self._filled.clear()
        except TimeoutError:
            return

    def _until_beat(self) -> float:
        """Beats are aligned to the clock, so that every interval of history finds one."""
        every = self._settings.snapshot_every_s
        return every - self._clock().timestamp() % every


def _told(snapshot: Snapshot, seen: list[AtConnector], gaps: list[Gap]) -> PortfolioSnapshotTaken:
    return PortfolioSnapshotTaken(
        at=snapshot.taken_at,
        account_names=sorted({each.account_name for each in seen}),
        complete=not gaps,
    )
