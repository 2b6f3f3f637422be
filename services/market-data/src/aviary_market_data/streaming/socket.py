"""One reader's WebSocket: what it asks for is answered in order, and what it follows is told at its own pace.

Each subscription is a task that looks, tells the newest state if there is any news, and sleeps. A reader that does not
keep up holds up nothing but its own tasks: they tell it the newest state when it is ready, and nothing queues up.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Mapping
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from aviary_common.cancelling import end
from aviary_common.errors import AviaryError
from aviary_market_data.streaming.source import StreamSource, parse
from aviary_market_data.streaming.subscription import Told

HEARTBEAT_S: Final = 30.0
SENT_WITHIN_S: Final = 30.0
"""Whoever takes nothing for so long is gone."""
SUBSCRIPTIONS_MAX: Final = 200
UNDISTURBED_S: Final = 0.2
"""After each message of the reader nothing is told for so long: the official client takes the next message, whatever
it is, as the reply to the next thing that it asks."""


class Reader:
    def __init__(self, websocket: WebSocket, source: StreamSource) -> None:
        self._websocket = websocket
        self._source = source
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._asked_at = float("-inf")

    async def serve(self) -> None:
        """Until the reader leaves, or takes nothing any more."""
        await self._send(type="connected", connection_id=secrets.token_hex(4))
        beating = asyncio.create_task(self._beat())
        hearing = asyncio.create_task(self._hear())
        try:
            await asyncio.wait({beating, hearing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(beating, hearing, *self._telling.values())

    async def _hear(self) -> None:
        try:
            while True:
                text = await self._websocket.receive_text()
                self._asked_at = time.monotonic()
                await self._answer(text)
        except (WebSocketDisconnect, TimeoutError, KeyError):  # KeyError: bytes instead of text
            return

    async def _answer(self, text: str) -> None:
        try:
            await self._do(_read(text))
        except AviaryError as error:
            await self._send(type="error", message=error.detail)
        except ValueError as error:
            await self._send(type="error", message=str(error))

    async def _do(self, message: Mapping[str, object]) -> None:
        match message.get("action"):
            case "subscribe":
                await self._subscribe(message)
            case "unsubscribe":
                await self._unsubscribe(str(message.get("subscription_id", "")))
            case "ping":
                await self._send(type="pong")
            case other:
                raise ValueError(f"Unknown action {other!r}; there are subscribe, unsubscribe and ping.")

    async def _subscribe(self, message: Mapping[str, object]) -> None:
        """The reply goes out before any news; a second subscription of the same id takes the place of the first."""
        told = await self._source.subscribe(parse(message))
        if len(self._telling) >= SUBSCRIPTIONS_MAX and told.id not in self._telling:
            raise ValueError(f"A connection has at most {SUBSCRIPTIONS_MAX} subscriptions.")
        await self._stop(told.id)
        await self._send(type="subscribed", subscription_id=told.id)
        self._telling[told.id] = asyncio.create_task(self._tell(told))

    async def _unsubscribe(self, subscription_id: str) -> None:
        if subscription_id not in self._telling:
            raise ValueError(f"There is no subscription {subscription_id!r}.")
        await self._stop(subscription_id)
        await self._send(type="unsubscribed", subscription_id=subscription_id)

    async def _stop(self, subscription_id: str) -> None:
        task = self._telling.pop(subscription_id, None)
        if task is not None:
            await end(task)

    async def _tell(self, told: Told) -> None:
        try:
            while True:
                while (pause_s := self._asked_at + UNDISTURBED_S - time.monotonic()) > 0:
                    await asyncio.sleep(pause_s)
                self._source.follow(told)
                if (text := told.news()) is not None:
                    await self._send_text(text)
                await asyncio.sleep(told.wanted.every_s)
        except AviaryError as error:
            del self._telling[told.id]
            await self._send(type="error", subscription_id=told.id, message=error.detail)
        except (WebSocketDisconnect, TimeoutError):
            return

    async def _beat(self) -> None:
        try:
            while True:
                await asyncio.sleep(HEARTBEAT_S)
                await self._send(type="heartbeat")
        except (WebSocketDisconnect, TimeoutError):
            return

    async def _send(self, **message: str) -> None:
        await self._send_text(json.dumps({**message, "timestamp": time.time()}))

    async def _send_text(self, text: str) -> None:
        async with asyncio.timeout(SENT_WITHIN_S):
            await self._websocket.send_text(text)


def _read(text: str) -> Mapping[str, object]:
    try:
        message = json.loads(text)
    except ValueError:
        raise ValueError("Messages are JSON objects.") from None
    if not isinstance(message, dict):
        raise ValueError("Messages are JSON objects.")
    return message
