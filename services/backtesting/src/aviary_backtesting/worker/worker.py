"""Takes runs, one at a time, while there are some."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from aviary_backtesting.candles.supply import Supply
from aviary_backtesting.engine.port import Engine
from aviary_backtesting.queue import answer_doorbell
from aviary_backtesting.runs import work
from aviary_backtesting.runs.run import Run
from aviary_backtesting.runs.watcher import limits_of, outbox_of
from aviary_backtesting.signals import CANCEL
from aviary_backtesting.sweeps.job import StepJob
from aviary_backtesting.sweeps.shift import Shift
from aviary_backtesting.worker.course import Course
from aviary_backtesting.worker.job import Job, Pace
from aviary_backtesting.worker.record import Record
from aviary_backtesting.worker.settings import WorkerSettings
from aviary_common import context, logs
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.errors import Unavailable

log = logs.get(__name__)

AGAIN_S: Final = 0.5
LINGER_S: Final = 0.1
"""While a sweep is under way, more of it may come at any moment."""


class Worker:
    def __init__(
        self, name: str, settings: WorkerSettings, engine: Engine, supply: Supply, database: Database, bus: Bus
    ) -> None:
        self._name = name
        self._settings = settings
        self._limits = limits_of(settings)
        self._engine = engine
        self._supply = supply
        self._database = database
        self._bus = bus
        self.outgoing = outbox_of(database, bus)
        self._enough = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._current: tuple[str, Course] | None = None
        self._shift = Shift(name, settings, supply, database)
        self._pace = Pace(settings.backtest_heartbeat_s, settings.backtest_patience_s)

    async def work_forever(self) -> None:
        """Give it to ``Tasks.supervise``. First comes what has waited for a worker."""
        await self.drain()
        await answer_doorbell(self._settings, self.drain, self._enough)

    async def listen(self) -> None:
        """From now on a run under way can be cancelled."""
        await self._bus.hear(CANCEL, self._cancelled)

    async def close(self) -> None:
        """Give back what is under way, and take nothing more."""
        self._enough.set()
        if self._current is not None:
            self._current[1].give_up()
        await self._idle.wait()

    async def drain(self) -> None:
        """Do what there is to do; another worker's ring may have been for it, and this one's for another's run. Runs
        come before the steps of sweeps, which are short."""
        while not self._enough.is_set():
            if (run := await self._claimed()) is not None:
                await self._do(run)
            elif (task := await self._shift.claimed()) is not None:
                with context.about(sweep_id=task.sweep.sweep_id):
                    await self._at(task.sweep.sweep_id, partial(self._shift.job, task, pace=self._pace))
            elif await self._shift.is_more_expected():
                await asyncio.sleep(LINGER_S)
            else:
                return

    async def _claimed(self) -> Run | None:
        try:
            async with self._database.single() as connection:
                return await work.claim(connection, self._name, self._limits)
        except Unavailable as error:
            log.warning("no run taken", error=str(error))
            return None

    async def _do(self, run: Run) -> None:
        record = Record(run, self._database, self._bus, self.outgoing)
        with context.about(run_id=run.run_id):
            await self._at(run.run_id, partial(Job, record, engine=self._engine, supply=self._supply, pace=self._pace))

    async def _at(self, name: str, job: Callable[[Course], Job | StepJob]) -> None:
        course = Course(self._settings.backtest_run_s)
        self._current = name, course
        self._idle.clear()
        try:
            if self._enough.is_set():
                course.give_up()
            await job(course).do()
        except Unavailable as error:
            log.warning("it is left to another attempt", job=name, error=str(error))
            await asyncio.sleep(AGAIN_S)
        finally:
            self._current = None
            self._idle.set()

    def _cancelled(self, _subject: str, payload: bytes) -> None:
        if self._current is not None and self._current[0].encode() == payload:
            self._current[1].lose()
