"""Pieces of work in a table, shared by replicas that come and go."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from aviary_common.cancelling import end
from aviary_common.claims import Claims
from aviary_common.leases import Leases
from aviary_common.tasks import Tasks
from aviary_testing.waiting import eventually


class Table:
    """What replicas have in common."""

    def __init__(self, *ids: int) -> None:
        self.left = list(ids)
        self.doing: list[tuple[str, int]] = []
        self.finish = asyncio.Event()

    async def unfinished(self) -> Sequence[int]:
        return [*self.left]

    async def work(self, replica: str, piece: int) -> None:
        self.doing.append((replica, piece))
        await self.finish.wait()
        if piece in self.left:
            self.left.remove(piece)


@asynccontextmanager
async def replica(name: str, table: Table, cache: Redis, *, at_once: int = 2) -> AsyncIterator[Claims]:
    async with Tasks() as tasks:
        claims = Claims(
            "piece",
            Leases(cache, name, 1.0),
            tasks,
            unfinished=table.unfinished,
            work=lambda piece: table.work(name, piece),
            at_once=at_once,
            look_s=0.05,
        )
        working = asyncio.create_task(claims.work_forever())
        try:
            yield claims
        finally:
            await end(working)


async def test_each_piece_is_done_by_one_replica_and_no_replica_does_too_many(cache: Redis) -> None:
    table = Table(1, 2, 3, 4, 5)
    async with replica("a", table, cache), replica("b", table, cache):
        await eventually(lambda: len(table.doing) == 4)
        assert sorted(piece for _, piece in table.doing) == [1, 2, 3, 4]
        assert sorted(name for name, _ in table.doing) == ["a", "a", "b", "b"]
        table.finish.set()
        await eventually(lambda: not table.left)
        assert sorted(piece for _, piece in table.doing) == [1, 2, 3, 4, 5]


async def test_another_replica_goes_on_when_one_has_ended(cache: Redis) -> None:
    table = Table(7)
    async with replica("a", table, cache):
        await eventually(lambda: table.doing == [("a", 7)])
    async with replica("b", table, cache):
        await eventually(lambda: table.doing == [("a", 7), ("b", 7)])
        table.finish.set()
        await eventually(lambda: not table.left)


async def test_new_work_is_taken_at_once_when_told(cache: Redis) -> None:
    table = Table()
    async with replica("a", table, cache) as claims:
        table.left.append(1)
        claims.wake()
        await eventually(lambda: table.doing == [("a", 1)])
        table.finish.set()
        await eventually(lambda: not table.left)
