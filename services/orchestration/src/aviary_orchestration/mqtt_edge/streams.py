"""A TCP connection's two directions, and what it takes to join two connections."""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass
from typing import Final

from aviary_common.cancelling import end

CHUNK_BYTES: Final = 64 * 1024
LINGER_S: Final = 5.0
"""When one side has said its last word, the other has so long to finish."""
FLUSH_WITHIN_S: Final = 1.0


@dataclass(frozen=True)
class Stream:
    reader: StreamReader
    writer: StreamWriter

    def notice_death(self) -> None:
        """A peer that vanished without a word is found out sooner or later."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    async def close(self) -> None:
        """What has been written still goes out, unless the peer does not take it."""
        self.writer.close()
        try:
            async with asyncio.timeout(FLUSH_WITHIN_S):
                await self.writer.wait_closed()
        except OSError:
            self.writer.transport.abort()


async def join(one: Stream, other: Stream) -> None:
    """Copy both ways until both have ended, one is broken, or one has ended and the other takes too long to."""
    ways = [asyncio.create_task(_copy(one, other)), asyncio.create_task(_copy(other, one))]
    try:
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        if all(way.result() for way in done):
            await asyncio.wait(ways, timeout=LINGER_S)
    finally:
        await end(*ways)


async def _copy(source: Stream, target: Stream) -> bool:
    """No faster than the target takes it. Whether it ended in good order, which the target is told."""
    try:
        while data := await source.reader.read(CHUNK_BYTES):
            target.writer.write(data)
            await target.writer.drain()
        target.writer.write_eof()
    except OSError:
        return False
    return True
