"""``/healthz`` says the process is alive, ``/readyz`` which dependencies answer, ``/metrics`` is for Prometheus."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, disable_created_metrics, generate_latest

from aviary_common import draining
from aviary_common.figures import Figures, Reading

PUBLIC_PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json"})
CHECK_TIMEOUT_S: Final = 1.5
SCRAPE_TIMEOUT_S: Final = 0.8

DEPENDENCY: Final = Gauge("aviary_dependency_up", "Whether a component that this process needs answers", ["dependency"])

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nobody asks for

Check = Callable[[], Awaitable[object]]


class Probes:
    """Checks are added as the service opens its dependencies; a check passes when it does not raise."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._started = False
        self.figures = Figures()
        self.figures.add("dependencies", self._dependencies)
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
        found = await self._look(CHECK_TIMEOUT_S)
        ready = self._started and all(found.values()) and not draining.has_begun()
        dependencies = {name: "ok" if passed else "down" for name, passed in found.items()}
        body = {"status": "ready" if ready else "not ready", "dependencies": dependencies}
        return JSONResponse(body, 200 if ready else 503)

    async def _look(self, within_s: float) -> dict[str, bool]:
        names = list(self._checks)
        results = await asyncio.gather(*(_passes(self._checks[name], within_s) for name in names))
        return dict(zip(names, results, strict=True))

    async def _dependencies(self) -> Iterable[Reading]:
        found = await self._look(SCRAPE_TIMEOUT_S)
        return [Reading(DEPENDENCY, (name,), passed) for name, passed in found.items()]

    async def _metrics(self) -> Response:
        await self.figures.look()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _passes(check: Check, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            await check()
    except Exception:  # noqa: BLE001 - whatever a dependency raises, the answer is that it is down
        return False
    return True
