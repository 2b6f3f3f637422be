"""Which feeds are wanted, by any replica: kept in Valkey, where it may be lost, because whoever reads asks again."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from redis.asyncio import Redis

from aviary_market_data.feeds.key import FeedKey

ASKED_AT: Final = "feeds:asked-at"
SIZES: Final = "feeds:sizes"
PINNED: Final = "feeds:pinned"

_ASK: Final = """
for i = 2, #ARGV, 2 do
    redis.call('zadd', KEYS[1], 'gt', ARGV[1], ARGV[i])
    if tonumber(ARGV[i + 1]) > tonumber(redis.call('hget', KEYS[2], ARGV[i]) or '0') then
        redis.call('hset', KEYS[2], ARGV[i], ARGV[i + 1])
    end
end
"""
_FORGET: Final = """
for i = 1, #ARGV do
    redis.call('zrem', KEYS[1], ARGV[i])
    redis.call('hdel', KEYS[2], ARGV[i])
    redis.call('srem', KEYS[3], ARGV[i])
end
"""


@dataclass(frozen=True, slots=True)
class Want:
    """``asked_at`` in epoch seconds; ``size`` is the most levels or records that anybody wants; a pinned feed stays
    until it is removed."""

    asked_at: float
    size: int
    pinned: bool

    def is_idle(self, now: float, timeout_s: float) -> bool:
        return not self.pinned and now - self.asked_at > timeout_s


class Wanted:
    def __init__(self, cache: Redis, clock: Callable[[], float] = time.time) -> None:
        self._cache = cache
        self._clock = clock

    async def ask(self, sizes: Mapping[FeedKey, int]) -> None:
        """Somebody reads these, and wants at least so many levels or records of each."""
        if sizes:
            pairs = [word for key, size in sizes.items() for word in (key.id, size)]
            await self._cache.eval(_ASK, 2, ASKED_AT, SIZES, self._clock(), *pairs)  # type: ignore[misc,unused-ignore]

    async def pin(self, key: FeedKey) -> None:
        await self._cache.sadd(PINNED, key.id)  # type: ignore[misc,unused-ignore]

    async def forget(self, *keys: FeedKey) -> None:
        if keys:
            ids = [key.id for key in keys]
            await self._cache.eval(_FORGET, 3, ASKED_AT, SIZES, PINNED, *ids)  # type: ignore[misc,unused-ignore]

    async def read(self) -> dict[FeedKey, Want]:
        async with self._cache.pipeline(transaction=False) as pipe:
            pipe.zrange(ASKED_AT, 0, -1, withscores=True)
            pipe.hgetall(SIZES)
            pipe.smembers(PINNED)
            answers = await pipe.execute()
        asked = cast(list[tuple[str, float]], answers[0])
        sizes = cast(dict[str, str], answers[1])
        pinned = cast(set[str], answers[2])
        return {FeedKey.from_id(name): Want(at, int(sizes.get(name, 1)), name in pinned) for name, at in asked}
