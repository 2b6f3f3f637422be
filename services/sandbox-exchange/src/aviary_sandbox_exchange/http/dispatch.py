"""One request: count it, check who asks, run the handler, make it durable, answer - or fail as a test ordered."""

import asyncio
import logging
from dataclasses import dataclass

import orjson

from aviary_sandbox_exchange.errors import Banned, Reason, VenueError
from aviary_sandbox_exchange.faults import BEFORE, Fault
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.http.params import Params
from aviary_sandbox_exchange.http.plain import Message, Receive, Send, read_body
from aviary_sandbox_exchange.http.transport import abort_connection
from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.signatures import (
    MAX_WINDOW_MS,
    check_key,
    check_signature,
    check_timestamp,
    without_signature,
)
from aviary_sandbox_exchange.venue import Venue

Headers = list[tuple[bytes, bytes]]

log = logging.getLogger(__name__)

JSON: Headers = [(b"content-type", b"application/json;charset=UTF-8")]
FUTURES_PREFIXES = ("/fapi/", "/futures/", "/dapi/")


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes
    headers: Headers


@dataclass(slots=True)
class Request:
    method: str
    path: str
    query: str
    body: str
    api_key: str | None

    @property
    def side(self) -> Side:
        return "futures" if self.path.startswith(FUTURES_PREFIXES) else "spot"


class Dispatch:
    def __init__(self, venue: Venue, routes: Routes) -> None:
        self._venue = venue
        self._routes = routes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        request = await _read(scope, receive)
        faults = self._venue.faults.strike(request.method, request.path, request.api_key)
        for fault in faults:
            if fault.kind == "delay":
                await asyncio.sleep(fault.delay_ms / 1000)
            elif fault.kind == "drop_before":
                await _cut(receive, send)
                return
        answer = _faulty(faults) or self.answer(request)
        for fault in faults:
            if fault.kind == "drop_after":
                await _cut(receive, send)
                return
            if fault.kind == "status_after":
                answer = _refusal(VenueError(Reason.BACKEND_TIMEOUT), fault.status)
            elif fault.kind == "truncate_after":
                answer.body = answer.body[: len(answer.body) // 2]
        await _send(send, answer)

    def answer(self, request: Request) -> Answer:
        """Everything the answer tells of is durable when this returns."""
        venue = self._venue
        caller: str | None = None
        try:
            endpoint = self._routes.get((request.method, request.path))
            if endpoint is None:
                raise VenueError(Reason.NO_SUCH_PATH, path=f"{request.method} {request.path}")
            params = Params.decoded(request.query, request.body)
            venue.limits.use(endpoint.side, endpoint.weigh(params))
            caller = self._authenticate(endpoint, request, params)
            if endpoint.places and caller is not None:
                venue.limits.count_order(endpoint.side, caller)
            result = endpoint.handler(Call(venue, endpoint.side, params, caller))
            answer = Answer(200, orjson.dumps(result), list(JSON))
        except VenueError as refusal:
            answer = _refusal(refusal)
            endpoint = None
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            answer = _refusal(VenueError(Reason.UNKNOWN))
            endpoint = None
        finally:
            venue.commit()
        counted = caller if endpoint is not None and endpoint.places else None
        answer.headers += venue.limits.headers(request.side, counted)
        return answer

    def _authenticate(self, endpoint: Endpoint, request: Request, params: Params) -> str | None:
        if endpoint.security is Security.NONE:
            return None
        api_key = check_key(request.api_key)
        if endpoint.security is Security.SIGNED:
            check_signed(
                api_key, params, without_signature(request.query) + without_signature(request.body), self._venue
            )
        return self._venue.accounts.open(api_key)


def check_signed(api_key: str, params: Params, payload: str, venue: Venue) -> None:
    """The order of these checks is Binance's: timestamp present, signature, then the time window."""
    timestamp_ms = params.integer("timestamp")
    window_ms = params.find_integer("recvWindow")
    if window_ms is not None and window_ms > MAX_WINDOW_MS:
        raise VenueError(Reason.BAD_PARAMETER, name="recvWindow")
    check_signature(api_key, payload, params.find("signature"))
    check_timestamp(timestamp_ms, window_ms, venue.clock.now_ms())


def _faulty(faults: list[Fault]) -> Answer | None:
    """The answer of a fault that strikes before the engine sees the request."""
    for fault in faults:
        if fault.kind not in BEFORE:
            continue
        if fault.kind == "status_before":
            return _refusal(VenueError(Reason.BACKEND_TIMEOUT), fault.status)
        if fault.kind == "rate_limit":
            return _refusal(Banned(Reason.TOO_MANY_REQUESTS, retry_after_s=fault.retry_after_s, limit=0))
        if fault.kind == "ban":
            return _refusal(Banned(Reason.BANNED, retry_after_s=fault.retry_after_s, until_ms=0))
    return None


def _refusal(refusal: VenueError, status: int | None = None) -> Answer:
    headers = list(JSON)
    if isinstance(refusal, Banned):
        headers.append((b"retry-after", str(refusal.retry_after_s).encode()))
    body = orjson.dumps({"code": refusal.code, "msg": refusal.message})
    return Answer(status or refusal.status, body, headers)


async def _read(scope: Message, receive: Receive) -> Request:
    body = b"" if scope["method"] in ("GET", "HEAD") else await read_body(receive)
    api_key = None
    for name, value in scope["headers"]:
        if name == b"x-mbx-apikey":
            api_key = value.decode("latin-1")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        body=body.decode("utf-8", "replace"),
        api_key=api_key,
    )


async def _send(send: Send, answer: Answer) -> None:
    length = (b"content-length", str(len(answer.body)).encode())
    await send({"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, length]})
    await send({"type": "http.response.body", "body": answer.body})


async def _cut(receive: Receive, send: Send) -> None:
    """Close the connection with nothing sent; waits until the server has noticed, else it would answer 500."""
    abort_connection(send)
    while (await receive())["type"] != "http.disconnect":
        pass
