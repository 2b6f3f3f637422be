"""The real NATS server takes the chart's configuration, and holds every user to the rights of the local one."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nats
import pytest
from deploy.helm.tests.rendering import Object, of_kind, render
from nats.aio.client import Client
from tests.stack import wait_for

from aviary_local import nats as local
from aviary_local.ports import free_ports
from aviary_local.probes import http_ok
from aviary_local.secrets import Secrets, in_memory
from aviary_local.topology import Service, with_nats

ENGINE = {
    "docker": {"host": "tcp://engine:2376", "broker": "broker:1883"},
    "secrets": {"existingSecret": "own"},
    "storage": {"gateway": {"accessMode": "ReadWriteMany"}},
}


@dataclass(frozen=True)
class Server:
    port: int
    secrets: Secrets


@pytest.fixture(scope="module", params=[{}, ENGINE], ids=["without bots", "with bots"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, secrets = tmp_path_factory.mktemp("nats"), in_memory()
    port, monitor, mqtt = free_ports(3)
    _write(folder, _map(request.param), {4222: port, 8222: monitor, 1883: mqtt})
    running = subprocess.Popen(
        [local.binary(), "-c", str(folder / "nats.conf")],
        env=dict(secrets.values),
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("w"),
    )
    try:
        wait_for(lambda: http_ok(monitor, "/healthz") or running.poll() is not None, "NATS is not there")
        assert running.poll() is None, (folder / "log").read_text()
        yield Server(port, secrets)
    finally:
        running.terminate()
        running.wait()


@pytest.mark.parametrize("service", with_nats(), ids=lambda service: service.name)
async def test_a_service_may_say_what_is_its_own_and_nothing_else(server: Server, service: Service) -> None:
    other = next(each for each in with_nats() if each is not service)
    refused: list[str] = []
    client = await _connect(server, service, refused)
    for subject in (
        *(f"aviary.{area}.x" for area in service.areas),
        *(f"rpc.{name}.x" for name in (service.name, *service.asks)),
    ):
        await client.publish(subject, b"")
    await client.flush()
    assert refused == []
    foreign = next(area for area in other.areas if area not in service.areas)
    await client.publish(f"aviary.{foreign}.x", b"")
    await client.subscribe(f"_INBOX.{other.name}.>")
    await client.flush()
    async with asyncio.timeout(5):
        while len(refused) < 2:
            await asyncio.sleep(0.01)
    await client.close()


async def test_jetstream_is_there(server: Server) -> None:
    client = await _connect(server, with_nats()[0], [])
    assert (await client.jetstream().account_info()).limits.max_streams == -1
    await client.close()


async def test_a_wrong_password_is_refused(server: Server) -> None:
    with pytest.raises(nats.errors.Error):
        await nats.connect(
            f"nats://127.0.0.1:{server.port}", user="trading", password="x", allow_reconnect=False, connect_timeout=3
        )


def test_rights_are_word_for_word_those_of_the_local_server() -> None:
    accounts = _map({})["accounts.conf"]
    for service in with_nats():
        (block,) = re.findall(rf"user: {service.name}, .*\n(.*\n.*)", accounts)
        allowed = [set(re.findall(r'"([^"]+)"', found)) for found in re.findall(r"allow: (\[.*?\])", block)]
        assert allowed == [set(local.publish_rights(service)), set(local.subscribe_rights(service))]


def _map(values: Object) -> dict[str, str]:
    data: dict[str, str] = of_kind(render(values), "ConfigMap")["aviary-nats"]["data"]
    return data


def _write(folder: Path, files: dict[str, str], ports: dict[int, int]) -> None:
    """On loopback and on ports of this test's own; nothing else is touched."""
    for name, text in files.items():
        moved = re.sub(r"(port: )(\d+)", lambda found: f"host: 127.0.0.1; {found[1]}{ports[int(found[2])]}", text)
        moved = re.sub(r"(http: )(\d+)", lambda found: f'{found[1]}"127.0.0.1:{ports[int(found[2])]}"', moved)
        (folder / name).write_text(moved.replace("/data", str(folder)))


async def _connect(server: Server, service: Service, refused: list[str]) -> Client:
    async def note(error: Exception) -> None:
        refused.append(str(error))

    return await nats.connect(
        f"nats://127.0.0.1:{server.port}",
        user=service.name,
        password=server.secrets.nats_password(service),
        inbox_prefix=f"_INBOX.{service.name}",
        error_cb=note,
        allow_reconnect=False,
    )
