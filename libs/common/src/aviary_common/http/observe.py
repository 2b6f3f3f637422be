"""One request id, one log line and one metric per request."""

import time
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aviary_common import draining, logs, timing
from aviary_common.context import HEADER, new_request_id, request_id

log = logs.get("http")

DURATION: Final = Histogram(
    "aviary_http_request_seconds",
    "Time to answer",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
CRASHES: Final = Counter("aviary_http_crashes_total", "Requests that ended in an unforeseen error", ["service"])
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_HEADER: Final = HEADER.encode()


class Observe:
    def __init__(self, app: ASGIApp, service: str) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        proposed = next((value.decode("latin-1") for name, value in scope["headers"] if name == _HEADER), None)
        current = new_request_id(proposed)
        token = request_id.set(current)
        parts = timing.begin()
        started = time.perf_counter()
        status = 500

        async def with_request_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = [
                    (_HEADER, current.encode()),
                    (b"server-timing", timing.header(parts, time.perf_counter() - started)),
                ]
                if draining.has_begun():
                    own.append((b"connection", b"close"))
                message["headers"] = [*message.get("headers", []), *own]
            await send(message)

        try:
            await self.app(scope, receive, with_request_id)
        finally:
            self._record(scope, status, time.perf_counter() - started)
            request_id.reset(token)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        DURATION.labels(scope["method"], route, status).observe(seconds)
        if status == 500:
            CRASHES.labels(self.service).inc()
        if scope["path"] not in _QUIET:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round(seconds * 1000, 2),
                client=(scope.get("client") or ("-",))[0],
            )
