"""Gateway's container, as gateway-proxy asks for it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from docker import DockerClient
from docker.errors import NotFound as NoContainer

from aviary_common.bus import Bus
from aviary_common.errors import AviaryError
from aviary_local.ports import free_ports
from aviary_local.testing import Servers
from aviary_messages.questions import (
    CheckGateway,
    GatewayContainer,
    LookAtGateway,
    ReadGatewayLogs,
    RestartGateway,
    RunGateway,
    StopGateway,
)
from aviary_orchestration.engine.containers import GATEWAY, INSTALLATION, installation_of
from aviary_testing.buses import bus_settings
from aviary_testing.waiting import eventually

from . import gateway_keys
from .conftest import GATEWAY_NAME as NAME

PASSPHRASE = "a passphrase for tests"


@pytest.fixture(scope="module")
def port(servers: Servers) -> int:
    """In the network of the machine Gateway listens where its config says."""
    (free,) = free_ports(1)
    conf = servers.gateway_directory / "conf"
    conf.mkdir(parents=True)
    (conf / "server.yml").write_text(f"port: {free}\n")
    return free


@pytest.fixture(scope="module")
async def bus(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Bus]:
    """As gateway-proxy has it, with one replica of orchestration to answer."""
    bus = await Bus.connect(bus_settings(servers, "gateway-proxy"))
    yield bus
    await bus.close()


@pytest.fixture(autouse=True)
def nothing(docker_client: DockerClient, servers: Servers) -> Any:
    """No container before, and none afterwards."""
    remove(docker_client)
    gateway_keys.make(servers.gateway_directory / "certs", PASSPHRASE)
    yield
    remove(docker_client)


def remove(docker: DockerClient) -> None:
    try:
        docker.api.remove_container(NAME, force=True)
    except NoContainer:
        return


async def run(bus: Bus, port: int, **options: Any) -> GatewayContainer:
    question = RunGateway(**{"passphrase": PASSPHRASE, "port": port} | options)
    return await bus.ask(question, deadline_s=60)


async def look(bus: Bus) -> GatewayContainer | None:
    return (await bus.ask(LookAtGateway(), deadline_s=10)).container


async def check(bus: Bus, **options: Any) -> GatewayContainer | None:
    return (await bus.ask(CheckGateway(**options), deadline_s=10)).container


async def printed(bus: Bus, tail: int = 100) -> str:
    return (await bus.ask(ReadGatewayLogs(tail=tail), deadline_s=10)).text


async def is_up(bus: Bus) -> bool:
    return "Gateway 2.13.0 on port" in await printed(bus)


async def refusal(asking: Awaitable[Any]) -> tuple[int, str]:
    with pytest.raises(AviaryError) as refused:
        await asking
    return refused.value.status, refused.value.code


async def test_it_starts_secured(bus: Bus, docker_client: DockerClient, port: int, gateway_image: str) -> None:
    container = await run(bus, port)
    await eventually(lambda: is_up(bus))
    assert await look(bus) == container
    assert (container.url, container.port) == (f"https://127.0.0.1:{port}", port)
    assert (container.status, container.image, container.dev_mode) == ("running", gateway_image, False)
    environment = docker_client.api.inspect_container(NAME)["Config"]["Env"]
    assert {"DEV=false", f"GATEWAY_PASSPHRASE={PASSPHRASE}"} <= {*environment}


async def test_it_sees_its_own_part_of_the_folder_and_is_held_tight(
    bus: Bus, docker_client: DockerClient, servers: Servers, port: int
) -> None:
    await run(bus, port)
    found = docker_client.api.inspect_container(NAME)
    folder, host = servers.gateway_directory, found["HostConfig"]
    assert {(each["Source"], each["Destination"], each["RW"]) for each in found["Mounts"]} == {
        (f"{folder}/conf", "/home/gateway/conf", True),
        (f"{folder}/logs", "/home/gateway/logs", True),
        (f"{folder}/certs", "/home/gateway/certs", False),
    }
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert (host["CapDrop"], host["SecurityOpt"]) == (["ALL"], ["no-new-privileges"])
    assert (host["Memory"], host["PidsLimit"]) == (128 * 1024**2, 512)
    assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "5"}
    assert found["Config"]["Labels"].items() >= {GATEWAY: "secure", INSTALLATION: installation(servers)}.items()


def installation(servers: Servers) -> str:
    return installation_of(servers.bots_directory)


async def test_one_that_runs_is_started_anew_only_when_that_is_meant(bus: Bus, port: int) -> None:
    first = await run(bus, port)
    assert await refusal(run(bus, port)) == (400, "gateway_running")
    second = await run(bus, port, recreate=True)
    assert second.id != first.id
    await eventually(lambda: is_up(bus))


async def test_a_stopped_one_stays_and_is_restarted_or_replaced(bus: Bus, port: int) -> None:
    first = await run(bus, port)
    await eventually(lambda: is_up(bus))
    stopped = await bus.ask(StopGateway(), deadline_s=30)
    assert (stopped.id, stopped.status) == (first.id, "exited")
    assert await bus.ask(StopGateway(), deadline_s=30) == stopped
    restarted = await bus.ask(RestartGateway(), deadline_s=30)
    assert (restarted.id, restarted.status) == (first.id, "running")
    assert restarted.started_at != first.started_at
    await bus.ask(StopGateway(), deadline_s=30)
    assert (await run(bus, port)).id != first.id


async def test_a_wrong_passphrase_ends_it_and_docker_would_go_on(bus: Bus, port: int) -> None:
    await run(bus, port, passphrase="another passphrase")

    async def has_died() -> bool:
        container = await look(bus)
        return container is not None and container.has_died

    await eventually(has_died)
    assert "ERR_OSSL_BAD_DECRYPT" in await printed(bus)
    assert (await bus.ask(StopGateway(), deadline_s=30)).status == "exited"


async def test_the_passphrase_is_not_in_the_logs(bus: Bus, port: int) -> None:
    await run(bus, port)
    await eventually(lambda: is_up(bus))
    assert "started with (hidden)" in (text := await printed(bus, tail=1))
    assert (PASSPHRASE in text, text[:2]) == (False, "20"), "a line begins with its time"


async def test_without_a_container_there_is_none(bus: Bus) -> None:
    assert await look(bus) is None
    for question in (StopGateway(), RestartGateway(), ReadGatewayLogs()):
        assert await refusal(bus.ask(question, deadline_s=30)) == (404, "no_gateway")


async def test_a_missing_image_is_told_and_what_is_there_stays(bus: Bus, port: int) -> None:
    first = await run(bus, port)
    assert await refusal(run(bus, port, image="no/such-image", recreate=True)) == (404, "image_missing")
    assert await refusal(check(bus, image="no/such-image")) == (404, "image_missing")
    assert await look(bus) == await check(bus) == first


async def test_dev_mode_is_for_loopback_only(bus: Bus, port: int) -> None:
    assert await refusal(run(bus, port, dev_mode=True)) == (400, "dev_mode_exposed")
    assert await refusal(check(bus, dev_mode=True)) == (400, "dev_mode_exposed")
    assert await look(bus) is None


async def test_somebody_elses_container_is_left_alone(
    bus: Bus, docker_client: DockerClient, gateway_image: str, port: int
) -> None:
    docker_client.containers.create(gateway_image, name=NAME, network_mode="none")
    assert await look(bus) is None
    asking: list[Callable[[], Awaitable[Any]]] = [
        lambda: run(bus, port, recreate=True),
        lambda: check(bus),
        *(lambda each=each: bus.ask(each, deadline_s=30) for each in (StopGateway(), RestartGateway())),
    ]
    for ask in asking:
        assert await refusal(ask()) == (409, "foreign_container")
    assert docker_client.api.inspect_container(NAME)["State"]["Status"] == "created"


def test_folders_are_for_their_owner(servers: Servers) -> None:
    assert Path(servers.gateway_directory, "logs").stat().st_mode & 0o777 == 0o700
