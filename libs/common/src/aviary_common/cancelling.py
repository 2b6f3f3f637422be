"""Ending tasks for sure."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

ASK_AGAIN_S: Final = 3.0
"""Long enough for a task to tidy up after the first cancellation: a second one would break off the tidying, and a
database connection, say, would never go back to its pool."""


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel the tasks and wait until they have ended, whatever they raise.

    Before Python 3.12 ``asyncio.wait_for``, which several libraries use, loses a cancellation that arrives together
    with the result (bpo-37658), so whoever has not ended is asked again.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=ASK_AGAIN_S)


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Run until one of the works fails, whose error is raised, or all are done; none outlives the call."""
    if not works:
        return
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        await end(*tasks)
