"""Sees to it that a run gets a worker, and another one when that dies. One replica of the API does this."""

import asyncio
from typing import Final

from aviary_backtesting.metadata import outbox
from aviary_backtesting.queue import Doorbell
from aviary_backtesting.runs import events, work
from aviary_backtesting.runs.run import told
from aviary_backtesting.runs.work import Limits
from aviary_backtesting.settings import LifeSettings
from aviary_backtesting.signals import ENDED, call_out
from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import AviaryError
from aviary_common.leases import Lease, Leases

log = logs.get(__name__)

LEASE: Final = "backtest-watch"
MAX_RINGS: Final = 50
FORGET_EVERY_S: Final = 30.0


class Killer(AviaryError):
    """A run over which its workers die."""

    default_code = "worker_died"


def limits_of(settings: LifeSettings) -> Limits:
    return Limits(settings.backtest_dead_after_s, settings.backtest_attempts)


class Watcher:
    def __init__(
        self, settings: LifeSettings, database: Database, bus: Bus, leases: Leases, bell: Doorbell, outgoing: Outbox
    ) -> None:
        self._settings = settings
        self._limits = limits_of(settings)
        self._database = database
        self._bus = bus
        self._leases = leases
        self._bell = bell
        self._outgoing = outgoing

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
            await asyncio.sleep(self._settings.backtest_look_s)

    async def look(self) -> None:
        """Ring for what nobody works on, unless a ring for it is still to be heard: then all workers are busy."""
        await self._bury()
        async with self._database.single() as connection:
            waiting = await work.free(connection, self._limits, self._settings.backtest_look_s)
        if waiting and await self._bell.is_silent():
            log.info("ringing again", runs=waiting)
            for _ in range(min(waiting, MAX_RINGS)):
                await self._bell.ring()

    async def forget(self) -> None:
        settings = self._settings
        async with self._database.single() as connection:
            forgotten = await work.forget_oldest(
                connection, runs=settings.backtest_keep_runs, size=settings.backtest_keep_bytes
            )
        if forgotten:
            log.info("old runs forgotten", runs=forgotten)

    async def _bury(self) -> None:
        reason = f"{self._limits.attempts} workers died over it, one after the other; it may need too much memory."
        error = told(Killer(reason))
        async with self._database.transaction() as connection:
            dead = await work.bury(connection, self._limits, error)
            await self._outgoing.add(connection, *(events.failed(run, error) for run in dead))
        for run in dead:
            await call_out(self._bus, ENDED, run.run_id)


def outbox_of(database: Database, bus: Bus) -> Outbox:
    return Outbox(outbox, database, bus)
