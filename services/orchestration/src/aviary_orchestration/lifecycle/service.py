"""Start and stop. Intent is written first; the outcome is what the bot said, or that nobody knows."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import Conflict, DeadlineExceeded, NotFound
from aviary_messages.events import BotStopped
from aviary_orchestration.bots.commands import Commands, Reply
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.configs.store import ConfigStore
from aviary_orchestration.engine.containers import Container
from aviary_orchestration.engine.service import Docker
from aviary_orchestration.fleet.sight import Sight
from aviary_orchestration.fleet.status import status_of
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.lifecycle.settings import LifecycleSettings
from aviary_orchestration.runs import store
from aviary_orchestration.runs.service import Runs
from aviary_orchestration.runs.states import Desired, RunStatus
from aviary_orchestration.runs.store import Change, Run

LOOK_EVERY_S: Final = 0.05


@dataclass(frozen=True)
class Outcome:
    """``by`` is what did it: the bot's own ``command``, or its ``container``."""

    message: str
    by: str


class Lifecycle:
    def __init__(
        self,
        database: Database,
        events: Outbox,
        runs: Runs,
        docker: Docker,
        hearing: Hearing,
        commands: Commands,
        sight: Sight,
        folder: BotsFolder,
        settings: LifecycleSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._events = events
        self._runs = runs
        self._docker = docker
        self._hearing = hearing
        self._commands = commands
        self._sight = sight
        self._folder = folder
        self._settings = settings
        self._clock = clock

    async def start(self, bot: str, params: Mapping[str, Any] | None, command: Mapping[str, Any]) -> Outcome:
        """By command where the bot's release takes it, by its container where not. 409 when it runs already.

        ``params`` go into the bot's own script config first, and such a start is by the container, which reads it.
        """
        run = await self._deployed(bot)
        container = await self._container(bot)
        await self._change(run, desired=Desired.RUNNING)
        if params:
            await asyncio.to_thread(self._configure, run, params)
        if not container.is_up:
            return await self._by_container(bot)
        if params and not self._hearing.of(bot).reports:
            await self._docker.containers.stop(bot)
            return await self._by_container(bot)
        reply = await self._ask(bot, "start", **command)
        if reply.done:
            return Outcome(f"{bot} has started.", "command")
        if self._hearing.of(bot).reports:
            raise Conflict(f"{bot} runs already; it says: {reply.words}", code="bot_running")
        await self._docker.containers.stop(bot)
        return await self._by_container(bot)

    async def stop(self, bot: str, *, skip_order_cancellation: bool, async_backend: bool = False) -> Outcome:
        """409 when the bot refuses, 503 when it does not answer: then it is not known whether it has stopped."""
        run = await self._deployed(bot)
        container = await self._container(bot)
        await self._change(run, desired=Desired.STOPPED)
        final = status_of(bot, self._hearing.of(bot), self._sight.view)
        if not container.is_up:
            await self.note_stopped(run, final)
            return Outcome(f"{bot} has ended before.", "container")
        reply = await self._ask(
            bot, "stop", skip_order_cancellation=skip_order_cancellation, async_backend=async_backend
        )
        if not reply.done:
            await self._change(run, desired=run.desired)
            raise Conflict(f"{bot} did not stop; it says: {reply.words}", code="bot_refused")
        await self.note_stopped(run, final)
        return Outcome(f"{bot} has stopped.", "command")

    async def note_stopped(self, run: Run, final: dict[str, Any]) -> None:
        async with self._database.transaction() as connection:
            values = Change(run_status=RunStatus.STOPPED, stopped_at=self._clock(), final_status=final)
            await store.change(connection, run.id, **values)
            stopped = BotStopped(bot_name=run.bot_name, account_name=run.account_name, at=self._clock())
            await self._events.add(connection, stopped)

    async def ask(self, bot: str, command: str, deadline_s: float | None = None, **data: Any) -> Reply:
        """404 for an unknown bot, 409 when its container does not run, 503 when it does not answer."""
        await self._deployed(bot)
        if not (await self._container(bot)).is_up:
            raise Conflict(f"{bot} does not run.", code="bot_not_running")
        return await self._ask(bot, command, deadline_s, **data)

    async def _ask(self, bot: str, command: str, deadline_s: float | None = None, **data: Any) -> Reply:
        limit_s = deadline_s or self._settings.bot_command_deadline_s
        return await self._commands.send(bot, command, limit_s, **data)

    def _configure(self, run: Run, params: Mapping[str, Any]) -> None:
        if run.config_name is None:
            raise Conflict(f"{run.bot_name} has no script config.", code="no_script_config")
        configs = ConfigStore(self._folder.instance(run.bot_name) / "conf" / "scripts")
        configs.write(run.config_name, {**configs.read(run.config_name), **params})

    async def _by_container(self, bot: str) -> Outcome:
        began = time.monotonic()
        await self._docker.containers.start(bot)
        heard = self._hearing.remember(bot)
        try:
            async with asyncio.timeout(self._settings.bot_start_deadline_s):
                while heard.age_s > time.monotonic() - began:
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            words = f"The container of {bot} runs, and the bot has not said anything yet."
            raise DeadlineExceeded(words, code="bot_silent") from None
        return Outcome(f"{bot} has been started by its container.", "container")

    async def _deployed(self, bot: str) -> Run:
        run = await self._runs.named(bot)
        if not run.is_deployed or run.desired is Desired.ARCHIVED:
            state = "being archived" if run.is_deployed else run.deployment_status.value.lower()
            raise Conflict(f"{bot} is {state}.", code="bot_state")
        return run

    async def _container(self, bot: str) -> Container:
        try:
            return await self._docker.containers.find(bot)
        except NotFound:
            raise Conflict(f"The container of {bot} is gone; deploy it again.", code="container_missing") from None

    async def _change(self, run: Run, *, desired: Desired) -> None:
        async with self._database.single() as connection:
            await store.change(connection, run.id, desired=desired)
