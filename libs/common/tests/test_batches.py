import asyncio
from collections.abc import Coroutine, Sequence

import pytest

from aviary_common.batches import Batches
from aviary_common.errors import Unavailable


class Work:
    """Doubles numbers, a batch at a time, when the gate is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.batches: list[list[int]] = []

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        await self.gate.wait()
        if 13 in items:
            raise ValueError("thirteen")
        return [item * 2 for item in items]


async def test_a_single_caller_waits_for_nobody() -> None:
    work = Work()
    assert await Batches(work).add(4) == 8
    assert work.batches == [[4]]


async def test_what_arrives_meanwhile_goes_out_together() -> None:
    work = Work()
    batches = Batches(work)
    work.gate.clear()
    callers = [asyncio.create_task(batches.add(number)) for number in range(5)]
    while not work.batches:
        await asyncio.sleep(0)
    late = [asyncio.create_task(batches.add(number)) for number in range(10, 13)]
    await asyncio.sleep(0)
    work.gate.set()
    assert await asyncio.gather(*callers, *late) == [0, 2, 4, 6, 8, 20, 22, 24]
    assert work.batches == [[0, 1, 2, 3, 4], [10, 11, 12]]


async def test_a_bad_item_spoils_it_for_nobody_else() -> None:
    answers = await asyncio.gather(*(Batches(Work()).add(13), *_together(3, 13, 4)), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["thirteen", "6", "thirteen", "8"]


async def test_an_outage_reaches_the_whole_batch_once() -> None:
    calls = []

    async def away(items: Sequence[int]) -> list[int]:
        calls.append(items)
        raise Unavailable("database")

    batches = Batches(away)
    answers = await asyncio.gather(batches.add(1), batches.add(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    assert len(calls) == 1


def _together(*numbers: int) -> list[Coroutine[None, None, int]]:
    batches = Batches(Work())
    return [batches.add(number) for number in numbers]


async def test_who_has_gone_does_not_stop_the_others() -> None:
    work = Work()
    batches = Batches(work)
    work.gate.clear()
    gone, stays = asyncio.create_task(batches.add(1)), asyncio.create_task(batches.add(2))
    while not work.batches:
        await asyncio.sleep(0)
    gone.cancel()
    work.gate.set()
    assert await stays == 4
    assert gone.cancelled() or gone.cancelling()


async def test_closing_cancels_who_still_waits() -> None:
    work = Work()
    batches = Batches(work)
    work.gate.clear()
    waiting = asyncio.create_task(batches.add(1))
    while not work.batches:
        await asyncio.sleep(0)
    await batches.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
