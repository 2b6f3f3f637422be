"""The confined worker, from a thread that computes."""

import asyncio
from collections.abc import Callable
from typing import Final

from aviary_backtesting.engine.port import Stopped
from aviary_common.confined.limits import Limits
from aviary_common.confined.run import run_confined

LOOK_EVERY_S: Final = 0.1


def confined(
    task: str, payload: object, limits: Limits, *, allow_unconfined: bool, is_cancelled: Callable[[], bool]
) -> object:
    """Blocks, with a loop of its own. Raises what ``run_confined`` raises, or ``Stopped``: then the process is gone."""
    return asyncio.run(_watched(task, payload, limits, allow_unconfined, is_cancelled))


async def _watched(
    task: str, payload: object, limits: Limits, allow_unconfined: bool, is_cancelled: Callable[[], bool]
) -> object:
    running = asyncio.create_task(run_confined(task, payload, limits, allow_unconfined=allow_unconfined))
    try:
        while not (await asyncio.wait({running}, timeout=LOOK_EVERY_S))[0]:
            if is_cancelled():
                raise Stopped
        return running.result()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
