"""What an attempt writes of its run. Every write names the attempt, so a run is finished by one of them only."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from aviary_backtesting.engine.port import Outcome, Stopped
from aviary_backtesting.figures import RUNS
from aviary_backtesting.results.parts import PARTS
from aviary_backtesting.runs import events, work
from aviary_backtesting.runs.run import Kind, Run, told
from aviary_backtesting.runs.states import Phase, Status
from aviary_backtesting.signals import ENDED, call_out
from aviary_backtesting.worker.saving import findings_of, legacy_part, part_of
from aviary_common import jobs, logs
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import AviaryError
from aviary_common.timestamps import utc_now

log = logs.get(__name__)

TOLD_LETTERS: Final = 2000
AT_ONCE_BYTES: Final = 500_000
"""Parts are written as soon as there is so much of them; those of a small result go together."""


@dataclass(frozen=True)
class Record:
    run: Run
    database: Database
    bus: Bus
    outgoing: Outbox

    async def beat(self, phase: Phase, progress: float) -> bool:
        """False when the run is not this attempt's any more."""
        async with self.database.single() as connection:
            return await work.beat(connection, self.run, phase, progress)

    async def save(self, outcome: Outcome) -> None:
        """Whoever waits is told as soon as the summary is written; the parts follow, what is asked for most first.

        A run that was completed before, by a worker that died over its parts, gets them now.
        """
        if self.run.status is not Status.COMPLETED:
            await self._complete(outcome)
        elif outcome.digest != self.run.digest:
            log.warning("the candles have changed, so parts of the result are lost", run=self.run.run_id)
            await self._seal()
            return
        made: list[work.Part] = []
        for name in PARTS:
            made.append(await asyncio.to_thread(part_of, outcome, name))
            if sum(len(part.content) for part in made) > AT_ONCE_BYTES:
                await self._add(made)
                made = []
        await self._add(made)
        await self._seal()

    async def fail(self, error: AviaryError) -> None:
        reason = {**told(error), "detail": error.detail.replace("\x00", "")[:TOLD_LETTERS]}
        async with self.database.transaction() as connection:
            if not await work.fail(connection, self.run, reason):
                return
            await self.outgoing.add(connection, events.failed(self.run, reason))
        self._ended(Status.FAILED)
        await self._tell()

    def _ended(self, status: Status) -> None:
        begun_at = self.run.started_at or self.run.created_at
        jobs.ended(RUNS, status.value, (utc_now() - begun_at).total_seconds())

    async def give_back(self) -> None:
        async with self.database.single() as connection:
            await work.give_back(connection, self.run)

    async def _complete(self, outcome: Outcome) -> None:
        found = findings_of(outcome)
        parts = [await asyncio.to_thread(legacy_part, outcome)] if self.run.kind is Kind.TASK else []
        told = partial(self.outgoing.beside, event=events.finished(self.run, found))
        async with (self.database.transaction if parts else self.database.single)() as connection:
            if not await work.complete(connection, self.run, found, parts, told):
                raise Stopped
        self.outgoing.wake()
        self._ended(Status.COMPLETED)
        await self._tell()

    async def _add(self, parts: Sequence[work.Part]) -> None:
        async with self.database.transaction() as connection:
            if not await work.add_parts(connection, self.run, parts):
                raise Stopped

    async def _seal(self) -> None:
        async with self.database.single() as connection:
            await work.seal(connection, self.run)
        await self._tell()

    async def _tell(self) -> None:
        await call_out(self.bus, ENDED, self.run.run_id)
