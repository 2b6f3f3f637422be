"""Kernels that nobody has compiled yet are compiled by a process of its own, whose memory goes with it."""

import asyncio
import gc
import sys
from typing import Final

from aviary_backtesting.engine.port import Engine
from aviary_common import logs

log = logs.get(__name__)

COMMAND: Final = (sys.executable, "-m", "aviary_strategies.backtest.warm")
COMPILING_S: Final = 900.0


async def make_ready(engine: Engine) -> None:
    """Give it to ``Tasks.supervise``. Runs need not wait for it: one that comes first compiles what it uses."""
    if not await asyncio.to_thread(engine.is_compiled):
        await _compile()
    await asyncio.to_thread(engine.warm)
    gc.collect()
    gc.freeze()  # the engine stays: going through it again and again would hold up runs for a tenth of a second


async def _compile() -> None:
    """One of several workers does it, the others wait."""
    log.info("compiling kernels")
    process = await asyncio.create_subprocess_exec(*COMMAND, stdin=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(COMPILING_S):
            status = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    log.info("kernels compiled", status=status)
