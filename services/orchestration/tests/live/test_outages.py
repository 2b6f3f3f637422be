"""Whoever dies during a stop-and-archive: it ends right all the same."""

import httpx

from aviary_local.testing import Servers
from aviary_testing.served import Served, served
from aviary_testing.waiting import eventually

from .bots import Bots, ok
from .conftest import Replica
from .gate import Gate


async def begin(api: httpx.AsyncClient, name: str) -> None:
    ok(await api.post(f"/bot-orchestration/stop-and-archive-bot/{name}"))


async def steps(bots: Bots, name: str) -> list[str]:
    return list(ok(await bots.api.get(f"/bot-orchestration/{name}/archiving"))["steps"])


async def archived(bots: Bots, name: str) -> None:
    await bots.until_run(name, deployment_status="ARCHIVED", run_status="STOPPED")
    assert bots.container_status(name) is None
    assert (bots.folder.archived / name / "data" / f"{name}.sqlite").is_file()
    assert not bots.folder.instance(name).exists()


async def test_the_service_is_killed(bots: Bots, hurried: dict[str, str], gate: Gate) -> None:
    """It dies when the bot has stopped and the engine does not answer; the other replica goes on."""
    name = await bots.deploy()
    alone = hurried | {"DOCKER_HOST": gate.address}
    async with served("aviary_orchestration", alone) as doomed, login(doomed, alone) as api:
        gate_after_stop = eventually(lambda: _has_stopped(bots, name))
        await begin(api, name)
        await gate_after_stop
        doomed.kill()
    await archived(bots, name)


async def test_the_engine_is_away_for_a_while(bots: Bots, replica: Replica, gate: Gate) -> None:
    name = await bots.deploy()
    gate.shut()
    async with replica(DOCKER_HOST=gate.address) as api:
        assert ok(await api.get("/docker/running")) is False
        refused = await api.post("/docker/stop-container/anything")
        assert (refused.status_code, refused.json()["code"]) == (503, "docker_away")
        assert "AVIARY_DOCKER_HOST" in refused.json()["detail"]
        gate.reopen()
        assert ok(await api.get("/docker/running")) is True
    await begin(bots.api, name)
    await archived(bots, name)


async def test_the_broker_is_killed(bots: Bots, servers: Servers) -> None:
    name = await bots.deploy()
    servers.nats.kill()
    try:
        await begin(bots.api, name)
    finally:
        servers.nats.start()
    await archived(bots, name)


async def _has_stopped(bots: Bots, name: str) -> bool:
    return "stop" in await steps(bots, name)


def login(service: Served, variables: dict[str, str]) -> httpx.AsyncClient:
    basic = (variables["AVIARY_USERNAME"], variables["AVIARY_PASSWORD"])
    return httpx.AsyncClient(base_url=service.url, auth=basic, timeout=30)
