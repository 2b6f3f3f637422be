"""The life of Gateway through both services that share it, with a real container."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from docker import DockerClient
from docker.errors import NotFound as NoContainer

from aviary_gateway_proxy import app as gateway_proxy
from aviary_local.ports import free_ports
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_orchestration import app as orchestration
from aviary_testing.apps import environment, running_app
from aviary_testing.bots import engine
from aviary_testing.gateway_image.image import image as make_image

NAME = f"gateway-{secrets.token_hex(4)}"


@pytest.fixture(scope="module")
def docker_client() -> Iterator[DockerClient]:
    client = engine.connect()
    if client is None:
        pytest.skip(f"no Docker engine answers at {engine.address()}")
    yield client
    client.close()


@pytest.fixture(scope="module")
def servers(docker_client: DockerClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """And no container is left afterwards."""
    with start_servers(tmp_path_factory.mktemp("gateway-life-servers")) as running:
        yield running
        try:
            docker_client.api.remove_container(NAME, force=True)
        except NoContainer:
            return


@pytest.fixture(scope="module")
def port(servers: Servers) -> int:
    """In the network of the machine Gateway listens where its config says."""
    (free,) = free_ports(1)
    conf = servers.gateway_directory / "conf"
    conf.mkdir(parents=True)
    (conf / "server.yml").write_text(f"port: {free}\n")
    return free


@pytest.fixture(scope="module")
async def api(servers: Servers, docker_client: DockerClient, port: int) -> AsyncIterator[httpx.AsyncClient]:
    engine_side = environment(servers, "orchestration") | {
        "DOCKER_HOST": engine.address(),
        "AVIARY_GATEWAY_CONTAINER": NAME,
        "AVIARY_GATEWAY_NETWORK": "host",
        "AVIARY_GATEWAY_MEMORY_MB": "128",
        "AVIARY_GATEWAY_IMAGE": make_image(docker_client),
    }
    async with (
        running_app(orchestration.create, engine_side),
        running_app(gateway_proxy.create, environment(servers, "gateway-proxy")) as client,
    ):
        yield client


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    return answer.json()


def lock_anew(key_file: Path, passphrase: str) -> None:
    key = load_pem_private_key(key_file.read_bytes(), passphrase.encode())
    lock = BestAvailableEncryption(b"yet another passphrase")
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))


async def test_it_is_started_seen_restarted_read_and_stopped(
    api: httpx.AsyncClient, servers: Servers, port: int
) -> None:
    started = ok(await api.post("/gateway/start", json={"port": port}))
    status = ok(await api.get("/gateway/status"))
    assert (status["running"], status["reachable"], status["version"]) == (True, True, "2.13.0")
    assert (status["container_id"], status["port"]) == (started["container_id"], port)
    assert ok(await api.post("/gateway/restart"))["container_id"] == started["container_id"]
    logs = ok(await api.get("/gateway/logs", params={"tail": 2}))["logs"]
    assert "Gateway 2.13.0 on port" in logs
    assert "started with (hidden)" in logs
    anew = ok(await api.post("/gateway/restart", json={"port": port, "passphrase": "a passphrase of the user's own"}))
    assert anew["container_id"] != started["container_id"]
    ok(await api.post("/gateway/stop"))
    status = ok(await api.get("/gateway/status"))
    assert (status["running"], status["reachable"], status["container_id"]) == (False, False, anew["container_id"])


async def test_a_container_with_another_passphrase_than_its_certificates_is_told_and_ended(
    api: httpx.AsyncClient, docker_client: DockerClient, servers: Servers, port: int
) -> None:
    ok(await api.post("/gateway/restart", json={"port": port}))
    ok(await api.post("/gateway/stop"))
    lock_anew(servers.gateway_directory / "certs" / "server_key.pem", servers.secrets.gateway_passphrase)
    answer = await api.post("/gateway/restart")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_passphrase")
    assert docker_client.api.inspect_container(NAME)["State"]["Status"] == "exited"


async def test_an_image_that_has_to_be_pulled_is_told(api: httpx.AsyncClient, port: int) -> None:
    answer = await api.post("/gateway/start", json={"port": port, "image": "no/such-image:1"})
    assert (answer.status_code, answer.json()["code"]) == (404, "image_missing")
    assert "/docker/pull-image" in answer.json()["detail"]
