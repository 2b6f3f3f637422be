"""``/healthz`` says the process is alive, ``/readyz`` which dependencies answer, ``/metrics`` is for Prometheus."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from aviary_common import draining

PUBLIC_PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json"})
CHECK_TIMEOUT_S: Final = 1.5

Check = Callable[[], Awaitable[object]]


class Probes:
    """Checks are added as the service opens its dependencies; a check passes when it does not raise."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._started = False
        self.router = APIRouter(include_in_schema=False)
        self.router.add_api_route("/healthz", self._alive)
        self.router.add_api_route("/readyz", self._ready)
        self.router.add_api_route("/metrics", self._metrics)

    def add(self, name: str, check: Check) -> None:
        self._checks[name] = check

    def started(self) -> None:
        """Called once the service has opened everything; before that it is alive, but not ready."""
        self._started = True

    async def _alive(self) -> JSONResponse:
        if draining.has_begun():
            return JSONResponse({"status": "ending"}, 503)
        return JSONResponse({"status": "ok"})

    async def _ready(self) -> JSONResponse:
        names = list(self._checks)
        results = await asyncio.gather(*(_passes(self._checks[name]) for name in names))
        ready = self._started and all(results) and not draining.has_begun()
        dependencies = {name: "ok" if passed else "down" for name, passed in zip(names, results, strict=True)}
        body = {"status": "ready" if ready else "not ready", "dependencies": dependencies}
        return JSONResponse(body, 200 if ready else 503)

    async def _metrics(self) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await check()
    except Exception:  # noqa: BLE001 - whatever a dependency raises, the answer is that it is down
        return False
    return True
