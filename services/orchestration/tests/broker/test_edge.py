"""The edge as a TCP server: who gets no further, and how bytes and ends of connections pass."""

import asyncio
import gc
import os
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from unittest.mock import patch

import httpx
import pytest
from prometheus_client import REGISTRY

from aviary_common.cancelling import end
from aviary_common.settings import load
from aviary_local.ports import LOOPBACK, free_ports
from aviary_local.testing import Servers
from aviary_orchestration.mqtt_edge import app as edge_app
from aviary_orchestration.mqtt_edge.edge import Edge, open_edge
from aviary_orchestration.mqtt_edge.settings import MqttEdgeSettings
from aviary_testing.apps import environment, running_app
from aviary_testing.waiting import eventually

from .packets import connect

HELLO = connect(b"hbot.bot", b"bot", b"password")
EDGED = connect(b"bot/hbot_2Ebot", b"bot", b"password")
Backend = Callable[[StreamReader, StreamWriter], Awaitable[None]]


@asynccontextmanager
async def running_edge(
    servers: Servers, backend: Backend | None = None, **changes: str
) -> AsyncIterator[tuple[Edge, int]]:
    """An edge on a port of its own; before a server of the test's, or before none."""
    listen, inner = free_ports(2)
    variables = environment(servers, "mqtt-edge") | {
        "AVIARY_MQTT_LISTEN": f"{LOOPBACK}:{listen}",
        "AVIARY_NATS_MQTT": f"{LOOPBACK}:{inner}",
        **changes,
    }
    with patch.dict(os.environ, variables):
        settings = load(MqttEdgeSettings)
    server = await asyncio.start_server(backend, LOOPBACK, inner) if backend else None
    try:
        async with open_edge(settings) as edge:
            yield edge, listen
    finally:
        if server:
            server.close()


