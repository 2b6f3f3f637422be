"""A connection to NATS under one of the names that look after the broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import nats
from nats.aio.client import Client
from pydantic import SecretStr

from aviary_common import logs
from aviary_common.errors import Unavailable

log = logs.get(__name__)

RECONNECT_EVERY_S: Final = 0.2
"""A restarted NATS refuses every bot until a responder is back."""


@dataclass(frozen=True)
class Connection:
    client: Client
    _ended: asyncio.Event

    async def lost(self) -> None:
        """Wait until the client has given up for good, which it does when it is told that its login is wrong."""
        await self._ended.wait()
        raise Unavailable("nats")

    async def in_force(self) -> None:
        """Return once the server knows our subscriptions: a ping overtakes what is still to be written, the next one
        comes after it."""
        await self.client.flush()
        await self.client.flush()


@asynccontextmanager
async def open_connection(servers: str, user: str, password: SecretStr) -> AsyncIterator[Connection]:
    """Waits for NATS, and reconnects for ever."""
    ended = asyncio.Event()

    async def on_error(error: Exception) -> None:
        log.warning("nats error", user=user, error=str(error), kind=type(error).__name__)

    async def on_disconnect() -> None:
        log.warning("nats disconnected", user=user)

    async def on_reconnect() -> None:
        log.info("nats reconnected", user=user)

    async def on_close() -> None:
        ended.set()

    client = await nats.connect(
        servers.split(","),
        user=user,
        password=password.get_secret_value(),
        name=f"orchestration {user}",
        inbox_prefix=f"_INBOX_{user}".encode(),
        connect_timeout=2,
        reconnect_time_wait=RECONNECT_EVERY_S,
        max_reconnect_attempts=-1,
        ping_interval=5,
        max_outstanding_pings=2,
        error_cb=on_error,
        disconnected_cb=on_disconnect,
        reconnected_cb=on_reconnect,
        closed_cb=on_close,
    )
    try:
        yield Connection(client, ended)
    finally:
        await client.close()
