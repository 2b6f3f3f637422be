"""The parts that look after bots, and after Gateway, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime
from aviary_common.timestamps import utc_now
from aviary_common.vault import Vault
from aviary_orchestration.archiving.service import Archiving
from aviary_orchestration.bots.commands import Commands
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.broker.service import Broker
from aviary_orchestration.configs.store import ConfigStore
from aviary_orchestration.departures import api as departures_api
from aviary_orchestration.departures import docker_api as departures_docker_api
from aviary_orchestration.departures.removals import Removals
from aviary_orchestration.departures.service import Departures
from aviary_orchestration.departures.steps import Steps
from aviary_orchestration.deployments import api as deployments_api
from aviary_orchestration.deployments.keys import KeyRing
from aviary_orchestration.deployments.plan import Planner
from aviary_orchestration.deployments.service import Deployments
from aviary_orchestration.diagnosis import api as diagnosis_api
from aviary_orchestration.diagnosis.service import Diagnoses
from aviary_orchestration.engine import api as engine_api
from aviary_orchestration.engine.service import Docker
from aviary_orchestration.fleet import api as fleet_api
from aviary_orchestration.fleet.figures import BotFigures
from aviary_orchestration.fleet.service import Fleet
from aviary_orchestration.fleet.sight import Sight
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.gateway.service import GatewayHouse
from aviary_orchestration.lifecycle import api as lifecycle_api
from aviary_orchestration.lifecycle.history import BotHistory
from aviary_orchestration.lifecycle.service import Lifecycle
from aviary_orchestration.records import api as records_api
from aviary_orchestration.records.recorder import Recorder
from aviary_orchestration.records.service import Records
from aviary_orchestration.runs import api as runs_api
from aviary_orchestration.runs.service import Runs
from aviary_orchestration.settings import OrchestrationSettings
from aviary_orchestration.watch.looking import Looking
from aviary_orchestration.watch.watcher import Watcher


@asynccontextmanager
async def looking_after_bots(
    app: FastAPI, runtime: Runtime, settings: OrchestrationSettings, folder: BotsFolder, events: Outbox, broker: Broker
) -> AsyncIterator[None]:
    database, bus, clock = runtime.database, runtime.bus, utc_now
    app.state.runs = runs = Runs(database, folder)
    app.state.docker = docker = Docker(settings, folder, runtime, runs, clock)
    hearing = Hearing()
    commands = Commands(bus, hearing)
    sight = Sight(database, docker.containers, hearing, settings.bot_watch_every_s)
    app.state.records = Records(database)
    app.state.fleet = Fleet(bus, hearing, sight, settings.bots_broker)
    app.state.lifecycle = lifecycle = Lifecycle(
        database, events, runs, docker, hearing, commands, sight, folder, settings, clock
    )
    app.state.bot_history = BotHistory(lifecycle, clock)
    app.state.diagnoses = Diagnoses(database, runs, docker, hearing, sight, folder)
    archiving = Archiving(folder, settings)
    steps = Steps(docker, hearing, commands, broker, archiving, settings)
    app.state.departures = departures = Departures(runtime, events, steps, clock)
    app.state.removals = Removals(database, events, docker, hearing, broker, archiving, folder, clock)
    app.state.deployments = deployments = Deployments(
        database,
        events,
        Planner(ConfigStore(folder.script_configs), ConfigStore(folder.controller_configs)),
        KeyRing(bus, Vault(settings.config_password)),
        broker,
        docker,
        folder,
        BotsFolder(settings.bots_host_dir or folder.root),
        sight,
        settings,
        settings.bots_broker,
        clock,
    )
    looking = Looking(docker.containers, hearing)
    runtime.figures.add("bots", BotFigures(sight, hearing).look)
    runtime.figures.add("bot_restarts", looking.readings)
    watcher = Watcher(runtime, events, hearing, sight, looking, deployments, settings, clock)
    await GatewayHouse(docker, settings).answer_on(bus)
    await hearing.listen(bus)
    await sight.look()
    runtime.tasks.supervise("bot-records", Recorder(bus, database).record_forever)
    runtime.tasks.supervise("bot-sight", sight.look_forever)
    runtime.tasks.supervise("bot-watch", watcher.watch_forever)
    runtime.tasks.supervise("bot-departures", departures.claims.work_forever)
    try:
        yield
    finally:
        await runtime.tasks.close()  # before the threads that they use
        docker.close()


def bot_routers() -> list[APIRouter]:
    return [
        fleet_api.router,  # routes are tried in this order: what is asked most often comes first
        runs_api.router,
        deployments_api.router,
        lifecycle_api.router,
        departures_api.router,
        diagnosis_api.router,
        records_api.router,
        engine_api.router,
        departures_docker_api.router,
    ]
