"""The steps, in order. Each can be repeated: it may have been done by a replica that died before it could say so."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aviary_common.errors import DeadlineExceeded, NotFound
from aviary_orchestration.archiving.service import Archiving
from aviary_orchestration.bots.commands import Commands
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.broker.service import Broker
from aviary_orchestration.departures.store import Job
from aviary_orchestration.engine.service import Docker
from aviary_orchestration.lifecycle.settings import LifecycleSettings

Step = Callable[[Job], Awaitable[str]]
"""Returns its outcome in words."""

LOOK_EVERY_S: Final = 0.1


class BotRefused(Exception):
    """The bot said that it does not stop: nothing more is done to it."""


class Steps:
    def __init__(
        self,
        docker: Docker,
        hearing: Hearing,
        commands: Commands,
        broker: Broker,
        archiving: Archiving,
        settings: LifecycleSettings,
    ) -> None:
        self._docker = docker
        self._hearing = hearing
        self._commands = commands
        self._broker = broker
        self._archiving = archiving
        self._settings = settings

    async def must_be_possible(self) -> None:
        await self._docker.engine.must_run()

    def in_order(self) -> Sequence[tuple[str, Step]]:
        return (
            ("stop", self._stop),
            ("end_container", self._end_container),
            ("revoke", self._revoke),
            ("archive", self._archive),
            ("remove_container", self._remove_container),
        )

    async def _stop(self, job: Job) -> str:
        if not await self._is_up(job.bot_name):
            return "Its container had ended before."
        try:
            reply = await self._commands.send(
                job.bot_name,
                "stop",
                self._settings.bot_command_deadline_s,
                skip_order_cancellation=job.options.skip_order_cancellation,
                async_backend=False,
            )
        except DeadlineExceeded as error:
            return f"{error.detail} Its container is stopped next."
        if not reply.done:
            raise BotRefused(f"{job.bot_name} did not stop; it says: {reply.words}")
        return await self._settle(job.bot_name)

    async def _settle(self, bot: str) -> str:
        """A bot reports nothing for its controllers once it has stopped."""
        try:
            async with asyncio.timeout(self._settings.bot_settle_s):
                while self._hearing.of(bot).reports:
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            return "The bot said that it stopped, and went on reporting."
        return "The bot said that it stopped."

    async def _end_container(self, job: Job) -> str:
        try:
            await self._docker.containers.stop(job.bot_name)
        except NotFound:
            return "There was no container."
        return "The container has ended."

    async def _revoke(self, job: Job) -> str:
        await self._broker.revoke(job.bot_name)
        self._hearing.forget(job.bot_name)
        return "Its login to the broker is gone."

    async def _archive(self, job: Job) -> str:
        """Where the archive is."""
        options = job.options
        return await self._archiving.archive(job.bot_name, locally=options.archive_locally, bucket=options.s3_bucket)

    async def _remove_container(self, job: Job) -> str:
        try:
            await self._docker.containers.remove(job.bot_name, force=True)
        except NotFound:
            return "There was no container."
        return "The container is gone."

    async def _is_up(self, bot: str) -> bool:
        try:
            return (await self._docker.containers.find(bot)).is_up
        except NotFound:
            return False
