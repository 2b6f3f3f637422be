import asyncio

import pytest

from aviary_common.tasks import Tasks
from aviary_testing.waiting import eventually


async def test_a_task_that_dies_is_started_again() -> None:
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs < 3:
            raise OSError("gone")
        await asyncio.Event().wait()

    async with Tasks() as tasks:
        tasks.supervise("work", work)
        await eventually(lambda: runs == 3)


async def test_a_task_that_returns_is_done() -> None:
    async def work() -> None:
        return

    async with Tasks() as tasks:
        tasks.supervise("work", work)
        await eventually(lambda: "work" not in tasks)


async def test_closing_cancels_and_waits() -> None:
    ended = asyncio.Event()
    started = asyncio.Event()

    async def work() -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()

    async with Tasks() as tasks:
        tasks.supervise("work", work)
        await started.wait()
    assert ended.is_set()


async def test_a_name_is_taken_once() -> None:
    async with Tasks() as tasks:
        tasks.supervise("work", asyncio.Event().wait)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="running already"):
            tasks.supervise("work", asyncio.Event().wait)  # type: ignore[arg-type]


async def test_a_stopped_name_can_be_used_again() -> None:
    async with Tasks() as tasks:
        tasks.supervise("work", asyncio.Event().wait)  # type: ignore[arg-type]
        await tasks.stop("work")
        tasks.supervise("work", asyncio.Event().wait)  # type: ignore[arg-type]
        assert "work" in tasks
