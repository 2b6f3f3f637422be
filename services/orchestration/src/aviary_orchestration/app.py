"""What the orchestration service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI

from aviary_common import disk
from aviary_common.confined.settings import ConfinedSettings
from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_common.settings import load
from aviary_messages.questions import GetControllerConfig, GetControllerSource
from aviary_orchestration.archives import api as archives_api
from aviary_orchestration.archives.service import Archives
from aviary_orchestration.bots.own import OwnBots, require_own_bot
from aviary_orchestration.broker.service import open_broker
from aviary_orchestration.configs.forms import ControllerForm, ScriptForm
from aviary_orchestration.configs.service import Configs
from aviary_orchestration.configs.store import ConfigStore
from aviary_orchestration.controllers import api as controllers_api
from aviary_orchestration.controllers.bots import BotConfigs
from aviary_orchestration.controllers.service import Controllers
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.looking_after import bot_routers, looking_after_bots
from aviary_orchestration.metadata import outbox
from aviary_orchestration.rights import RIGHTS
from aviary_orchestration.runs.service import Runs
from aviary_orchestration.scripts import api as scripts_api
from aviary_orchestration.scripts.service import Scripts
from aviary_orchestration.settings import OrchestrationSettings
from aviary_orchestration.system import api as system_api
from aviary_orchestration.system.fresh import Fresh
from aviary_orchestration.system.resources import Machine
from aviary_orchestration.system.settings import HostSettings
from aviary_orchestration.system.storage import BotsStorage
from aviary_orchestration.user_code.service import UserCode

MIGRATIONS = Path(__file__).parent / "migrations"
RESOURCES_MAX_AGE_S = 1.0
STORAGE_MAX_AGE_S = 10.0


def create() -> FastAPI:
    service = Service(OrchestrationSettings, title="Aviary orchestration", migrations=MIGRATIONS)
    host = load(HostSettings)
    confined = load(ConfinedSettings)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        settings = service.settings
        app.state.folder = folder = BotsFolder(settings.bots_dir)
        folder.prepare()
        disk.register(runtime.figures, "bots", settings.bots_dir)
        app.state.archives = archives = Archives(folder, Runs(runtime.database, folder).forget)
        await archives.prepare()
        app.state.resources = Fresh(Machine(host).look, RESOURCES_MAX_AGE_S)
        app.state.storage = Fresh(BotsStorage(folder).look, STORAGE_MAX_AGE_S)
        user_code = UserCode(allow_unconfined=confined.allow_unconfined_code)
        app.state.controllers = controllers = Controllers(folder, user_code)
        app.state.controller_configs = controller_configs = Configs(
            ConfigStore(folder.controller_configs), ControllerForm(), controllers.doubts
        )
        app.state.own_bots = OwnBots(runtime.database)
        app.state.bot_configs = BotConfigs(folder)
        app.state.scripts = scripts = Scripts(folder, user_code)
        app.state.script_configs = Configs(ConfigStore(folder.script_configs), ScriptForm(), scripts.doubts)
        events = Outbox(outbox, runtime.database, runtime.bus)
        events.register(runtime.figures)
        service.audit.through(events)
        runtime.tasks.supervise("outbox", events.publish_forever)
        await runtime.bus.answer(GetControllerConfig, controller_configs.answer)
        await runtime.bus.answer(GetControllerSource, controllers.answer)
        try:
            async with (
                open_broker(settings, runtime.database, runtime.tasks) as broker,
                looking_after_bots(app, runtime, settings, folder, events, broker),
            ):
                app.state.broker = broker
                yield
        finally:
            await user_code.close()

    bots = APIRouter(dependencies=[Depends(require_own_bot)])
    for router in (*bot_routers(), controllers_api.router):
        bots.include_router(router)
    others = [archives_api.router, scripts_api.router, system_api.router]
    return service.app(run, [bots, *others], rights=RIGHTS)
