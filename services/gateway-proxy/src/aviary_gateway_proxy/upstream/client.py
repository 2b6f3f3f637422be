"""The one way to Gateway: its door, our deadlines, the budget of all replicas."""

import asyncio
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import httpx
import orjson
from prometheus_client import Histogram

from aviary_common import tracing
from aviary_common.rates.budget import Priority, RateBudget
from aviary_gateway_proxy.upstream.address import Address, Finder
from aviary_gateway_proxy.upstream.errors import Unanswered, away, translated
from aviary_gateway_proxy.upstream.settings import UpstreamSettings

CONNECT_S: Final = 2.0
READY_S: Final = 2.0
IDLE_S: Final = 3.0
"""A connection that is left open longer might be closed under our next request."""

JSON: Final = {"Content-Type": "application/json"}
NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


DURATION: Final = Histogram(
    "aviary_gateway_call_duration_seconds",
    "Calls to Hummingbot Gateway, by the kind of answer",
    ["outcome"],
    buckets=(0.01, 0.05, 0.25, 1, 2.5, 5, 15, 60),
)


@dataclass(frozen=True)
class Answer:
    """``body`` as JSON with its fractions as ``Decimal``, or as text where it is none."""

    status: int
    body: Any
    retry_after: str | None = None

    @property
    def is_good(self) -> bool:
        return self.status < 400


class Gateway:
    """``get``, ``post`` and ``delete`` raise our errors: ``NotFound``, ``BadRequest``, ``Unprocessable``, ``Conflict``
    for a wrong passphrase, ``TooManyRequests``, ``UpstreamFailed``; ``Unavailable`` when nothing was sent, and
    ``Unanswered`` when nobody knows what became of it."""

    def __init__(self, finder: Finder, budget: RateBudget, settings: UpstreamSettings) -> None:
        self._finder = finder
        self._budget = budget
        self._settings = settings
        self._open: tuple[Address, httpx.AsyncClient] | None = None
        self._opening = asyncio.Lock()

    async def get(self, path: str, query: Mapping[str, Any] | None = None, **how: Any) -> Any:
        """``how`` as in ``send``. Values of ``None`` are left out."""
        return _good(await self.send("GET", path, query=query, **how))

    async def post(self, path: str, body: Mapping[str, Any], **how: Any) -> Any:
        return _good(await self.send("POST", path, body=body, **how))

    async def delete(self, path: str, query: Mapping[str, Any] | None = None, **how: Any) -> Any:
        return _good(await self.send("DELETE", path, query=query, **how))

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        priority: Priority = Priority.ACCOUNT,
        deadline_s: float | None = None,
    ) -> Answer:
        """What it answers, good or bad. Raises ``Unavailable``, ``Unanswered``, and ``TooManyRequests`` when the budget
        is spent."""
        started = time.perf_counter()
        outcome = "unanswered"
        try:
            with tracing.span("call gateway", "client", {"http.request.method": method, "url.path": path}):
                answer = await self._send(method, path, query, body, priority, deadline_s)
            outcome = f"{answer.status // 100}xx"
            return answer
        finally:
            DURATION.labels(outcome).observe(time.perf_counter() - started)

    async def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        priority: Priority,
        deadline_s: float | None,
    ) -> Answer:
        address = await self._finder.find()
        await self._budget.spend(1, priority)
        limit_s = deadline_s or self._settings.gateway_deadline_s
        request: dict[str, Any] = {"params": _given(query), "timeout": httpx.Timeout(limit_s, connect=CONNECT_S)}
        if body is not None:
            request |= {"content": orjson.dumps(_given(body), default=str), "headers": JSON}
        try:
            async with asyncio.timeout(limit_s + CONNECT_S):
                answer = await (await self._client(address)).request(method, path, **request)
        except NOT_SENT as error:
            self._finder.forget()
            raise away(address.url) from error
        except (httpx.HTTPError, ssl.SSLError, TimeoutError) as error:
            self._finder.forget()
            if _is_refused(error):
                raise away(address.url) from error
            raise Unanswered(f"Gateway did not answer {method} {path} within {limit_s:g} s.") from error
        self._budget.observe(answer.status_code, answer.headers)
        await self._budget.tell_the_others()
        return Answer(answer.status_code, _content(answer), answer.headers.get("retry-after"))

    async def is_ready(self) -> bool:
        """Whether it answers; that costs nothing of the budget."""
        address = await self._finder.find()
        try:
            answer = await (await self._client(address)).get("/", timeout=READY_S)
        except (httpx.HTTPError, ssl.SSLError):
            return False
        return answer.is_success

    async def hang_up(self) -> None:
        """Before it is restarted, because it kills who is connected; and when its address has changed."""
        self._finder.forget()
        if self._open is not None:
            (_, client), self._open = self._open, None
            await client.aclose()

    async def _client(self, address: Address) -> httpx.AsyncClient:
        async with self._opening:
            if self._open is not None and self._open[0] == address:
                return self._open[1]
            await self.hang_up()
            client = httpx.AsyncClient(
                base_url=address.url,
                verify=await asyncio.to_thread(_context, address),
                limits=httpx.Limits(keepalive_expiry=IDLE_S),
                trust_env=False,
            )
            self._open = (address, client)
            return client


def _context(address: Address) -> ssl.SSLContext | bool:
    if address.door is None:
        return True
    try:
        return address.door.context()
    except (OSError, ssl.SSLError) as error:
        raise away(address.url) from error


def _is_refused(error: Exception) -> bool:
    """Gateway did not like our certificate. It says so after the handshake, when httpx no longer expects it."""
    return isinstance(error, ssl.SSLError) and "ALERT" in (error.reason or "")


def _given(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if value is not None}


def _content(answer: httpx.Response) -> Any:
    """Fractions as exact decimals."""
    try:
        return json.loads(answer.content, parse_float=Decimal)
    except ValueError:
        return answer.text


def _good(answer: Answer) -> Any:
    if not answer.is_good:
        raise translated(answer.status, answer.body, answer.retry_after)
    return answer.body
