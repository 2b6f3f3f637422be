"""One request id, one log line, one metric and one span per request."""

import time
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aviary_common import draining, logs, timing, tracing
from aviary_common.context import HEADER, SUBJECTS, about, new_request_id, note, request_id

log = logs.get("http")

DURATION: Final = Histogram(
    "aviary_http_request_duration_seconds",
    "Time to answer, by route",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
CRASHES: Final = Counter("aviary_http_crashes_total", "Requests that ended in an unforeseen error")
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_HEADER: Final = HEADER.encode()
_PARENT: Final = tracing.PARENT_HEADER.encode()


class Observe:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        current = new_request_id(_header(scope, _HEADER))
        token = request_id.set(current)
        try:
            with about(), self._span(scope):
                await self._answer(scope, receive, send, current)
        finally:
            request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, current: str) -> None:
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

    def _span(self, scope: Scope) -> AbstractContextManager[None]:
        """None for what asks all the time whether we live."""
        if scope["path"] in _QUIET:
            return nullcontext()
        method, path = scope["method"], scope["path"]
        attributes = {"http.request.method": method, "url.path": path}
        return tracing.root(method, "server", _header(scope, _PARENT), attributes)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        """Of what somebody asked for: probes and scrapes would make a service look faster than it is."""
        if scope["path"] in _QUIET:
            return
        method, route = scope["method"], getattr(scope.get("route"), "path", "unmatched")
        DURATION.labels(method, route, status).observe(seconds)
        if status == 500:
            CRASHES.inc()
        note(**{name: value for name, value in scope.get("path_params", {}).items() if name in SUBJECTS})
        tracing.note(
            {"http.route": route, "http.response.status_code": status},
            name=f"{method} {route}",
            failed=status >= 500,
        )
        log.info(
            "request",
            method=method,
            path=scope["path"],
            status=status,
            ms=round(seconds * 1000, 2),
            client=(scope.get("client") or ("-",))[0],
        )


def _header(scope: Scope, wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), None)
