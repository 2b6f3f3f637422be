"""The one replica that watches: it notes what has started and what is wrong, samples, and tidies up."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common import logs
from aviary_common.database.outbox import Outbox
from aviary_common.errors import AviaryError
from aviary_common.leases import Lease
from aviary_common.runtime import Runtime
from aviary_messages.events import BotFailed, BotStarted
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.deployments.service import DEADLINE_S, Deployments
from aviary_orchestration.fleet.sight import Sight, View
from aviary_orchestration.records import samples
from aviary_orchestration.records import store as records
from aviary_orchestration.records.samples import Sample
from aviary_orchestration.runs import store as runs
from aviary_orchestration.runs.states import DeploymentStatus, Desired, RunStatus
from aviary_orchestration.runs.store import Change, Run
from aviary_orchestration.watch import store
from aviary_orchestration.watch.compare import Kind, Problem, problems
from aviary_orchestration.watch.looking import Looking
from aviary_orchestration.watch.settings import WatchSettings

log = logs.get(__name__)

TIDY_EVERY: Final = timedelta(hours=1)
MAX_CONTROLLER: Final = 128
LEFT_AFTER: Final = timedelta(seconds=DEADLINE_S + 30)


class Watcher:
    def __init__(
        self,
        runtime: Runtime,
        events: Outbox,
        hearing: Hearing,
        sight: Sight,
        looking: Looking,
        deployments: Deployments,
        settings: WatchSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = runtime.database
        self._leases = runtime.leases
        self._events = events
        self._hearing = hearing
        self._sight = sight
        self._looking = looking
        self._deployments = deployments
        self._settings = settings
        self._clock = clock
        self._tidied_at: datetime | None = None
        self._sample_due_at: datetime | None = None

    async def watch_forever(self) -> None:
        """Give it to ``Tasks.supervise``, in every replica: one of them watches at a time."""
        await self._leases.hold("bot-watch", self._watch)

    async def _watch(self, _lease: Lease) -> None:
        self._sample_due_at = None
        while True:
            view = await self._sight.next()
            await self._take_back_leftovers(view)
            await self._note_started(view)
            if view.docker_problem is None:
                await self._note_problems(view)
            await self._sample(view)
            await self._tidy()

    async def _take_back_leftovers(self, view: View) -> None:
        """Deployments whose replica died half way, or could not clear away what had failed."""
        before = self._clock() - LEFT_AFTER
        for run in view.runs.values():
            if run.deployment_status is DeploymentStatus.DEPLOYING and (run.error_message or run.deployed_at < before):
                try:
                    await self._deployments.take_back(run)
                except AviaryError as error:
                    log.warning("deployment could not be taken back yet", bot=run.bot_name, error=error.detail)

    async def _note_started(self, view: View) -> None:
        """A bot runs when it is heard: not when it was told to, nor when its container started."""
        for run in view.runs.values():
            if self._has_started(run, view):
                async with self._database.transaction() as connection:
                    values = Change(run_status=RunStatus.RUNNING, stopped_at=None, error_message=None)
                    await runs.change(connection, run.id, **values)
                    told = BotStarted(bot_name=run.bot_name, account_name=run.account_name, at=self._clock())
                    await self._events.add(connection, told)

    def _has_started(self, run: Run, view: View) -> bool:
        """What it said before it ended is still in mind: so its container must be up, and nothing wrong with it."""
        if run.run_status is RunStatus.RUNNING or run.desired is not Desired.RUNNING or not run.is_deployed:
            return False
        heard, container = self._hearing.of(run.bot_name), view.containers.get(run.bot_name)
        if not heard.recently_active or container is None or not container.is_up or run.bot_name in view.problems:
            return False
        return run.run_status is RunStatus.CREATED or bool(heard.reports)

    async def _note_problems(self, view: View) -> None:
        found = problems(list(view.runs.values()), await self._looking.at(view))
        if {known.problem for each in view.problems.values() for known in each} == set(found):
            return
        async with self._database.transaction() as connection:
            found = [each for each in found if await _is_unchanged(connection, each.bot_name, view)]
            for fresh in await store.replace(connection, found):
                log.warning("bot has a problem", bot=fresh.bot_name, kind=fresh.kind.value, detail=fresh.detail)
                run = view.runs.get(fresh.bot_name)
                if run is not None and fresh.kind in (Kind.ENDED, Kind.CRASH_LOOP, Kind.MISSING):
                    await runs.change(connection, run.id, run_status=RunStatus.ERROR, error_message=fresh.detail)
                account = run.account_name if run is not None else ""
                await self._events.add(connection, self._failed(fresh, account))

    def _failed(self, problem: Problem, account: str) -> BotFailed:
        return BotFailed(
            bot_name=problem.bot_name,
            account_name=account,
            at=self._clock(),
            kind=problem.kind.value,
            reason=problem.detail,
        )

    async def _sample(self, view: View) -> None:
        """Also after another replica: the newest sample tells when the next one is due."""
        now, every = self._clock(), timedelta(seconds=self._settings.bot_sample_every_s)
        if self._sample_due_at is not None and now < self._sample_due_at:
            return
        if taken := self._samples(view, now):
            async with self._database.single() as connection:
                newest = await samples.newest_at(connection)
                if newest is None or now - newest >= every:
                    await samples.add(connection, taken)
                    newest = now
            self._sample_due_at = newest + every

    def _samples(self, view: View, now: datetime) -> Sequence[Sample]:
        return [
            Sample(now, bot, controller[:MAX_CONTROLLER], "running", report["performance"], report["custom_info"])
            for bot in view.runs
            if (heard := self._hearing.of(bot)).recently_active
            for controller, report in heard.reports.items()
        ]

    async def _tidy(self) -> None:
        now = self._clock()
        if self._tidied_at is None or now - self._tidied_at > TIDY_EVERY:
            async with self._database.single() as connection:
                await records.forget_before(connection, now - timedelta(days=self._settings.bot_log_keep_days))
            self._tidied_at = now


async def _is_unchanged(connection: AsyncConnection, bot: str, view: View) -> bool:
    """What it should be doing may have changed since it was looked at: then nothing is wrong yet. The others wait."""
    then, now = view.runs.get(bot), await runs.locked(connection, bot)
    if then is None:
        return now is None or now.deployment_status not in (DeploymentStatus.DEPLOYING, DeploymentStatus.DEPLOYED)
    return now is not None and (now.desired, now.deployment_status) == (then.desired, then.deployment_status)
