"""The sandbox exchange as it is, with a witness at its door.

It counts every order request per API key and client order id, as it arrives and whatever fault strikes it afterwards;
it can tell a user stream's events twice (``echo``) or ``late``; and it shows the books of many accounts at once.
"""

import asyncio
import re
from collections import Counter, defaultdict
from typing import Any, Final

import orjson
from starlette.types import Message, Receive, Scope, Send

from aviary_sandbox_exchange import app as sandbox
from aviary_sandbox_exchange.control.books import account_view
from aviary_sandbox_exchange.http.plain import answer_json, read_body
from aviary_sandbox_exchange.ws.hub import Hub

ORDER_PATHS: Final = frozenset({"/api/v3/order", "/fapi/v1/order"})
_CLIENT_ID: Final = re.compile(rb"(?:^|[&?])newClientOrderId=([^&]*)")


class Witness:
    def __init__(self, app: sandbox.Application) -> None:
        self._app = app
        self._sent: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._streams = Streams(app.venue.hub)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/chaos/"):
            await self._control(scope["path"], orjson.loads(await read_body(receive)), send)
        elif scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in ORDER_PATHS:
            await self._app(scope, await self._counted(scope, receive), send)
        else:
            await self._app(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive) -> Receive:
        body = await read_body(receive)
        found = _CLIENT_ID.search(scope["query_string"] + b"&" + body)
        key = next((value.decode() for name, value in scope["headers"] if name == b"x-mbx-apikey"), "")
        self._sent[key][found.group(1).decode() if found else ""] += 1
        given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return given.pop() if given else await receive()

        return again

    async def _control(self, path: str, asked: Any, send: Send) -> None:
        if path == "/chaos/books":
            books = {key: {**account_view(self._app.venue, key), "sent": self._sent[key]} for key in asked["keys"]}
            await answer_json(send, 200, books)
        else:
            for key in asked["keys"]:
                self._streams.disturb(key, asked["kind"])
            await answer_json(send, 200, {})


class Streams:
    """Stands between the venue and those who listen to users' events."""

    LATE_S: Final = 0.7

    def __init__(self, hub: Hub) -> None:
        self._publish = hub.publish
        self._disturbed: dict[str, str] = {}
        self._before: dict[str, object] = {}
        hub.publish = self.publish  # type: ignore[method-assign]

    def disturb(self, key: str, kind: str) -> None:
        """``echo``, ``late``, or ``quiet`` for neither."""
        self._disturbed[key] = kind

    def publish(self, topic: str, payload: object) -> None:
        _side, _, key = topic.partition(":user:")
        kind = self._disturbed.get(key) if key else None
        if kind == "late":
            asyncio.get_running_loop().call_later(self.LATE_S, self._publish, topic, payload)
            return
        self._publish(topic, payload)
        if kind == "echo":
            # Each event a second time, after the one that followed it.
            self._publish(topic, self._before.get(topic, payload))
            self._before[topic] = payload


def create() -> Witness:
    return Witness(sandbox.create())
