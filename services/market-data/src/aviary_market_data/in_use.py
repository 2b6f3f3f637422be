"""Which connectors somebody has asked about in the last hours, over all replicas."""

import asyncio
import time
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_common import logs

log = logs.get(__name__)

KEY: Final = "market-data:connectors-in-use"
IN_USE_FOR_S: Final = 3 * 3600
NOTED_EVERY_S: Final = 60.0
ANSWERS_WITHIN_S: Final = 0.1


class ConnectorsInUse:
    """Without Valkey a replica knows only of those that it was asked about itself."""

    def __init__(self, cache: Redis) -> None:
        self._cache = cache
        self._noted_at: dict[str, float] = {}

    async def note(self, connector: str) -> None:
        now = time.time()
        if now - self._noted_at.get(connector, 0.0) < NOTED_EVERY_S:
            return
        self._noted_at[connector] = now
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                await self._cache.zadd(KEY, {connector: now})
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("connector in use not noted", connector=connector, error=str(error))

    async def lately(self) -> list[str]:
        since = time.time() - IN_USE_FOR_S
        here = {connector for connector, at in self._noted_at.items() if at > since}
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                await self._cache.zremrangebyscore(KEY, "-inf", since)
                here.update(str(name) for name in await self._cache.zrange(KEY, 0, -1))
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("connectors in use unknown", error=str(error))
        return sorted(here)
