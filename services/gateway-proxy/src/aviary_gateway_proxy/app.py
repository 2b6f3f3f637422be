"""What the gateway-proxy service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_gateway_proxy.lifecycle import api as lifecycle_api
from aviary_gateway_proxy.lifecycle.opening import open_gateway
from aviary_gateway_proxy.metadata import outbox
from aviary_gateway_proxy.reading import ROUTERS as READING
from aviary_gateway_proxy.reading import Reading
from aviary_gateway_proxy.rights import RIGHTS
from aviary_gateway_proxy.sending import ROUTERS as SENDING
from aviary_gateway_proxy.sending import open_sending
from aviary_gateway_proxy.settings import GatewayProxySettings
from aviary_messages.questions import GetWalletBalances

MIGRATIONS = Path(__file__).parent / "migrations"


def create() -> FastAPI:
    service = Service(GatewayProxySettings, title="Aviary gateway proxy", migrations=MIGRATIONS)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        settings = service.settings
        gateway, app.state.life = open_gateway(settings, runtime)
        app.state.gateway = gateway
        reading = Reading.of(gateway, settings, runtime)
        for name, part in vars(reading).items():
            setattr(app.state, name, part)
        await runtime.bus.answer(GetWalletBalances, reading.wallet_portfolio.answer)
        events = Outbox(outbox, runtime.database, runtime.bus)
        events.register(runtime.figures)
        service.audit.through(events)
        runtime.tasks.supervise("outbox", events.publish_forever)
        try:
            async with open_sending(gateway, reading, runtime, events, settings) as sending:
                for name, part in vars(sending).items():
                    setattr(app.state, name, part)
                yield
        finally:
            await gateway.hang_up()

    return service.app(run, [lifecycle_api.router, *READING, *SENDING], rights=RIGHTS)
