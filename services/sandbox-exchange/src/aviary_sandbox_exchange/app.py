"""What the venue is made of."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aviary_sandbox_exchange.control.endpoint import Control
from aviary_sandbox_exchange.futures.routes import ROUTES as FUTURES_ROUTES
from aviary_sandbox_exchange.history.warm_up import sum_up_the_past
from aviary_sandbox_exchange.http.dispatch import Dispatch
from aviary_sandbox_exchange.http.plain import Message, Receive, Send, answer_json
from aviary_sandbox_exchange.pairs import ASSETS
from aviary_sandbox_exchange.settings import SandboxSettings
from aviary_sandbox_exchange.spot.routes import ROUTES as SPOT_ROUTES
from aviary_sandbox_exchange.venue import Venue
from aviary_sandbox_exchange.ws.endpoint import WebSockets
from aviary_sandbox_exchange.ws.methods import api_methods
from aviary_sandbox_exchange.ws.publisher import Publisher

log = logging.getLogger(__name__)
RESTART_AFTER_S = 1.0


class Application:
    """An ASGI application; the venue lives from lifespan startup to lifespan shutdown."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings
        self.venue = Venue(settings)
        routes = {**SPOT_ROUTES, **FUTURES_ROUTES}
        self._api = Dispatch(self.venue, routes)
        self._web_sockets = WebSockets(self.venue, api_methods(routes))
        self._publisher = Publisher(self.venue)
        self._control = Control(self.venue) if settings.control else None
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._web_sockets(scope, receive, send)
        elif scope["path"] in ("/healthz", "/readyz"):
            await answer_json(send, 200, {"status": "ok"})
        elif self._control is not None and scope["path"].startswith("/sandbox/"):
            await self._control(scope, receive, send)
        else:
            await self._api(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _start(self) -> None:
        if self._settings.flow:
            self._tasks.append(asyncio.create_task(supervise("flow", lambda: self.venue.flow.run(self.venue.commit))))
        self._tasks.append(asyncio.create_task(supervise("watch", lambda: self.venue.watch.run(self.venue.commit))))
        self._tasks.append(asyncio.create_task(supervise("publisher", self._publisher.run)))
        tapes = [market.tape for market, _ in self.venue.flow.makers.values() if market.pair.base in ASSETS]
        self._tasks.append(asyncio.create_task(sum_up_the_past(tapes)))

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self.venue.connections.drop()
        self.venue.close()


async def supervise(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run ``work`` for good: its death is logged and it starts again."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s died; it starts again in %s s", name, RESTART_AFTER_S)
        await asyncio.sleep(RESTART_AFTER_S)


def create() -> Application:
    return Application(SandboxSettings())
