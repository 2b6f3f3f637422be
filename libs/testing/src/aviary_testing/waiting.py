"""Tests wait for a condition with a deadline, never for a time."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Final

DEADLINE_S: Final = 20.0
LOOK_EVERY_S: Final = 0.01


async def eventually(condition: Callable[[], Awaitable[object] | object], *, within_s: float = DEADLINE_S) -> None:
    """Return once the condition (plain or awaitable) is truthy; raise ``TimeoutError`` when it is not in time."""
    async with asyncio.timeout(within_s):
        while True:
            found = condition()
            if await found if isawaitable(found) else found:
                return
            await asyncio.sleep(LOOK_EVERY_S)
