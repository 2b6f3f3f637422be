"""Answers that may be a moment old: whoever comes first asks the venue, the others wait for the same answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MAX_KEPT = 10_000


class Fresh(Generic[K, V]):
    def __init__(self, max_age_s: float) -> None:
        self._max_age_s = max_age_s
        self._kept: dict[K, tuple[float, V]] = {}
        self._locks: dict[K, asyncio.Lock] = {}

    async def get(self, key: K, load: Callable[[], Awaitable[V]]) -> V:
        """What is kept if it is fresh enough, else what ``load`` brings; a failure is kept for nobody."""
        since = time.monotonic() - self._max_age_s
        if (kept := self._kept.get(key)) is not None and kept[0] >= since:
            return kept[1]
        async with self._locks.setdefault(key, asyncio.Lock()):
            if (kept := self._kept.get(key)) is not None and kept[0] >= since:
                return kept[1]
            started = time.monotonic()
            value = await load()
            self._keep(key, started, value)
            return value

    def _keep(self, key: K, at: float, value: V) -> None:
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
            self._locks = {busy: lock for busy, lock in self._locks.items() if lock.locked()}
        self._kept[key] = (at, value)
