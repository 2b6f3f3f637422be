"""Bots connect here. Their first packet gets another client id, and from then on bytes pass as they are."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client import Counter, Gauge

from aviary_common import logs
from aviary_common.cancelling import end
from aviary_orchestration.mqtt_edge.connect import NotMqtt, bind_client_id, read_connect
from aviary_orchestration.mqtt_edge.descriptors import make_room
from aviary_orchestration.mqtt_edge.settings import MqttEdgeSettings
from aviary_orchestration.mqtt_edge.streams import Stream, join

log = logs.get(__name__)

DIAL_WITHIN_S: Final = 2.0
PENDING_CONNECTIONS: Final = 512
SERVER_UNAVAILABLE: Final = b"\x20\x02\x00\x03"
"""A CONNACK that every client understands."""

OPEN: Final = Gauge("aviary_mqtt_edge_connections", "Connections that are open at the bots' edge")
REFUSED: Final = Counter("aviary_mqtt_edge_refused_total", "Connections that got no further than the edge", ["reason"])
for _reason in ("full", "not_mqtt", "silent", "broken", "nats_away"):
    REFUSED.labels(_reason)


class Edge:
    """Owns its connections."""

    def __init__(self, settings: MqttEdgeSettings) -> None:
        self._nats = settings.nats_mqtt
        self._most = settings.mqtt_connections_max
        self._connect_within_s = settings.mqtt_connect_within_s
        self._closed = False
        self._connections: set[asyncio.Task[None]] = set()

    def accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        if self._closed or len(self._connections) >= self._most:
            self._refuse("full")
            writer.transport.abort()
            return
        connection = asyncio.create_task(self._serve(Stream(reader, writer)))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def close(self) -> None:
        self._closed = True
        await end(*self._connections)

    async def _serve(self, client: Stream) -> None:
        try:
            with OPEN.track_inprogress():
                async with asyncio.timeout(self._connect_within_s):
                    packet = bind_client_id(await read_connect(client.reader)).to_bytes()
                await self._pass_on(client, packet)
        except NotMqtt as error:
            self._refuse("not_mqtt", detail=str(error))
        except TimeoutError:
            self._refuse("silent")
        except OSError:
            self._refuse("broken")
        except Exception as error:
            log.error("connection failed", exc_info=error)
        finally:
            await client.close()

    async def _pass_on(self, client: Stream, packet: bytes) -> None:
        server = await self._dial()
        if server is None:
            self._refuse("nats_away")
            client.writer.write(SERVER_UNAVAILABLE)
            return
        try:
            client.notice_death()
            server.writer.write(packet)
            await join(client, server)
        finally:
            await server.close()

    async def _dial(self) -> Stream | None:
        host, _, port = self._nats.rpartition(":")
        try:
            async with asyncio.timeout(DIAL_WITHIN_S):
                return Stream(*await asyncio.open_connection(host, int(port)))
        except OSError:
            return None

    def _refuse(self, reason: str, **more: str) -> None:
        REFUSED.labels(reason).inc()
        log.info("connection refused", reason=reason, **more)


@asynccontextmanager
async def open_edge(settings: MqttEdgeSettings) -> AsyncIterator[Edge]:
    """Bots can connect while this is entered; leaving it disconnects them."""
    make_room(settings.mqtt_connections_max)
    edge = Edge(settings)
    host, _, port = settings.mqtt_listen.rpartition(":")
    listener = await asyncio.start_server(edge.accept, host, int(port), backlog=PENDING_CONNECTIONS)
    try:
        yield edge
    finally:
        listener.close()
        await edge.close()
        await listener.wait_closed()
