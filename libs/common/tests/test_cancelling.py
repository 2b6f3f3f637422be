import asyncio

import pytest

from aviary_common import cancelling
from aviary_common.cancelling import end, together


async def test_a_task_that_loses_its_first_cancellation_still_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancelling, "ASK_AGAIN_S", 0.02)
    started = asyncio.Event()

    async def deaf_once() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    task = asyncio.create_task(deaf_once())
    await started.wait()
    await end(task)
    assert task.done()


async def test_the_first_failure_ends_all_and_is_raised() -> None:
    ended = asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("first")

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(RuntimeError, match="first"):
        await together(wait(), fail())
    assert ended.is_set()


async def test_cancelling_the_caller_ends_all() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    caller = asyncio.create_task(together(wait()))
    await started.wait()
    caller.cancel()
    await asyncio.wait({caller})
    assert caller.cancelled()
    assert ended.is_set()
