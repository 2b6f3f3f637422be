"""A cluster of three real NATS servers: what was acknowledged is on two disks at least, and one server may die."""

import subprocess
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nats
import pytest
from nats.errors import Error as NatsError
from pydantic import SecretStr

from aviary_common.bus import Bus
from aviary_common.bus.client import STREAM
from aviary_common.errors import AviaryError
from aviary_common.settings import BusSettings
from aviary_local.nats import binary
from aviary_local.ports import free_ports
from aviary_testing.waiting import eventually

SERVERS = 3


@dataclass
class Cluster:
    urls: list[str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def settings(self, replicas: int) -> BusSettings:
        return BusSettings(
            nats_servers=",".join(self.urls),
            nats_user="trading",
            nats_password=SecretStr("nobody asks for it here"),
            nats_replicas=replicas,
        )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    ports = free_ports(2 * SERVERS)
    clients, routes = ports[:SERVERS], ports[SERVERS:]
    made = Cluster([f"nats://127.0.0.1:{port}" for port in clients])
    peers = ", ".join(f"nats://127.0.0.1:{port}" for port in routes)
    try:
        for number, (port, route) in enumerate(zip(clients, routes, strict=True)):
            configuration = tmp_path / f"{number}.conf"
            configuration.write_text(
                f"server_name: n{number}\nhost: 127.0.0.1\nport: {port}\n"
                f'jetstream {{ store_dir: "{tmp_path}/{number}" }}\n'
                f"cluster {{ name: c, host: 127.0.0.1, port: {route}, routes: [{peers}] }}\n"
            )
            command = [binary(), "-c", str(configuration)]
            made.running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        yield made
    finally:
        for each in made.running:
            each.kill()
            each.wait()


async def test_streams_get_the_replicas_that_are_set_and_outlive_a_server(cluster: Cluster) -> None:
    await (await _connected(cluster, replicas=1)).close()
    bus = await _connected(cluster, replicas=SERVERS)
    client = await nats.connect(cluster.urls)
    jetstream = client.jetstream()

    async def replicated() -> bool:
        info = await jetstream.stream_info(STREAM)
        followers = info.cluster.replicas or [] if info.cluster else []
        return info.config.num_replicas == SERVERS and sum(bool(each.current) for each in followers) == SERVERS - 1

    async def kept() -> bool:
        await bus.publish("aviary.trading.x", {}, message_id="after")
        return (await jetstream.stream_info(STREAM)).state.messages == 1

    await eventually(lambda: _forgiven(replicated), within_s=30)
    leader = (await jetstream.stream_info(STREAM)).cluster
    assert leader is not None
    cluster.running[int(str(leader.leader).removeprefix("n"))].kill()
    await eventually(lambda: _forgiven(kept), within_s=30)
    await client.close()
    await bus.close()


async def _connected(cluster: Cluster, replicas: int) -> Bus:
    made: list[Bus] = []

    async def connected() -> bool:
        made.append(await Bus.connect(cluster.settings(replicas)))
        return True

    await eventually(lambda: _forgiven(connected), within_s=30)
    return made[0]


async def _forgiven(condition: Callable[[], Awaitable[bool]]) -> bool:
    """Servers need a moment to find each other, and to agree on another leader."""
    try:
        return await condition()
    except (AviaryError, NatsError, OSError):
        return False
