"""One step of a sweep from its claim to its end."""

import asyncio
import time
from typing import Final

from aviary_backtesting.engine.port import Stopped
from aviary_backtesting.figures import SWEEPS
from aviary_backtesting.runs.run import told
from aviary_backtesting.runs.states import Phase, Status
from aviary_backtesting.sweeps import store, work
from aviary_backtesting.sweeps.candles import Ground, Grounds
from aviary_backtesting.sweeps.ending import ending_of
from aviary_backtesting.sweeps.shard import computed
from aviary_backtesting.sweeps.step import StepKind
from aviary_backtesting.sweeps.tpe import next_points
from aviary_backtesting.sweeps.work import Task
from aviary_backtesting.worker.course import Course
from aviary_backtesting.worker.job import ComputingFailed, Pace
from aviary_backtesting.worker.record import TOLD_LETTERS
from aviary_common import jobs, logs
from aviary_common.cancelling import end
from aviary_common.database import Database
from aviary_common.errors import AviaryError, DeadlineExceeded, Unavailable
from aviary_common.timestamps import utc_now

log = logs.get(__name__)

RETRY_S: Final = 0.5


class StepJob:
    def __init__(self, task: Task, course: Course, grounds: Grounds, database: Database, pace: Pace) -> None:
        self._sweep, self._step = task
        self._course = course
        self._grounds = grounds
        self._database = database
        self._pace = pace

    async def do(self) -> None:
        """Returns when the step is done, or is nobody's or somebody else's. Raises ``Unavailable`` when it could not
        be written down: then another attempt does it anew."""
        beating = asyncio.create_task(self._beat_forever())
        try:
            await self._attempt()
        finally:
            await end(beating)

    async def _attempt(self) -> None:
        try:
            ground = await self._ground()
            self._course.begin(Phase.RUNNING)
            await self._do(ground)
        except Stopped:
            await self._stopped()
        except Unavailable:
            raise
        except AviaryError as error:
            await self._fail(error)
        except MemoryError:
            await self._fail(ComputingFailed("There was not enough memory for it."))
        except Exception as error:
            log.error("sweep failed", sweep=self._sweep.sweep_id, exc_info=error)
            await self._fail(ComputingFailed(f"{type(error).__name__}: {error}"))

    async def _do(self, ground: Ground) -> None:
        match self._step.kind:
            case StepKind.SHARD:
                await self._shard(ground)
            case StepKind.ASK:
                await self._ask(ground)
            case StepKind.FINISH:
                await self._finish(ground)

    async def _shard(self, ground: Ground) -> None:
        spec, watch = self._sweep.spec, self._course.watch
        found = await asyncio.to_thread(computed, spec, ground.search, self._step, ground.candles, ground.digest, watch)
        async with self._database.transaction() as connection:
            await work.complete_shard(connection, self._step, found)

    async def _ask(self, ground: Ground) -> None:
        known = await self._known()
        points = await asyncio.to_thread(next_points, self._sweep.spec, ground.search, known, self._step)
        async with self._database.transaction() as connection:
            await work.complete_ask(connection, self._step, points)

    async def _finish(self, ground: Ground) -> None:
        shards, watch = await self._known(), self._course.watch
        result = await asyncio.to_thread(ending_of, self._sweep.spec, ground.search, shards, ground.candles, watch)
        async with self._database.transaction() as connection:
            is_over = await work.complete_sweep(connection, self._step, result)
        if is_over:
            self._ended(Status.COMPLETED)

    def _ended(self, status: Status) -> None:
        begun_at = self._sweep.started_at or utc_now()
        jobs.ended(SWEEPS, status.value, (utc_now() - begun_at).total_seconds())

    async def _known(self) -> list[store.Shard]:
        async with self._database.single() as connection:
            return list(await store.shards(connection, self._sweep.id))

    async def _ground(self) -> Ground:
        """A neighbour that is away for a moment is waited for."""
        providing = asyncio.create_task(self._patiently())
        stopping = asyncio.create_task(self._course.stopped())
        try:
            await asyncio.wait({providing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not providing.done():
                raise Stopped
            return providing.result()
        finally:
            await end(providing, stopping)

    async def _patiently(self) -> Ground:
        until = time.monotonic() + self._pace.patience_s
        while True:
            try:
                return await self._grounds.of(self._sweep, self._course.tell)
            except Unavailable as error:
                if time.monotonic() > until:
                    await self._fail(error)
                    raise
                log.info("waiting for candles", sweep=self._sweep.sweep_id, error=str(error))
                await asyncio.sleep(RETRY_S)

    async def _stopped(self) -> None:
        if self._course.given_up:
            async with self._database.single() as connection:
                await work.give_back(connection, self._step)
        elif not self._course.lost and self._course.took_too_long:
            await self._fail(DeadlineExceeded("A shard has computed for longer than a run may.", code="too_slow"))

    async def _fail(self, error: AviaryError) -> None:
        reason = {**told(error), "detail": error.detail.replace("\x00", "")[:TOLD_LETTERS]}
        async with self._database.single() as connection:
            is_over = await work.fail(connection, self._step, reason)
        if is_over:
            self._ended(Status.FAILED)

    async def _beat_forever(self) -> None:
        while True:
            await asyncio.sleep(self._pace.beat_s)
            try:
                async with self._database.single() as connection:
                    if not await work.beat(connection, self._step):
                        self._course.lose()
                        return
            except Unavailable as error:
                log.warning("not heard", sweep=self._sweep.sweep_id, error=str(error))
