"""A rate window that all replicas share, in Valkey: one round trip for each call to a venue.

What has been spent lies in a hash of a hundred slices of the window, each of which is forgotten as a whole once all of
it is older than the window; so the window is never overdrawn, and at most a hundredth longer than the venue's.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

ANSWERS_WITHIN_S = 0.1
ASKED_AGAIN_AFTER_S = 5.0
SLICES = 100
PREFIX = "aviary:rate"

RESERVE = """
local now_parts = redis.call('TIME')
local now = now_parts[1] * 1000 + math.floor(now_parts[2] / 1000)
local weight, capacity, share = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local window, slice = tonumber(ARGV[4]), tonumber(ARGV[5])
local closed = redis.call('HMGET', KEYS[2], 'all', 'rest')
local open_at = math.max(tonumber(closed[1] or 0), share < 1 and tonumber(closed[2] or 0) or 0)
if open_at > now then return open_at - now end
local spent, total, slices = {}, 0, redis.call('HGETALL', KEYS[1])
for i = 1, #slices, 2 do
  local begins = tonumber(slices[i])
  if begins + slice + window <= now then
    redis.call('HDEL', KEYS[1], slices[i])
  else
    spent[#spent + 1] = {begins, tonumber(slices[i + 1])}
    total = total + tonumber(slices[i + 1])
  end
end
table.sort(spent, function(a, b) return a[1] < b[1] end)
local excess, wait = total + weight - capacity * share, 0
for _, each in ipairs(spent) do
  if excess <= 0.000001 then break end
  excess = excess - each[2]
  wait = each[1] + slice + window - now
end
if wait > 0 then return math.ceil(wait) end
redis.call('HINCRBYFLOAT', KEYS[1], math.floor(now / slice) * slice, weight)
redis.call('PEXPIRE', KEYS[1], window * 2)
return 0
"""
"""Milliseconds to wait. A call dearer than its share goes out alone, as it does in one process."""

BACK_OFF = """
local now_parts = redis.call('TIME')
local till = now_parts[1] * 1000 + math.floor(now_parts[2] / 1000) + tonumber(ARGV[2])
if till > tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0) then
  redis.call('HSET', KEYS[1], ARGV[1], till)
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
end
return 0
"""

Evaluate = Callable[..., Awaitable[Any]]
"""``redis.asyncio.Redis.eval``: a script, the number of keys, the keys, the arguments."""

_log = structlog.get_logger(__name__)


class ValkeyWindow:
    """A ``SharedWindow``. While Valkey does not answer, each process keeps to its own window; the log says so once."""

    def __init__(self, evaluate: Evaluate, *, failures: tuple[type[Exception], ...] = ()) -> None:
        """``failures`` is what the client raises when it cannot do it (``redis.RedisError``), beside the network's."""
        self._evaluate = evaluate
        self._failures: tuple[type[Exception], ...] = (OSError, TimeoutError, *failures)
        self._away_until = 0.0
        self._is_away = False

    async def reserve(self, key: str, weight: float, share: float, *, capacity: float, window_s: float) -> float:
        window_ms = round(window_s * 1000)
        slice_ms = max(window_ms // SLICES, 1)
        wait_ms = await self._ask(
            RESERVE, 2, _spent(key), _closed(key), repr(weight), repr(capacity), repr(share), window_ms, slice_ms
        )
        return wait_ms / 1000

    async def back_off(self, key: str, seconds: float, *, everybody: bool) -> None:
        await self._ask(BACK_OFF, 1, _closed(key), "all" if everybody else "rest", round(seconds * 1000))

    async def _ask(self, script: str, keys: int, *arguments: str | int) -> int:
        """0 where nobody answers: then the process's own window decides."""
        if time.monotonic() < self._away_until:
            return 0
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                answer = int(await self._evaluate(script, keys, *arguments))
        except self._failures as failure:
            self._away_until = time.monotonic() + ASKED_AGAIN_AFTER_S
            if not self._is_away:
                _log.warning("shared rate window not reached: each process keeps its own", error=type(failure).__name__)
            self._is_away = True
            return 0
        self._is_away = False
        return answer


def _spent(key: str) -> str:
    return f"{PREFIX}:{{{key}}}"


def _closed(key: str) -> str:
    return f"{PREFIX}:{{{key}}}:closed"
