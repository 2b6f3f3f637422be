"""What the orchestration service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_orchestration.settings import OrchestrationSettings
from aviary_orchestration.to_come import TO_COME


def create() -> FastAPI:
    service = Service(OrchestrationSettings, title="Aviary orchestration")

    @asynccontextmanager
    async def run(_app: FastAPI, _runtime: Runtime) -> AsyncIterator[None]:
        yield

    return service.app(run, TO_COME)
