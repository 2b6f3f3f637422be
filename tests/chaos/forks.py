"""The test's side of the zygote: begin a server on its port, kill it, wait until it serves."""

import asyncio
import itertools
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.chaos.replica.app import ARMED

SERVES_WITHIN_S: Final = 30.0


@dataclass
class Fork:
    """One server that may die and begin again; its port stays."""

    name: str
    package: str
    port: int
    log: Path
    environment: Mapping[str, str]
    pid: int | None = None
    armed: dict[str, int] = field(default_factory=dict)
    """Per path the suspension at which it dies; a new process inherits what has not happened yet."""
    served: set[str] = field(default_factory=set)
    """The accounts that the process has seen."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Zygote:
    """``reader`` must run for as long as forks are used."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = itertools.count()
        self._beginning: dict[int, tuple[Fork, asyncio.Future[None]]] = {}
        self._running: dict[int, Fork] = {}

    async def begin(self, fork: Fork) -> None:
        """Returns when it has a process; ``serving`` says when it can be used."""
        number = next(self._ids)
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._beginning[number] = (fork, begun)
        command = {
            "id": number,
            "package": fork.package,
            "port": fork.port,
            "log": str(fork.log),
            "env": {**fork.environment, ARMED: json.dumps(fork.armed)},
        }
        self._say(command)
        await begun

    def kill(self, fork: Fork) -> None:
        """kill -9, by its parent: no other process can have got its number meanwhile."""
        if fork.pid is not None:
            self._say({"kill": fork.pid})

    def _say(self, command: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")

    async def read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self._heard(json.loads(line))

    def _heard(self, message: Mapping[str, Any]) -> None:
        if "began" in message:
            fork, begun = self._beginning.pop(message["id"])
            fork.pid = message["began"]
            fork.ended.clear()
            self._running[fork.pid] = fork
            begun.set_result(None)
        elif "ended" in message and (ended := self._running.pop(message["ended"], None)):
            ended.pid = None
            ended.served.clear()
            ended.ended.set()


async def serving(fork: Fork, http: aiohttp.ClientSession) -> None:
    """Return once the fork's server is ready."""
    async with asyncio.timeout(SERVES_WITHIN_S):
        while True:
            try:
                async with http.get(f"{fork.url}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running_zygote() -> AsyncIterator[Zygote]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chaos.zygote",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=2**20,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        await process.stdout.readline()
        zygote = Zygote(process)
        reading = asyncio.create_task(zygote.read())
        try:
            yield zygote
        finally:
            reading.cancel()
    finally:
        process.stdin.close()
        await process.wait()
