"""One WebSocket: an outgoing queue, so that a slow reader holds up nobody."""

import asyncio
from collections import deque

from aviary_sandbox_exchange.http.plain import Send
from aviary_sandbox_exchange.http.transport import abort_connection

MAX_WAITING = 10_000


class Connection:
    """A reader that falls more than ``MAX_WAITING`` messages behind is cut off, as on Binance."""

    def __init__(self, kind: str, send: Send) -> None:
        self.kind = kind
        self.accounts: set[str] = set()
        self.streams: set[str] = set()
        self._send = send
        self._waiting: deque[str] = deque()
        self._wake = asyncio.Event()

    def push(self, text: str) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self.abort()
            return
        self._waiting.append(text)
        self._wake.set()

    async def write(self) -> None:
        """Send what is pushed, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._send({"type": "websocket.send", "text": self._waiting.popleft()})

    def abort(self) -> None:
        """Cut the TCP connection, without a closing handshake."""
        abort_connection(self._send)


class Connections:
    """Everything that is connected now."""

    def __init__(self) -> None:
        self.open: set[Connection] = set()

    def drop(self, *, kind: str | None = None, account: str | None = None) -> int:
        chosen = [
            connection
            for connection in self.open
            if (kind is None or connection.kind == kind) and (account is None or account in connection.accounts)
        ]
        for connection in chosen:
            connection.abort()
        return len(chosen)
