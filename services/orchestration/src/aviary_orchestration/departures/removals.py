"""Removing and archiving by a container's name, at once: for bots that nobody has to ask any more."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import Conflict, NotFound
from aviary_messages.events import BotArchived
from aviary_orchestration.archiving.service import Archiving
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.broker.service import Broker
from aviary_orchestration.departures import store as jobs
from aviary_orchestration.engine.containers import Container
from aviary_orchestration.engine.service import Docker
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.runs import store as runs
from aviary_orchestration.runs.states import DeploymentStatus, Desired, RunStatus


class Removals:
    def __init__(
        self,
        database: Database,
        events: Outbox,
        docker: Docker,
        hearing: Hearing,
        broker: Broker,
        archiving: Archiving,
        folder: BotsFolder,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._events = events
        self._hearing = hearing
        self._clock = clock
        self._docker = docker
        self._broker = broker
        self._archiving = archiving
        self._folder = folder

    async def remove(self, name: str, *, locally: bool, bucket: str | None, foreign: bool) -> str:
        """The container ends, running or not; its folder is archived if it has one. In words what became of it."""
        container = await self._docker.containers.ours_named(name, foreign=foreign)
        await self._refuse_leaving(name)
        await self._intend(name)
        if container.is_up:
            await self._docker.containers.stop(name)
        archive = await self._archive(container, locally=locally, bucket=bucket)
        await self._docker.containers.remove(name, force=True)
        if archive is not None:
            await self._note_archived(name, archive)
        return f"{name} is gone. {archive or 'It had no folder.'}"

    async def archive(self, name: str, *, locally: bool, bucket: str | None, remove: bool, foreign: bool) -> str:
        """409 while the container runs, 404 when there is no folder."""
        container = await self._docker.containers.ours_named(name, foreign=foreign)
        await self._refuse_leaving(name)
        if container.is_up:
            raise Conflict(f"{name} is running; stop it first.", code="container_running")
        await self._intend(name)
        archive = await self._archive(container, locally=locally, bucket=bucket)
        if archive is None:
            raise NotFound(f"{name} has no folder.", code="no_instance")
        if remove:
            await self._docker.containers.remove(name)
        await self._note_archived(name, archive)
        return archive

    async def _archive(self, container: Container, *, locally: bool, bucket: str | None) -> str | None:
        name = container.name
        if not await asyncio.to_thread(self._folder.instance(name).is_dir):
            return None
        await self._broker.revoke(name)
        words = await self._archiving.archive(name, locally=locally, bucket=bucket)
        self._hearing.forget(name)
        return words

    async def _intend(self, name: str) -> None:
        """So that nobody takes its end for a failure."""
        async with self._database.transaction() as connection:
            run = await runs.locked(connection, name)
            if run is not None and run.is_deployed:
                await runs.change(connection, run.id, desired=Desired.ARCHIVED)

    async def _note_archived(self, name: str, archive: str) -> None:
        now = self._clock()
        async with self._database.transaction() as connection:
            run = await runs.locked(connection, name)
            if run is None or not run.is_deployed:
                return
            await runs.change(
                connection,
                run.id,
                desired=Desired.ARCHIVED,
                deployment_status=DeploymentStatus.ARCHIVED,
                run_status=RunStatus.STOPPED,
                stopped_at=run.stopped_at or now,
            )
            told = BotArchived(bot_name=name, account_name=run.account_name, at=now, archive=archive)
            await self._events.add(connection, told)

    async def _refuse_leaving(self, name: str) -> None:
        async with self._database.single() as connection:
            job = await jobs.newest_of(connection, name)
        if job is not None and job.state in jobs.UNFINISHED:
            raise Conflict(f"{name} is being stopped and archived already.", code="bot_leaving")
