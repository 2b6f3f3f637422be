"""A deployment, step by step, and each step with the one that takes it back."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from aviary_common import logs
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import AviaryError, Conflict, DeadlineExceeded, NotFound
from aviary_messages.events import BotDeployed, BotFailed
from aviary_orchestration.broker.service import Broker
from aviary_orchestration.deployments import container, instance
from aviary_orchestration.deployments.keys import KeyRing, new_password
from aviary_orchestration.deployments.names import candidates
from aviary_orchestration.deployments.plan import Plan, Planner
from aviary_orchestration.deployments.schemas import NewControllers, NewDeployment, NewScript
from aviary_orchestration.deployments.settings import DeploymentSettings
from aviary_orchestration.engine import images
from aviary_orchestration.engine.service import Docker
from aviary_orchestration.fleet.sight import Sight
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.runs import store as runs
from aviary_orchestration.runs.states import DeploymentStatus, RunStatus
from aviary_orchestration.runs.store import NewRun, Run

log = logs.get(__name__)

DEADLINE_S: Final = 90.0
"""Of a whole deployment; one that is older and not finished has been left by a replica that died."""


class Deployments:
    def __init__(
        self,
        database: Database,
        events: Outbox,
        planner: Planner,
        keys: KeyRing,
        broker: Broker,
        docker: Docker,
        folder: BotsFolder,
        host: BotsFolder,
        sight: Sight,
        settings: DeploymentSettings,
        broker_address: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._events = events
        self._planner = planner
        self._keys = keys
        self._broker = broker
        self._docker = docker
        self._folder = folder
        self._host = host
        self._sight = sight
        self._settings = settings
        self._broker_address = broker_address
        self._clock = clock

    async def script(self, new: NewScript) -> tuple[Run, Plan]:
        return await self._deploy(new, partial(self._planner.of_script, new))

    async def controllers(self, new: NewControllers) -> tuple[Run, Plan]:
        return await self._deploy(new, partial(self._planner.of_controllers, new))

    async def _deploy(self, new: NewDeployment, plan_for: Callable[[str], Plan]) -> tuple[Run, Plan]:
        """What can be refused is refused before anything is written."""
        image = await images.must_exist(self._docker.engine, new.image or self._settings.bot_image)
        keys = await self._keys.of(new.credentials_profile)
        run, plan = await self._intend(new, image, plan_for)
        try:
            async with asyncio.timeout(DEADLINE_S):
                password = new_password()
                login = await self._broker.admit(run.bot_name)
                client = instance.client_conf(
                    run.bot_name,
                    login,
                    self._broker_address,
                    gateway_tls=self._settings.bot_certificates_dir is not None,
                )
                await asyncio.to_thread(
                    instance.build, self._folder, run.bot_name, run.account_name, plan, keys, password, client
                )
                await self._start(run, image, plan, headless=new.headless, password=password)
                deployed = await self._note_deployed(run, image)
        except TimeoutError:
            words = f"{run.bot_name} could not be deployed within {DEADLINE_S:g} s."
            await self._give_up(run, words)
            raise DeadlineExceeded(words) from None
        except (AviaryError, OSError) as error:
            await self._give_up(run, str(error))
            raise
        await asyncio.to_thread(self._planner.keep, plan, run.bot_name)
        await self._sight.look()
        return deployed, plan

    async def take_back(self, run: Run) -> None:
        """What has been left of a deployment by a replica that died, or that could not clear it away itself."""
        await self._clear_away(run.bot_name)
        await self._note_failed(run, run.error_message or "The replica that deployed it has ended half way.")

    async def _give_up(self, run: Run, reason: str) -> None:
        """When it cannot be cleared away now, the run keeps its state, and with the reason: the watcher goes on."""
        try:
            await self._clear_away(run.bot_name)
        except (AviaryError, OSError) as error:
            log.warning("deployment could not be taken back yet", bot=run.bot_name, error=str(error))
            async with self._database.single() as connection:
                await runs.change(connection, run.id, error_message=reason)
        else:
            await self._note_failed(run, reason)

    async def _clear_away(self, bot_name: str) -> None:
        await self._remove_container(bot_name)
        await self._broker.revoke(bot_name)
        for name in (bot_name, f".{bot_name}"):
            await asyncio.to_thread(instance.discard, self._folder.instance(name))

    async def _intend(self, new: NewDeployment, image: str, plan_for: Callable[[str], Plan]) -> tuple[Run, Plan]:
        """The name is unique for ever: in one second there may be several."""
        for bot_name in candidates(new.instance_name, self._clock()):
            plan = await asyncio.to_thread(plan_for, bot_name)
            try:
                async with self._database.transaction() as connection:
                    await runs.lock_name(connection, new.instance_name)
                    twins = await runs.twins(connection, new.instance_name)
                    if twins and not new.allow_duplicate:
                        raise Conflict(_twin_words(new.instance_name, twins[0]), code="bot_deployed")
                    return await runs.add(connection, _new_run(new, bot_name, image, plan)), plan
            except IntegrityError:
                continue
        raise AssertionError("there is always another name")

    async def _start(self, run: Run, image: str, plan: Plan, *, headless: bool, password: str) -> None:
        spec = container.Spec(run.bot_name, image, plan.script_config_name, headless, password)
        call = container.create(spec, self._folder, self._host, self._settings, self._docker.containers.labels)
        await self._docker.engine.call(call)
        await self._docker.containers.start(run.bot_name)

    async def _remove_container(self, bot_name: str) -> None:
        """Not one of somebody else that has the same name."""
        containers = self._docker.containers
        try:
            if containers.is_marked(await containers.find(bot_name)):
                await containers.remove(bot_name, force=True)
        except NotFound:
            return

    async def _note_deployed(self, run: Run, image: str) -> Run:
        async with self._database.transaction() as connection:
            deployed = await runs.change(connection, run.id, deployment_status=DeploymentStatus.DEPLOYED)
            told = BotDeployed(
                bot_name=run.bot_name,
                account_name=run.account_name,
                at=self._clock(),
                image=image,
                strategy_name=run.strategy_name,
            )
            await self._events.add(connection, told)
        log.info("bot deployed", bot=run.bot_name, image=image)
        return deployed

    async def _note_failed(self, run: Run, reason: str) -> None:
        log.warning("bot was not deployed", bot=run.bot_name, reason=reason)
        async with self._database.transaction() as connection:
            await runs.change(
                connection,
                run.id,
                deployment_status=DeploymentStatus.FAILED,
                run_status=RunStatus.ERROR,
                error_message=reason,
            )
            told = BotFailed(
                bot_name=run.bot_name, account_name=run.account_name, at=self._clock(), kind="deployment", reason=reason
            )
            await self._events.add(connection, told)


def _new_run(new: NewDeployment, bot_name: str, image: str, plan: Plan) -> NewRun:
    asked: dict[str, Any] = new.model_dump(mode="json", exclude_none=True)
    return NewRun(
        bot_name=bot_name,
        asked_name=new.instance_name,
        strategy_type=plan.strategy_type,
        strategy_name=plan.strategy_name,
        config_name=plan.script_config_name,
        account_name=new.credentials_profile,
        image_version=image,
        deployment_config=asked,
    )


def _twin_words(name: str, twin: Run) -> str:
    return f"{name} is deployed already, as {twin.bot_name}; stop it first, or add allow_duplicate."
