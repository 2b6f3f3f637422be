"""What the gateway-proxy service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_gateway_proxy.metadata import outbox
from aviary_gateway_proxy.settings import GatewayProxySettings
from aviary_gateway_proxy.to_come import TO_COME
from aviary_gateway_proxy.upstream.address import Finder, FixedAddress
from aviary_gateway_proxy.upstream.budget import open_budget
from aviary_gateway_proxy.upstream.client import Gateway

MIGRATIONS = Path(__file__).parent / "migrations"


def create() -> FastAPI:
    service = Service(GatewayProxySettings, title="Aviary gateway proxy", migrations=MIGRATIONS)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        settings = service.settings
        finder: Finder = FixedAddress(settings)
        app.state.gateway = gateway = Gateway(finder, open_budget(settings, runtime.cache), settings)
        events = Outbox(outbox, runtime.database, runtime.bus)
        runtime.tasks.supervise("outbox", events.publish_forever)
        try:
            yield
        finally:
            await gateway.hang_up()

    return service.app(run, TO_COME)
