"""Which sessions listen to their venue right now, in Valkey, where every replica can see it."""

import asyncio
import contextlib
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_common.leases import Lease
from aviary_messages.questions import AwaitSession, SessionState

KEEP_S: Final = 90.0
WAIT_S: Final = 4.0
LOOK_EVERY_S: Final = 0.02


def _key(account_name: str, connector_name: str) -> str:
    return f"session:live:{account_name}:{connector_name}"


class LiveSessions:
    def __init__(self, cache: Redis) -> None:
        self._cache = cache

    async def mark(self, lease: Lease, account_name: str, connector_name: str) -> None:
        """The owner says so after each sweep that its stream has not been interrupted since."""
        await lease.write(_key(account_name, connector_name), "live", ttl_s=KEEP_S)

    async def unmark(self, account_name: str, connector_name: str) -> None:
        """At the end of a session; without Valkey the mark runs out by itself."""
        with contextlib.suppress(RedisError):
            await self._cache.delete(_key(account_name, connector_name))

    async def answer(self, question: AwaitSession) -> SessionState:
        """As soon as the session is live, or not live after a few seconds."""
        deadline = asyncio.get_running_loop().time() + WAIT_S
        live = False
        while not live and asyncio.get_running_loop().time() < deadline:
            live = bool(await self._cache.exists(_key(question.account_name, question.connector_name)))
            if not live:
                await asyncio.sleep(LOOK_EVERY_S)
        return SessionState(live=live)
