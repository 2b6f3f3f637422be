"""From a WebSocket's path to what speaks on it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from aviary_sandbox_exchange.http.endpoints import Endpoint
from aviary_sandbox_exchange.http.plain import Message, Receive, Send
from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.venue import Venue
from aviary_sandbox_exchange.ws.api_socket import ApiSocket
from aviary_sandbox_exchange.ws.connection import Connection
from aviary_sandbox_exchange.ws.market_socket import MarketSocket

APIS: dict[str, Side] = {"ws-api": "spot", "ws-fapi": "futures"}
STREAMS = ("ws", "stream", "fstream")
CATEGORIES = ("public", "market", "private")
"""Binance's three futures stream addresses; here they lead to the same streams."""


class Socket(Protocol):
    def receive(self, text: str) -> None: ...

    def close(self) -> None: ...


class WebSockets:
    def __init__(self, venue: Venue, api_methods: Mapping[Side, Mapping[str, Endpoint]]) -> None:
        self._venue = venue
        self._api_methods = api_methods

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        parts = [part for part in scope["path"].split("/") if part]
        if not parts or parts[0] not in (*APIS, *STREAMS):
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept"})
        connection = Connection("api" if parts[0] in APIS else "stream", send)
        socket = self._socket(connection, parts, scope["query_string"].decode("latin-1"))
        await self._speak(connection, socket, receive)

    def _socket(self, connection: Connection, parts: list[str], query: str) -> Socket:
        if (side := APIS.get(parts[0])) is not None:
            return ApiSocket(self._venue, connection, self._api_methods[side], side)
        futures = parts[0] == "fstream"
        rest = parts[1:] if futures else parts
        if rest and rest[0] in CATEGORIES:
            rest = rest[1:]
        combined = bool(rest) and rest[0] == "stream" and rest[1:2] != ["ws"]
        socket = MarketSocket(self._venue, connection, "futures" if futures else "spot", combined=combined)
        socket.open(rest, query)
        return socket

    async def _speak(self, connection: Connection, socket: Socket, receive: Receive) -> None:
        self._venue.connections.open.add(connection)
        writer = asyncio.create_task(connection.write())
        try:
            while (message := await receive())["type"] == "websocket.receive":
                text = message.get("text")
                socket.receive(text if text is not None else message.get("bytes", b"").decode("utf-8", "replace"))
        finally:
            socket.close()
            self._venue.connections.open.discard(connection)
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
