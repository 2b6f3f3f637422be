"""One call under way per key: whoever comes meanwhile waits for the same end, good or bad.

Without it a venue that hangs would be asked by everybody in turn, each waiting for the deadlines of all before.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Flights(Generic[K, V]):
    def __init__(self) -> None:
        self._under_way: dict[K, asyncio.Task[V]] = {}

    async def join(self, key: K, work: Callable[[], Awaitable[V]]) -> V:
        """The end of the call that is under way, or of ``work``; who gives up waiting does not end it for others."""
        if (flight := self._under_way.get(key)) is None:
            flight = self._under_way[key] = asyncio.ensure_future(_do(work))
            flight.add_done_callback(lambda _: self._under_way.pop(key))
        return await asyncio.shield(flight)


async def _do(work: Callable[[], Awaitable[V]]) -> V:
    return await work()