@asynccontextmanager
async def client_of(port: int) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def echo(reader: StreamReader, writer: StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


def counted(reason: str) -> float:
    return REGISTRY.get_sample_value("aviary_mqtt_edge_refused_total", {"reason": reason}) or 0.0


def connections() -> float | None:
    return REGISTRY.get_sample_value("aviary_mqtt_edge_connections")


GARBAGE = {
    "HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a huge length": b"\x10\xff\xff\xff\x7f" + b"x" * 100,
    "an endless length": b"\x10\xff\xff\xff\xff\xff\xff",
    "a text beyond the packet": b"\x10\x0e\x00\x04MQTT\x04\xc2\x00\x3c\xff\xffxx",
    "another packet first": b"\xc0\x00",
}


@pytest.mark.parametrize("wire", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_is_closed_without_a_word_and_never_reaches_nats(servers: Servers, wire: bytes) -> None:
    reached: list[bytes] = []

    async def backend(reader: StreamReader, writer: StreamWriter) -> None:
        reached.append(await reader.read())
        writer.close()

    before = counted("not_mqtt")
    async with running_edge(servers, backend) as (_, port), client_of(port) as (reader, writer):
        writer.write(wire)
        assert await _read_to_the_end(reader) == b""
    assert counted("not_mqtt") == before + 1
    assert reached == []


async def test_a_client_that_leaves_in_the_middle_of_its_first_packet_is_forgotten(servers: Servers) -> None:
    before = counted("not_mqtt")
    async with running_edge(servers, echo) as (_, port), client_of(port) as (reader, writer):
        writer.write(HELLO[:20])
        writer.write_eof()
        assert await _read_to_the_end(reader) == b""
    assert counted("not_mqtt") == before + 1


@pytest.mark.parametrize("wire", [b"", HELLO[:20]], ids=["nothing", "half a packet"])
async def test_a_silent_client_is_closed(servers: Servers, wire: bytes) -> None:
    before = counted("silent")
    async with (
        running_edge(servers, echo, AVIARY_MQTT_CONNECT_WITHIN_S="0.1") as (_, port),
        client_of(port) as (reader, writer),
    ):
        writer.write(wire)
        assert await _read_to_the_end(reader) == b""
    assert counted("silent") == before + 1


async def test_once_in_a_client_may_be_silent(servers: Servers) -> None:
    """The deadline is for the first packet only: the keep-alive is between the bot and NATS."""
    async with (
        running_edge(servers, echo, AVIARY_MQTT_CONNECT_WITHIN_S="0.1") as (_, port),
        client_of(port) as (reader, writer),
        client_of(port) as (late, _late_writer),
    ):
        writer.write(HELLO)
        assert await reader.readexactly(len(EDGED)) == EDGED
        assert await _read_to_the_end(late) == b""
        writer.write(b"still here")
        assert await reader.readexactly(10) == b"still here"


async def test_without_nats_a_client_hears_that_it_is_away(servers: Servers) -> None:
    before = counted("nats_away")
    async with running_edge(servers) as (_, port), client_of(port) as (reader, writer):
        writer.write(HELLO)
        assert await _read_to_the_end(reader) == b"\x20\x02\x00\x03"
    assert counted("nats_away") == before + 1


async def test_one_connection_too_many_is_closed_and_room_is_used_again(servers: Servers) -> None:
    before, open_before = counted("full"), connections() or 0
    async with running_edge(servers, echo, AVIARY_MQTT_CONNECTIONS_MAX="2") as (_, port):
        async with client_of(port) as (one, to_one), client_of(port) as (other, to_other):
            for reader, writer in ((one, to_one), (other, to_other)):
                writer.write(HELLO)
                assert await reader.readexactly(len(EDGED)) == EDGED
            assert connections() == open_before + 2
            async with client_of(port) as (third, _):
                assert await _read_to_the_end(third) == b""
        await eventually(lambda: connections() == open_before)
        async with client_of(port) as (again, to_again):
            to_again.write(HELLO)
            assert await again.readexactly(len(EDGED)) == EDGED
    assert counted("full") == before + 1


async def test_the_last_words_of_both_sides_arrive(servers: Servers) -> None:
    async def answer_at_the_end(reader: StreamReader, writer: StreamWriter) -> None:
        heard = await reader.read()
        writer.write(b"heard %d" % len(heard))
        writer.close()

    async with running_edge(servers, answer_at_the_end) as (_, port), client_of(port) as (reader, writer):
        writer.write(HELLO + b"x" * 500_000)
        writer.write_eof()
        assert await _read_to_the_end(reader) == b"heard %d" % (len(EDGED) + 500_000)


async def test_a_client_that_breaks_off_is_broken_off_at_nats(servers: Servers) -> None:
    ended = asyncio.Event()

    async def backend(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError):
            await reader.read()
        ended.set()
        writer.close()

    async with running_edge(servers, backend) as (_, port):
        async with client_of(port) as (_, writer):
            writer.write(HELLO)
            await writer.drain()
        await asyncio.wait_for(ended.wait(), 10)


async def test_a_slow_reader_slows_the_writer_down(servers: Servers) -> None:
    """Otherwise the edge would take in what NATS does not: memory without end."""
    gate, everything = asyncio.Event(), 64 * 1024 * 1024
    received = 0

    async def backend(reader: StreamReader, writer: StreamWriter) -> None:
        nonlocal received
        await gate.wait()
        while data := await reader.read(1 << 20):
            received += len(data)
        writer.close()

    sent = 0

    async def send(writer: StreamWriter) -> None:
        nonlocal sent
        writer.write(HELLO)
        while sent < everything:
            writer.write(bytes(1 << 16))
            await writer.drain()
            sent += 1 << 16
        writer.write_eof()

    still: list[int] = []

    def has_come_to_rest() -> bool:
        still.append(sent)
        return sent == everything or (len(still) > 50 and len(set(still[-50:])) == 1)

    async with running_edge(servers, backend) as (_, port), client_of(port) as (reader, writer):
        sending = asyncio.create_task(send(writer))
        try:
            await eventually(has_come_to_rest)
            assert sent < everything
            gate.set()
            assert await _read_to_the_end(reader) == b""
            assert received == len(EDGED) + everything
        finally:
            await end(sending)


async def test_closing_the_edge_closes_everything_without_noise(
    servers: Servers, caplog: pytest.LogCaptureFixture
) -> None:
    clients = []
    gc.collect()
    caplog.clear()  # of what other tests' clients have left behind
    async with running_edge(servers, echo) as (edge, port):
        for hello in (HELLO, HELLO, b"", HELLO[:5]):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            writer.write(hello)
            clients.append((reader, writer, hello))
        for reader, _, hello in clients[:2]:
            assert await reader.readexactly(len(EDGED)) == EDGED, hello
        await eventually(lambda: len(edge._connections) == 4)
        connections = set(edge._connections)
    assert all(connection.done() for connection in connections)
    for reader, writer, _ in clients:
        assert await _read_to_the_end(reader) == b""
        writer.close()
    assert [record for record in caplog.records if record.name == "asyncio"] == []


async def test_the_edge_is_a_service_like_the_others(servers: Servers) -> None:
    variables = environment(servers, "mqtt-edge") | {"AVIARY_MQTT_LISTEN": f"{LOOPBACK}:{free_ports(1)[0]}"}
    async with running_app(edge_app.create, variables) as client:
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200
        assert "aviary_mqtt_edge_connections" in (await client.get("/metrics")).text
        assert (await client.get("/", auth=httpx.BasicAuth("nobody", "nothing"))).status_code == 401


async def _read_to_the_end(reader: StreamReader) -> bytes:
    """Whatever comes until the other side has closed, politely or not."""
    heard = b""
    try:
        async with asyncio.timeout(20):
            while data := await reader.read(65536):
                heard += data
    except ConnectionResetError:
        pass
    return heard
