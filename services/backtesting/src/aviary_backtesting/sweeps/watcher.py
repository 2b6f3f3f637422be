"""Sees to it that sweeps get workers, and are given up or forgotten in time. One replica of the API does this."""

import asyncio
from typing import Final

from aviary_backtesting.queue import Doorbell
from aviary_backtesting.runs.run import told
from aviary_backtesting.runs.watcher import Killer, limits_of
from aviary_backtesting.settings import LifeSettings
from aviary_backtesting.sweeps import work
from aviary_backtesting.sweeps.settings import SweepSettings
from aviary_common import logs
from aviary_common.database import Database
from aviary_common.leases import Lease, Leases

log = logs.get(__name__)

LEASE: Final = "sweep-watch"
FORGET_EVERY_S: Final = 30.0


class SweepWatcher:
    def __init__(
        self, life: LifeSettings, settings: SweepSettings, database: Database, leases: Leases, bell: Doorbell
    ) -> None:
        self._look_s = life.backtest_look_s
        self._limits = limits_of(life)
        self._settings = settings
        self._database = database
        self._leases = leases
        self._bell = bell

    async def watch_forever(self) -> None:
        """Give it to ``Tasks.supervise``."""
        await self._leases.hold(LEASE, self._watch)

    async def _watch(self, _lease: Lease) -> None:
        loop = asyncio.get_running_loop()
        forgotten_at = 0.0
        while True:
            await self.look()
            if loop.time() - forgotten_at > FORGET_EVERY_S:
                await self.forget()
                forgotten_at = loop.time()
            await asyncio.sleep(self._look_s)

    async def look(self) -> None:
        """Ring while there is work, unless a ring is still to be heard: then all workers are busy."""
        error = told(Killer(f"{self._limits.attempts} workers died over one shard of it, one after the other."))
        async with self._database.single() as connection:
            for sweep in await work.bury(connection, self._limits, error):
                log.warning("sweep given up", sweep=sweep.sweep_id)
            waiting = await work.free(connection, self._limits)
        if waiting and await self._bell.is_silent():
            await self._bell.ring()

    async def forget(self) -> None:
        settings = self._settings
        async with self._database.single() as connection:
            forgotten = await work.forget_oldest(
                connection, sweeps=settings.backtest_keep_sweeps, size=settings.backtest_keep_sweep_bytes
            )
        if forgotten:
            log.info("old sweeps forgotten", sweeps=forgotten)
