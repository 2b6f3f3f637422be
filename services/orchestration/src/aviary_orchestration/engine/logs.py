"""What a container has printed, at once or as it comes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from docker import DockerClient
from docker.types import CancellableStream

from aviary_common.errors import TooManyRequests
from aviary_orchestration.engine.engine import Engine

MAX_TAIL: Final = 10_000
FOLLOWERS: Final = 32
"""Each keeps a thread and a connection to the engine."""
FOLLOW_MAX_S: Final = 24 * 3600.0


@dataclass(frozen=True)
class Wanted:
    """``since_s`` is a Unix time; Docker takes no 0."""

    tail: int = 100
    timestamps: bool = False
    since_s: int | None = None


class Logs:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(FOLLOWERS, "docker-logs")
        self._following = 0

    def close(self) -> None:
        """Whoever still follows has been told by then."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def printed(self, name: str, wanted: Wanted) -> str:
        raw = await self._engine.call(lambda client: _logs(client, name, wanted))
        return raw.decode(errors="replace")

    async def follow(self, name: str, wanted: Wanted) -> AsyncIterator[bytes]:
        """What is there, and then whatever comes, until the container ends or nobody reads any more."""
        if self._following >= FOLLOWERS:
            raise TooManyRequests("Too many logs are being followed; end one first.", retry_after_s=10)
        chunks = self._chunks(name, wanted)
        await anext(chunks)
        return chunks

    async def _chunks(self, name: str, wanted: Wanted) -> AsyncIterator[bytes]:
        """Nothing at first: from then on the end of the iterator gives back what it holds, also if nobody reads it."""
        self._following += 1
        try:
            stream = await self._engine.call(lambda client: _follow(client, name, wanted), FOLLOW_MAX_S)
            try:
                yield b""
                loop = asyncio.get_running_loop()
                while (chunk := await loop.run_in_executor(self._threads, _next, stream)) is not None:
                    yield chunk
            finally:
                # The thread that waits for the next chunk is woken by the closed connection.
                with suppress(OSError):
                    stream.close()
        finally:
            self._following -= 1


def _logs(client: DockerClient, name: str, wanted: Wanted) -> bytes:
    return client.api.logs(name, tail=wanted.tail, timestamps=wanted.timestamps, since=wanted.since_s)


def _follow(client: DockerClient, name: str, wanted: Wanted) -> "CancellableStream[bytes]":
    return client.api.logs(
        name, tail=wanted.tail, timestamps=wanted.timestamps, since=wanted.since_s, stream=True, follow=True
    )


def _next(chunks: Iterator[bytes]) -> bytes | None:
    try:
        return next(chunks, None)
    except (OSError, ValueError):
        return None
