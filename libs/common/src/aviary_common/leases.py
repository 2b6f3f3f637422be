"""Work that must have one owner: a lease in Valkey with a time-to-live and a fencing token.

The token is the server's clock in microseconds, so it rises also when Valkey has lost its data. What an owner writes
under its lease goes through ``Lease.write``, which refuses a writer whose token is older than the last one seen.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from prometheus_client import Counter, Gauge
from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_common import logs
from aviary_common.cancelling import end

log = logs.get(__name__)

TTL_S: Final = 6.0
HELD: Final = Gauge("aviary_leases_held", "Leases that this process holds", ["work"])
ACQUIRED: Final = Counter(
    "aviary_leases_acquired_total", "Leases taken, at once or after waiting for another owner", ["work", "how"]
)
LOST: Final = Counter("aviary_leases_lost_total", "Leases lost while the work was under way", ["work"])

_ACQUIRE: Final = """
if redis.call('exists', KEYS[1]) == 1 then return 0 end
local now = redis.call('time')
local token = now[1] * 1000000 + now[2]
redis.call('set', KEYS[1], ARGV[1] .. ' ' .. string.format('%.0f', token), 'px', ARGV[2])
return token
"""
_RENEW: Final = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('pexpire', KEYS[1], ARGV[2])
"""
_RELEASE: Final = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
_WRITE: Final = """
local fence = tonumber(redis.call('get', KEYS[2]) or '0')
if tonumber(ARGV[1]) < fence then return 0 end
redis.call('set', KEYS[2], ARGV[1], 'px', ARGV[3])
redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
return 1
"""
_TELL: Final = """
local fence = tonumber(redis.call('get', KEYS[1]) or '0')
if tonumber(ARGV[1]) < fence then return 0 end
redis.call('publish', ARGV[2], ARGV[3])
return 1
"""


class LeaseLost(Exception):
    """Somebody else may own the work by now: stop at once."""


@dataclass(frozen=True)
class Lease:
    name: str
    owner: str
    token: int
    cache: Redis
    ttl_s: float = TTL_S

    @property
    def _value(self) -> str:
        return f"{self.owner} {self.token}"

    async def renew(self) -> None:
        if not await _run(self.cache, _RENEW, [_key(self.name)], self._value, _ms(self.ttl_s)):
            raise LeaseLost(self.name)

    async def release(self) -> None:
        await _run(self.cache, _RELEASE, [_key(self.name)], self._value)

    async def write(self, key: str, value: str | bytes, *, ttl_s: float) -> None:
        """Set a key that belongs to the leased work; raises ``LeaseLost`` when a newer owner has written it."""
        if not await _run(self.cache, _WRITE, [key, _fence(key)], self.token, value, _ms(ttl_s)):
            raise LeaseLost(self.name)

    async def tell(self, key: str, channel: str, news: str | bytes) -> None:
        """Tell whoever has subscribed to the channel; raises ``LeaseLost`` when a newer owner has written the key."""
        if not await _run(self.cache, _TELL, [_fence(key)], self.token, channel, news):
            raise LeaseLost(self.name)


class Leases:
    """``owner`` names this replica in the lease, for people who look.

    A lease is renewed three times within its time-to-live, and who waits for one asks twice as often.
    """

    def __init__(self, cache: Redis, owner: str, ttl_s: float = TTL_S) -> None:
        self._cache = cache
        self._owner = owner
        self._ttl_s = ttl_s

    async def acquire(self, name: str) -> Lease | None:
        token = await _run(self._cache, _ACQUIRE, [_key(name)], self._owner, _ms(self._ttl_s))
        return Lease(name, self._owner, token, self._cache, self._ttl_s) if token else None

    async def hold(self, name: str, work: Callable[[Lease], Awaitable[None]]) -> None:
        """Wait for the lease, do the work while it is held, and release it at the end.

        Returns when the work does. When the lease is lost the work is cancelled and ``LeaseLost`` raised; a supervised
        caller then queues for the lease again.
        """
        lease = await self.acquire(name)
        how = "free" if lease is not None else "taken_over"
        await self._do(work, lease or await self._wait_for(name), how)

    async def hold_if_free(self, name: str, work: Callable[[Lease], Awaitable[None]]) -> None:
        """The same, but return at once when somebody else has the lease."""
        if (lease := await self.acquire(name)) is not None:
            await self._do(work, lease, "free")

    async def _do(self, work: Callable[[Lease], Awaitable[None]], lease: Lease, how: str) -> None:
        name = lease.name
        kind = name.partition(":")[0]
        ACQUIRED.labels(kind, how).inc()
        LOST.labels(kind)
        HELD.labels(kind).inc()
        log.info("lease acquired", lease=name, token=lease.token)
        renewing = asyncio.create_task(_keep(lease))
        working = asyncio.create_task(_run_work(work, lease))
        try:
            await asyncio.wait({renewing, working}, return_when=asyncio.FIRST_COMPLETED)
            if renewing.done():
                log.warning("lease lost", lease=name, token=lease.token)
                LOST.labels(kind).inc()
                renewing.result()
            else:
                working.result()
        finally:
            HELD.labels(kind).dec()
            await end(renewing, working)
            with contextlib.suppress(RedisError):
                await lease.release()

    async def free(self, names: Sequence[str]) -> list[str]:
        """Those that nobody holds."""
        if not names:
            return []
        held = await self._cache.mget([_key(name) for name in names])
        return [name for name, holder in zip(names, held, strict=True) if holder is None]

    async def _wait_for(self, name: str) -> Lease:
        while True:
            await asyncio.sleep(self._ttl_s / 6)
            if (lease := await self.acquire(name)) is not None:
                return lease


async def _run_work(work: Callable[[Lease], Awaitable[None]], lease: Lease) -> None:
    await work(lease)


async def _keep(lease: Lease) -> None:
    """Renew until the lease is lost; an unreachable Valkey is forgiven for as long as the lease surely lasts."""
    loop = asyncio.get_running_loop()
    renew_every_s = lease.ttl_s / 3
    held_until = loop.time() + lease.ttl_s
    while True:
        await asyncio.sleep(renew_every_s)
        asked = loop.time()
        try:
            await lease.renew()
        except RedisError as error:
            if loop.time() + renew_every_s >= held_until:
                raise LeaseLost(lease.name) from error
        else:
            held_until = asked + lease.ttl_s


async def _run(cache: Redis, script: str, keys: list[str], *arguments: str | bytes | int) -> int:
    return cast(int, await cache.eval(script, len(keys), *keys, *arguments))  # type: ignore[misc,unused-ignore]


def _key(name: str) -> str:
    return f"lease:{name}"


def _fence(key: str) -> str:
    return f"{key}:fence"


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
