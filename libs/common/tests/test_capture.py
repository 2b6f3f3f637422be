"""Foreign messages, such as the bots': heard by whoever listens, and kept for whoever writes them down."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Sequence

import pytest

from aviary_common.bus import Bus, Capture, Captured
from aviary_common.cancelling import end
from aviary_local.testing import Servers
from aviary_testing.buses import bus_settings
from aviary_testing.waiting import eventually


@pytest.fixture
async def buses(servers: Servers) -> AsyncIterator[tuple[Bus, Bus]]:
    """Two replicas of the one service that may use the bots' topics."""
    pair = [await Bus.connect(bus_settings(servers, "orchestration")) for _ in range(2)]
    yield pair[0], pair[1]
    for bus in pair:
        await bus.close()


@pytest.fixture
def capture() -> Capture:
    name = secrets.token_hex(4)
    return Capture(f"TEST{name}", [f"hbot.{name}.*"], keep_s=600, keep_bytes=1_000_000)


def subject(capture: Capture, topic: str) -> str:
    return capture.subjects[0].replace("*", topic)


class Notebook:
    def __init__(self) -> None:
        self.read: list[Captured] = []
        self.fails = 0

    async def write(self, messages: Sequence[Captured]) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the notebook is closed")
        self.read += messages

    @property
    def texts(self) -> list[str]:
        return [each.data.decode() for each in self.read]


async def stream_is_there(bus: Bus, capture: Capture, notebook: Notebook) -> None:
    async def has_arrived() -> bool:
        await bus.tell(subject(capture, "first"), b"first")
        return "first" in notebook.texts

    await eventually(has_arrived)
    notebook.read.clear()


async def test_every_replica_hears_and_a_handler_that_raises_harms_nobody(
    buses: tuple[Bus, Bus], capture: Capture
) -> None:
    heard: list[tuple[int, str, bytes]] = []

    def hear(replica: int, topic: str, raw: bytes) -> None:
        heard.append((replica, topic, raw))
        if raw == b"bad":
            raise ValueError("cannot read this")

    for number, bus in enumerate(buses):
        await bus.hear(capture.subjects[0], lambda topic, raw, number=number: hear(number, topic, raw))  # type: ignore[misc]
    await buses[0].tell(subject(capture, "log"), b"bad")
    await buses[0].tell(subject(capture, "log"), b"good")
    await eventually(lambda: len(heard) == 4)
    assert [raw for number, _, raw in heard if number == 1] == [b"bad", b"good"]


async def test_what_came_while_nobody_wrote_is_written_later_and_once(buses: tuple[Bus, Bus], capture: Capture) -> None:
    notebook = Notebook()
    writing = asyncio.create_task(buses[0].capture(capture, notebook.write))
    await stream_is_there(buses[0], capture, notebook)
    await end(writing)
    for number in range(700):
        await buses[0].tell(subject(capture, "log"), str(number).encode())
    writers = [asyncio.create_task(bus.capture(capture, notebook.write)) for bus in buses]
    await eventually(lambda: len({*notebook.texts} - {"first"}) == 700)
    await end(*writers)
    numbers = [text for text in notebook.texts if text != "first"]
    assert sorted(numbers, key=int) == [str(number) for number in range(700)]
    assert len({each.sequence for each in notebook.read}) == len(notebook.read)


async def test_what_the_handler_raised_for_comes_again(buses: tuple[Bus, Bus], capture: Capture) -> None:
    notebook = Notebook()
    writing = asyncio.create_task(buses[0].capture(capture, notebook.write))
    await stream_is_there(buses[0], capture, notebook)
    notebook.fails = 1
    await buses[0].tell(subject(capture, "log"), b"important")
    with contextlib.suppress(ConnectionError):
        await writing
    writing = asyncio.create_task(buses[1].capture(capture, notebook.write))
    await eventually(lambda: "important" in notebook.texts)
    await end(writing)
