"""What every request of Gateway's meets first: the record, the rate limit, and what the control plane has in store."""

import asyncio
import json
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.gateway_peer.errors import error_body
from tests.gateway_peer.world import Answer, Request, Stage, World


class Door:
    def __init__(self, app: ASGIApp, stage: Stage) -> None:
        self._app = app
        self._stage = stage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        world, body = self._stage.world, await _read(receive)
        script = _script(world, scope["path"])
        messages = await self._answer(world, scope, body, script)
        status = 0 if script and script.lost else int(messages[0]["status"])
        world.requests.append(_record(scope, body, status))
        if scope["method"] != "GET":
            self._stage.log("info", f"{scope['method']} {scope['path']} {status}")
            self._stage.save(world)
        if script and script.delay_s:
            await asyncio.sleep(script.delay_s)
        await _deliver(messages, send, lost=script is not None and script.lost)

    async def _answer(self, world: World, scope: Scope, body: bytes, script: Answer | None) -> list[Message]:
        if (scope["method"], scope["path"]) == ("GET", "/"):
            return await _run(self._app, scope, body)
        verdict = world.limiter.judge(scope["client"][0], world.now_s())
        if not verdict.allowed:
            refusal = {"statusCode": 429, "message": f"Rate limit exceeded, retry in {verdict.wait_s} seconds"}
            return await _run(JSONResponse(refusal, 429, verdict.headers), scope, body)
        if script and script.status:
            status = HTTPStatus(script.status)
            return await _run(JSONResponse(error_body(status, script.message), status, verdict.headers), scope, body)
        messages = await _run(self._app, scope, body)
        messages[0]["headers"] = [
            *messages[0]["headers"],
            *((name.encode(), value.encode()) for name, value in verdict.headers.items()),
        ]
        return messages


def _script(world: World, path: str) -> Answer | None:
    for script in world.answers:
        if script.times > 0 and path.startswith(script.path):
            script.times -= 1
            return script
    return None


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body", False))
    return body


async def _run(app: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    """Everything that the app would send; a restart that it starts afterwards has started."""
    messages: list[Message] = []
    given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return messages


async def _deliver(messages: list[Message], send: Send, *, lost: bool) -> None:
    """A lost answer begins, and then the connection ends."""
    if lost:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        return
    for message in messages:
        await send(message)


def _record(scope: Scope, body: bytes, status: int) -> Request:
    query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    return Request(scope["method"], scope["path"], query, _parsed(body), status)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
