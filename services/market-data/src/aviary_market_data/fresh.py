"""Answers that may be a moment old: whoever comes first asks the venue, the others wait for the same answer."""

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from aviary_market_data.flights import Flights

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MAX_KEPT = 10_000


class Fresh(Generic[K, V]):
    def __init__(self, max_age_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_age_s = max_age_s
        self._clock = clock
        self._kept: dict[K, tuple[float, V]] = {}
        self._flights: Flights[K, V] = Flights()

    async def get(self, key: K, load: Callable[[], Awaitable[V]]) -> V:
        """What is kept if it is fresh enough, else what ``load`` brings; a failure is kept for nobody."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] >= self._clock() - self._max_age_s:
            return kept[1]
        return await self._flights.join(key, lambda: self._load(key, load))

    async def _load(self, key: K, load: Callable[[], Awaitable[V]]) -> V:
        started = self._clock()
        value = await load()
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[key] = (started, value)
        return value
