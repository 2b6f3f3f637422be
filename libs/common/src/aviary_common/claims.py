"""Unfinished work that stands in a table: each piece is done by the one replica that claims it.

When that one dies, another goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from aviary_common.leases import Lease, Leases
from aviary_common.tasks import Tasks

Unfinished = Callable[[], Awaitable[Sequence[int]]]
Work = Callable[[int], Awaitable[None]]


class Claims:
    """``unfinished`` tells the ids, in the order that they should be worked on; ``work`` must be able to go on where
    another replica has stopped, and returns when the piece is finished."""

    def __init__(
        self,
        name: str,
        leases: Leases,
        tasks: Tasks,
        *,
        unfinished: Unfinished,
        work: Work,
        at_once: int,
        look_s: float,
    ) -> None:
        self._name = name
        self._leases = leases
        self._tasks = tasks
        self._unfinished = unfinished
        self._work = work
        self._at_once = at_once
        self._look_s = look_s
        self._mine: set[int] = set()
        self._added = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do."""
        self._added.set()

    async def work_forever(self) -> None:
        """Give it to ``Tasks.supervise``."""
        while True:
            self._added.clear()
            await self._take_some()
            try:
                async with asyncio.timeout(self._look_s):
                    await self._added.wait()
            except TimeoutError:
                continue

    async def _take_some(self) -> None:
        """The first that nobody works on, as many as there is room for."""
        room = self._at_once - len(self._mine)
        if room <= 0:
            return
        unfinished = [found for found in await self._unfinished() if found not in self._mine]
        free = set(await self._leases.free([self._lease(found) for found in unfinished]))
        for found in [each for each in unfinished if self._lease(each) in free][:room]:
            if self._lease(found) not in self._tasks:
                self._tasks.supervise(self._lease(found), partial(self._lead, found))

    async def _lead(self, found: int) -> None:
        self._mine.add(found)
        try:
            await self._leases.hold_if_free(self._lease(found), partial(self._do, found))
        finally:
            self._mine.discard(found)
            self.wake()

    async def _do(self, found: int, _lease: Lease) -> None:
        await self._work(found)

    def _lease(self, found: int) -> str:
        return f"{self._name}:{found}"
