"""What the orchestration service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.metadata import outbox
from aviary_orchestration.settings import OrchestrationSettings
from aviary_orchestration.to_come import TO_COME

MIGRATIONS = Path(__file__).parent / "migrations"


def create() -> FastAPI:
    service = Service(OrchestrationSettings, title="Aviary orchestration", migrations=MIGRATIONS)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        settings = service.settings
        app.state.folder = folder = BotsFolder(settings.bots_dir)
        folder.prepare()
        events = Outbox(outbox, runtime.database, runtime.bus)
        runtime.tasks.supervise("outbox", events.publish_forever)
        yield

    return service.app(run, TO_COME)
