"""One run from its claim to its end."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from aviary_backtesting.candles.supply import Supply
from aviary_backtesting.engine.port import CandleRange, Engine, Given, Outcome, Stopped
from aviary_backtesting.runs.run import Run
from aviary_backtesting.runs.states import Phase
from aviary_backtesting.worker.course import Course
from aviary_backtesting.worker.record import Record
from aviary_common import logs
from aviary_common.cancelling import end
from aviary_common.errors import AviaryError, DeadlineExceeded, Unavailable, Unprocessable

log = logs.get(__name__)

RETRY_S: Final = 0.5


class ComputingFailed(AviaryError):
    """The engine or the controller has raised what nobody has foreseen."""

    default_code = "computing_failed"


@dataclass(frozen=True)
class Pace:
    """``beat_s`` is how often a job says that it is alive, ``patience_s`` how long a neighbour may be away."""

    beat_s: float
    patience_s: float


class Job:
    def __init__(self, record: Record, course: Course, engine: Engine, supply: Supply, pace: Pace) -> None:
        self._record = record
        self._course = course
        self._engine = engine
        self._supply = supply
        self._pace = pace

    async def do(self) -> None:
        """Returns when the run has ended, or is nobody's or somebody else's; raises ``Unavailable`` when its end could
        not be written."""
        beating = asyncio.create_task(self._beat_forever())
        try:
            await self._attempt()
        finally:
            await end(beating)
        log.info("backtest", run=self._run.run_id, ms=self._course.spent_ms())

    @property
    def _run(self) -> Run:
        return self._record.run

    async def _attempt(self) -> None:
        try:
            await self._record.save(await self._compute())
        except Stopped:
            await self._stopped()
        except AviaryError as error:
            if isinstance(error, Unavailable) and self._course.phase is Phase.SAVING:
                raise
            await self._record.fail(error)
        except MemoryError:
            await self._record.fail(ComputingFailed("There was not enough memory for it."))
        except Exception as error:
            log.error("backtest failed", run=self._run.run_id, exc_info=error)
            await self._record.fail(ComputingFailed(f"{type(error).__name__}: {error}"))

    async def _compute(self) -> Outcome:
        ranges = await asyncio.to_thread(self._ranges)
        given = await self._given(ranges)
        self._course.begin(Phase.RUNNING)
        outcome = await asyncio.to_thread(self._engine.run, self._run.spec, given, self._course.watch)
        self._course.begin(Phase.SAVING)
        return outcome

    def _ranges(self) -> Sequence[CandleRange]:
        try:
            return self._engine.needs(self._run.spec).ranges
        except ValidationError as error:
            raise Unprocessable(str(error), code="bad_config") from error

    async def _given(self, ranges: Sequence[CandleRange]) -> Given:
        """A neighbour that is away for a moment is waited for."""
        providing = asyncio.create_task(self._patiently(ranges))
        stopping = asyncio.create_task(self._course.stopped())
        try:
            await asyncio.wait({providing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not providing.done():
                raise Stopped
            return providing.result()
        finally:
            await end(providing, stopping)

    async def _patiently(self, ranges: Sequence[CandleRange]) -> Given:
        until = time.monotonic() + self._pace.patience_s
        while True:
            try:
                candles = await self._supply.provide(self._run.spec, ranges, self._course.tell)
                return Given(candles, await self._supply.terms(self._run.spec, ranges))
            except Unavailable as error:
                if time.monotonic() > until:
                    raise
                log.info("waiting for candles", run=self._run.run_id, error=str(error))
                await asyncio.sleep(RETRY_S)

    async def _stopped(self) -> None:
        if self._course.given_up:
            await self._record.give_back()
        elif not self._course.lost and self._course.took_too_long:
            await self._record.fail(DeadlineExceeded("It has computed for longer than a run may.", code="too_slow"))

    async def _beat_forever(self) -> None:
        while True:
            await asyncio.sleep(self._pace.beat_s)
            try:
                if not await self._record.beat(self._course.phase, self._course.progress):
                    self._course.lose()
                    return
            except Unavailable as error:
                log.warning("not heard", run=self._run.run_id, error=str(error))
