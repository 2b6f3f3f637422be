"""A way to the Docker engine that can be cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 65536


class Gate:
    """Listens on loopback and passes everything on; while it is shut, whoever comes or is there is hung up on."""

    def __init__(self, engine: str) -> None:
        self._engine = urlsplit(engine)
        self._open: set[asyncio.StreamWriter] = set()
        self._is_shut = False
        self._copying: set[asyncio.Task[None]] = set()
        self._last: bytes | None = None
        self.address = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Gate"]:
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.address = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self.shut()
            server.close()
            await server.wait_closed()
            await asyncio.gather(*self._copying, return_exceptions=True)

    def shut_at(self, request: bytes) -> None:
        """Shut when somebody asks for this: the engine does not hear of it."""
        self._last = request

    def shut(self) -> None:
        self._is_shut = True
        for writer in self._open:
            writer.close()

    def reopen(self) -> None:
        self._is_shut = False
        self._last = None

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_shut:
            writer.close()
            return
        engine_reader, engine_writer = await self._dial()
        ends = (writer, engine_writer)
        self._open.update(ends)
        tasks = [
            asyncio.create_task(self._copy(reader, engine_writer)),
            asyncio.create_task(self._copy(engine_reader, writer)),
        ]
        self._copying.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.ALL_COMPLETED)
        self._copying.difference_update(tasks)
        self._open.difference_update(ends)

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._engine.scheme == "unix":
            return await asyncio.open_unix_connection(self._engine.path)
        return await asyncio.open_connection(self._engine.hostname, self._engine.port)

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(CHUNK):
                if self._last is not None and self._last in chunk:
                    self.shut()
                    break
                target.write(chunk)
                await target.drain()
        target.close()
