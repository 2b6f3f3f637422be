"""What the client-id edge is made of: a process of its own, so that bots stay connected when orchestration restarts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_orchestration.mqtt_edge.edge import open_edge
from aviary_orchestration.mqtt_edge.settings import MqttEdgeSettings


def create() -> FastAPI:
    service = Service(MqttEdgeSettings, title="Aviary bots' edge")

    @asynccontextmanager
    async def run(app: FastAPI, _runtime: Runtime) -> AsyncIterator[None]:
        async with open_edge(service.settings) as app.state.edge:
            yield

    return service.app(run, [], openapi_url=None)
