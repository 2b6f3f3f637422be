"""Background work that somebody owns: a task that dies is logged, counted and started again."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Final, Self

from prometheus_client import Counter
from redis.exceptions import ConnectionError as CacheConnectionError

from aviary_common import logs
from aviary_common.cancelling import end
from aviary_common.errors import AviaryError

log = logs.get(__name__)

Work = Callable[[], Awaitable[None]]

FIRST_DELAY_S: Final = 0.2
MAX_DELAY_S: Final = 10.0
RESTARTS: Final = Counter("aviary_task_restarts_total", "Background tasks that died and were restarted", ["task"])


class Tasks:
    """Owns named tasks until it is closed; closing cancels them and waits for their end."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __contains__(self, name: str) -> bool:
        return name in self._running

    def supervise(self, name: str, work: Work) -> None:
        """Run ``work`` until it returns by itself; when it raises, restart it with backoff and jitter."""
        RESTARTS.labels(name.partition(":")[0])
        self._own(name, _restarting(name, work))

    async def stop(self, name: str) -> None:
        task = self._running.pop(name, None)
        if task is not None:
            await end(task)

    async def close(self) -> None:
        tasks = list(self._running.values())
        self._running.clear()
        await end(*tasks)

    def _own(self, name: str, coroutine: Coroutine[None, None, None]) -> None:
        if name in self._running:
            coroutine.close()
            raise ValueError(f"task {name!r} is running already")
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._running[name] = task
        task.add_done_callback(lambda done: self._forget(name, done))

    def _forget(self, name: str, done: asyncio.Task[None]) -> None:
        if self._running.get(name) is done:
            del self._running[name]


async def _restarting(name: str, work: Work) -> None:
    delay = FIRST_DELAY_S
    loop = asyncio.get_running_loop()
    while True:
        started = loop.time()
        try:
            await work()
        except Exception as error:
            if loop.time() - started > MAX_DELAY_S * 3:
                delay = FIRST_DELAY_S
            log.warning("task died", task=name, error=str(error), kind=type(error).__name__, exc_info=_trace(error))
            RESTARTS.labels(name.partition(":")[0]).inc()
            await asyncio.sleep(delay * random.uniform(0.7, 1.3))
            delay = min(delay * 2, MAX_DELAY_S)
        else:
            return


def _trace(error: Exception) -> Exception | None:
    """A known outage is one line; a surprise comes with its traceback."""
    return None if isinstance(error, AviaryError | OSError | TimeoutError | CacheConnectionError) else error
