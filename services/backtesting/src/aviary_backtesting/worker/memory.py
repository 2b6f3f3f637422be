"""A worker gives back what a run took: it waits longer than it works."""

import asyncio
import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Final

PAUSE_S: Final = 10.0
_SETTINGS: Final = {
    "POLARS_MAX_THREADS": "2",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0",
}
"""Each thread of polars keeps memory of its own, and its allocator keeps what is freed for ten seconds."""


def stay_small() -> None:
    """Before polars is imported."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)


async def give_back_when_idle(is_idle: Callable[[], bool]) -> None:
    """Runs that follow each other closely use the same pages again; after a pause they go to the system. Give it to
    ``Tasks.supervise``."""
    was_idle = is_given_back = False
    while True:
        await asyncio.sleep(PAUSE_S)
        idle = is_idle()
        if idle and was_idle and not is_given_back:
            await asyncio.to_thread(_give_back)
        is_given_back, was_idle = idle and was_idle, idle


def _give_back() -> None:
    """What the C library has free; blocks for a few milliseconds."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
