"""Many callers, few round trips: what is asked for while one call is under way goes out together as the next.

A single caller waits for nobody; under load the database sees one statement where it would have seen fifty.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from aviary_common.cancelling import end
from aviary_common.errors import AviaryError

T = TypeVar("T")
R = TypeVar("R")

MAX_BATCH: Final = 256


class Batches(Generic[T, R]):
    """``work`` answers a batch with one result per item, in their order, or fails having done nothing of it. An outage
    reaches every caller of the batch; after any other failure its items are worked on one by one, so that a bad one
    spoils it for nobody else.

    An item that was handed in is worked on also when its caller has gone meanwhile, unless nothing had begun.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._work = work
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._draining: asyncio.Task[None] | None = None

    async def add(self, item: T) -> R:
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain())
        return await result

    async def close(self) -> None:
        """Break off what is under way; its callers are cancelled."""
        if self._draining is not None:
            await end(self._draining)

    async def _drain(self) -> None:
        taken: list[tuple[T, asyncio.Future[R]]] = []
        try:
            while self._waiting:
                taken = self._take()
                await self._answer(taken)
        finally:
            self._draining = None
            for _, result in (*taken, *self._waiting):
                result.cancel()
            self._waiting.clear()

    def _take(self) -> list[tuple[T, asyncio.Future[R]]]:
        taken: list[tuple[T, asyncio.Future[R]]] = []
        while self._waiting and len(taken) < MAX_BATCH:
            item, result = self._waiting.popleft()
            if not result.done():
                taken.append((item, result))
        return taken

    async def _answer(self, taken: list[tuple[T, asyncio.Future[R]]]) -> None:
        if not taken:
            return
        try:
            results = await self._work([item for item, _ in taken])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is for those who wait
            if len(taken) > 1 and not isinstance(error, AviaryError):
                for single in taken:
                    await self._answer([single])
                return
            for _, result in taken:
                if not result.done():
                    result.set_exception(error)
            return
        for (_, result), answer in zip(taken, results, strict=True):
            if not result.done():
                result.set_result(answer)
