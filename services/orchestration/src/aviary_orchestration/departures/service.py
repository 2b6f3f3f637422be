"""Jobs: begun by a request, done in the background by whichever replica claims them."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common import context, jobs, logs
from aviary_common.claims import Claims
from aviary_common.database.outbox import Outbox
from aviary_common.errors import AviaryError, Conflict, NotFound, Unavailable
from aviary_common.jobs import JobFigures
from aviary_common.runtime import Runtime
from aviary_messages.events import BotArchived, BotFailed, BotStopped
from aviary_orchestration.departures import store
from aviary_orchestration.departures.steps import BotRefused, Step, Steps
from aviary_orchestration.departures.store import Job, Options, State
from aviary_orchestration.departures.tables import IS_UNFINISHED, bot_job
from aviary_orchestration.runs import store as runs
from aviary_orchestration.runs.states import DeploymentStatus, Desired, RunStatus, refuse_move
from aviary_orchestration.runs.store import Run

log = logs.get(__name__)

AT_ONCE: Final = 4
LOOK_S: Final = 2.0
FIRST_PAUSE_S: Final = 0.5
MAX_PAUSE_S: Final = 15.0
QUEUE: Final = "bot_archive"


class Departures:
    def __init__(
        self, runtime: Runtime, events: Outbox, steps: Steps, clock: Callable[[], datetime], look_s: float = LOOK_S
    ) -> None:
        self._database = runtime.database
        self._events = events
        self._steps = steps
        self._clock = clock
        counted = JobFigures(QUEUE, bot_job, bot_job.c.state, waiting=[State.QUEUED.value], unfinished=IS_UNFINISHED)
        counted.register(runtime.figures, runtime.database)
        self.claims = Claims(
            "departure",
            runtime.leases,
            runtime.tasks,
            unfinished=self._unfinished,
            work=self._work,
            at_once=AT_ONCE,
            look_s=look_s,
        )

    async def begin(self, bot: str, options: Options, status_now: dict[str, Any]) -> Job:
        """The intent, with the bot's last status. 404 for an unknown bot, 409 when it is archived or about to be."""
        await self._steps.must_be_possible()
        async with self._database.transaction() as connection:
            run = await runs.locked(connection, bot)
            if run is None:
                raise NotFound(f"There is no bot {bot}.", code="unknown_bot")
            refuse_move(bot, run.deployment_status, DeploymentStatus.ARCHIVED)
            job = await store.add(connection, bot, options)
            if job is None:
                raise Conflict(f"{bot} is being stopped and archived already.", code="bot_leaving")
            final = run.final_status or status_now
            await runs.change(connection, run.id, desired=Desired.ARCHIVED, final_status=final, error_message=None)
        self.claims.wake()
        return job

    async def newest_of(self, bot: str) -> Job:
        async with self._database.single() as connection:
            found = await store.newest_of(connection, bot)
        if found is None:
            raise NotFound(f"{bot} has not been stopped and archived.")
        return found

    async def _unfinished(self) -> Sequence[int]:
        async with self._database.single() as connection:
            return await store.unfinished(connection)

    async def _work(self, job_id: int) -> None:
        async with self._database.single() as connection:
            job = await store.get(connection, job_id)
        if job is None or job.state not in store.UNFINISHED:
            return
        with context.about(bot_name=job.bot_name):
            await self._lead(job)

    async def _lead(self, job: Job) -> None:
        log.info("bot departs", done=list(job.steps))
        try:
            for step, do in self._steps.in_order():
                if step not in job.steps:
                    job = await self._do(job, step, do)
        except BotRefused as error:
            await self._give_up(job, str(error), Desired.RUNNING)
        except (AviaryError, OSError) as error:
            await self._give_up(job, f"It could not be archived: {error}", Desired.STOPPED)
        else:
            await self._finish(job)

    async def _do(self, job: Job, step: str, do: Step) -> Job:
        """A component that is away for a while does not end the job."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                words = await do(job)
                break
            except AviaryError as error:
                if error.status < Unavailable.status:
                    raise
                log.warning("step failed and is tried again", step=step, error=error.detail)
                await self._note_error(job, error.detail)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, MAX_PAUSE_S)
        outcome = {"outcome": words, "at": self._clock().isoformat()}
        async with self._database.transaction() as connection:
            await store.note_step(connection, job.id, step, outcome)
            if step == "end_container":
                await self._note_stopped(connection, job)
            fresh = await store.get(connection, job.id)
        log.info("bot departs", step=step, outcome=words)
        return fresh or job

    async def _note_error(self, job: Job, error: str) -> None:
        async with self._database.single() as connection:
            await store.note_error(connection, job.id, error)

    async def _note_stopped(self, connection: AsyncConnection, job: Job) -> None:
        run = await self._run(connection, job)
        now = self._clock()
        if run.run_status is not RunStatus.STOPPED:
            await runs.change(connection, run.id, run_status=RunStatus.STOPPED, stopped_at=now)
            await self._events.add(connection, BotStopped(bot_name=run.bot_name, account_name=run.account_name, at=now))

    async def _finish(self, job: Job) -> None:
        archive = job.steps["archive"]["outcome"]
        async with self._database.transaction() as connection:
            run = await self._run(connection, job)
            await runs.change(connection, run.id, deployment_status=DeploymentStatus.ARCHIVED)
            await store.end(connection, job.id, State.DONE)
            told = BotArchived(bot_name=run.bot_name, account_name=run.account_name, at=self._clock(), archive=archive)
            await self._events.add(connection, told)
        self._ended(job, State.DONE)

    def _ended(self, job: Job, state: State) -> None:
        jobs.ended(QUEUE, state.value, (self._clock() - job.created_at).total_seconds())

    async def _give_up(self, job: Job, reason: str, desired: Desired) -> None:
        log.error("bot was not archived", reason=reason)
        async with self._database.transaction() as connection:
            run = await self._run(connection, job)
            status = run.run_status if desired is Desired.RUNNING else RunStatus.ERROR
            await runs.change(connection, run.id, desired=desired, run_status=status, error_message=reason)
            await store.end(connection, job.id, State.FAILED, reason)
            told = BotFailed(
                bot_name=run.bot_name, account_name=run.account_name, at=self._clock(), kind="archiving", reason=reason
            )
            await self._events.add(connection, told)
        self._ended(job, State.FAILED)

    async def _run(self, connection: AsyncConnection, job: Job) -> Run:
        run = await runs.locked(connection, job.bot_name)
        assert run is not None, f"the run of {job.bot_name} is gone"  # noqa: S101
        return run
