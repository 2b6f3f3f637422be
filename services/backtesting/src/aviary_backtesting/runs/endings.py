"""Waiting for the end of a run: workers call it out, and the table tells who did not hear it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from aviary_backtesting.runs.run import Run
from aviary_backtesting.signals import ENDED
from aviary_common.bus import Bus
from aviary_common.errors import NotFound

FIRST_LOOK_S: Final = 0.25
LOOK_EVERY_S: Final = 2.0

Look = Callable[[], Awaitable[Run | None]]


class Endings:
    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    async def listen(self, bus: Bus) -> None:
        await bus.hear(ENDED, self.heard)

    def heard(self, _subject: str, payload: bytes) -> None:
        for each in self._waiting.get(payload.decode(errors="replace"), ()):
            each.set()

    @contextmanager
    def expected(self, run_id: str) -> Iterator[asyncio.Event]:
        """Set whenever the run is heard of. Enter it before the run can end: then nothing is missed."""
        news = asyncio.Event()
        self._waiting.setdefault(run_id, set()).add(news)
        try:
            yield news
        finally:
            self._waiting[run_id].discard(news)
            if not self._waiting[run_id]:
                del self._waiting[run_id]


async def until(ready: Callable[[Run], bool], run: Run, look: Look, news: asyncio.Event, within_s: float) -> Run:
    """The run once it is ready, or as it is when the time is up; ``NotFound`` when it is gone."""
    loop = asyncio.get_running_loop()
    deadline, pause_s = loop.time() + within_s, FIRST_LOOK_S
    while not ready(run) and (left_s := deadline - loop.time()) > 0:
        try:
            async with asyncio.timeout(min(pause_s, left_s)):
                await news.wait()
        except TimeoutError:
            pause_s = min(LOOK_EVERY_S, pause_s * 2)
        news.clear()
        found = await look()
        if found is None:
            raise NotFound("The backtest was deleted.")
        run = found
    return run
