import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from .rig import DEADLINE_S, Client, Engine, Eventually, Launch, NewEngine, Server, build_engine, start_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("venue"))
    yield running
    assert running.stop() == 0 or running.process.returncode == -signal.SIGTERM
    assert "Traceback" not in running.log.read_text()


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Start servers of one's own, on the test's data directory unless another is named."""
    running: list[Server] = []

    def start(data_dir: Path | None = None, **settings: str) -> Server:
        running.append(start_server(data_dir or tmp_path / "venue", **settings))
        return running[-1]

    yield start
    for server in running:
        if server.process.poll() is None:
            server.stop()


@pytest_asyncio.fixture
async def venue(server: Server) -> AsyncIterator[Client]:
    """A fresh key on the shared server; faults, limits and frozen pairs are put back afterwards."""
    async with httpx.AsyncClient(base_url=server.base) as http:
        client = Client(http)
        await client.control("limits", side="spot", weight=10**9, orders={"10S": 10**9, "1D": 10**9}, ban_after=20)
        await client.control("limits", side="futures", weight=10**9, orders={"10S": 10**9, "1M": 10**9})
        yield client
        await http.delete("/sandbox/faults")
        await client.control("mark", symbol="BTCUSDT", price=None)
        await client.control("funding/rate", symbol="BTCUSDT", rate="0.0001")
        await client.control("clock", offset_ms=0)
        await client.control("resume")


@pytest_asyncio.fixture
async def still(venue: Client) -> Client:
    """The BTCUSDT perpetual stands at 60,000 until the test moves it."""
    await venue.control("freeze", symbol="BTCUSDT", side="futures")
    await venue.control("price", symbol="BTCUSDT", side="futures", price="60000")
    return venue


@pytest.fixture
def connect() -> Callable[[str], Client]:
    def make(base: str) -> Client:
        return Client(httpx.AsyncClient(base_url=base))

    return make


@pytest.fixture
def eventually() -> Eventually:
    """Ask until the answer is true, or fail at the deadline."""

    async def ask(question: Callable[[], Awaitable[Any]]) -> Any:
        deadline = time.monotonic() + DEADLINE_S
        while not (answer := await question()):
            assert time.monotonic() < deadline, "the deadline passed"
            await asyncio.sleep(0.02)
        return answer

    return ask


@pytest.fixture
def engine() -> Iterator[Engine]:
    with build_engine() as built:
        yield built


@pytest.fixture(scope="session")
def new_engine() -> NewEngine:
    """For property tests, which need a fresh one per example."""
    return build_engine
