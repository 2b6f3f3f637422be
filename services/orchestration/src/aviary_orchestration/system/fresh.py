"""A figure that is slow to get, looked at once for everybody who asks within a while."""

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Fresh(Generic[T]):
    """``look`` blocks and runs in a thread, never twice at once; an answer is at most ``max_age_s`` old."""

    def __init__(self, look: Callable[[], T], max_age_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._max_age_s = max_age_s
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._seen: tuple[float, T] | None = None

    async def get(self) -> T:
        async with self._one_at_a_time:
            if self._seen is None or self._clock() - self._seen[0] > self._max_age_s:
                self._seen = self._clock(), await asyncio.to_thread(self._look)
            return self._seen[1]
