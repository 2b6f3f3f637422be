"""A deployment that ends half way leaves no folder, no login and no container, and a run that says why."""

from datetime import UTC, datetime
from unittest.mock import patch

import httpx
from docker import DockerClient
from sqlalchemy import select, update

from aviary_common.database import Database
from aviary_messages.events import BotFailed
from aviary_orchestration import looking_after
from aviary_orchestration.broker.tables import bot_identity
from aviary_orchestration.deployments.names import candidates
from aviary_orchestration.engine.containers import BOT
from aviary_orchestration.runs import store as runs
from aviary_orchestration.runs.store import NewRun
from aviary_orchestration.runs.tables import bot_run
from aviary_testing.waiting import eventually

from .bots import Bots, Json, ok
from .conftest import Replica
from .gate import Gate

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def deploy(api: httpx.AsyncClient, asked: str) -> httpx.Response:
    body = {"instance_name": asked, "script": "quiet_script", "headless": True}
    return await api.post("/bot-orchestration/deploy-v2-script", json=body)


async def nothing_is_left(bots: Bots, database: Database, failures: list[BotFailed], asked: str) -> Json:
    """The failed run."""
    await bots.until_run(asked, deployment_status="FAILED")
    run = await bots.run(asked)
    name = run["bot_name"]
    assert (run["run_status"], run["deployment_status"]) == ("ERROR", "FAILED")
    assert [path for path in bots.folder.instances.iterdir() if asked in path.name] == []
    assert bots.docker.api.containers(all=True, filters={"label": f"{BOT}={name}"}) == []
    async with database.single() as connection:
        query = select(bot_identity.c.bot_name).where(bot_identity.c.bot_name == name)
        assert (await connection.scalars(query)).all() == []
    await eventually(lambda: [each.kind for each in failures if each.bot_name == name] == ["deployment"])
    return run


async def test_a_container_that_cannot_start(
    bots: Bots, replica: Replica, database: Database, failures: list[BotFailed]
) -> None:
    async with replica(AVIARY_BOT_NETWORK="no-such-network") as api:
        answer = await deploy(api, "no-network")
    assert (answer.status_code, "no-such-network" in answer.json()["detail"]) == (404, True)
    run = await nothing_is_left(bots, database, failures, "no-network")
    assert "no-such-network" in run["error_message"]


async def test_a_container_of_somebody_else_has_the_name(
    bots: Bots, replica: Replica, database: Database, failures: list[BotFailed], docker_client: DockerClient, image: str
) -> None:
    now = datetime.now(UTC)
    other = docker_client.containers.create(image, name=next(candidates("taken", now)))
    try:
        with patch.object(looking_after, "utc_now", lambda: now):
            async with replica() as api:
                answer = await deploy(api, "taken")
        assert (answer.status_code, answer.json()["code"]) == (409, "docker_conflict")
        await nothing_is_left(bots, database, failures, "taken")
        other.reload()
    finally:
        other.remove()


async def test_an_account_whose_settings_cannot_be_read(
    bots: Bots, database: Database, failures: list[BotFailed]
) -> None:
    settings = bots.folder.root / "credentials" / "master_account" / "conf_client.yml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("- no\n- settings")
    try:
        answer = await deploy(bots.api, "bad-settings")
    finally:
        settings.unlink()
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_config")
    await nothing_is_left(bots, database, failures, "bad-settings")


async def test_an_engine_that_goes_away_half_way(
    bots: Bots, replica: Replica, gate: Gate, database: Database, failures: list[BotFailed]
) -> None:
    """The container has been made and cannot be removed: the watcher does that when the engine is back."""
    async with replica(DOCKER_HOST=gate.address) as api:
        gate.shut_at(b"/start HTTP")
        answer = await deploy(api, "half-way")
        assert answer.status_code == 503
        assert "AVIARY_DOCKER_HOST" in answer.json()["detail"]
        gate.reopen()
        run = await nothing_is_left(bots, database, failures, "half-way")
    assert "Docker does not answer" in run["error_message"]


async def test_what_a_dead_replica_has_left_is_taken_back(
    bots: Bots, database: Database, failures: list[BotFailed], docker_client: DockerClient, image: str
) -> None:
    name = "left-20260101-000000"
    new = NewRun(name, "left", "script", "quiet_script", None, "master_account", image, {})
    for folder in (name, f".{name}"):
        bots.folder.instance(folder).mkdir()
    other = await bots.deploy()
    labels = docker_client.api.inspect_container(other)["Config"]["Labels"]
    async with database.transaction() as connection:
        run = await runs.add(connection, new)
    docker_client.containers.create(image, name=name, labels={**labels, BOT: name})
    async with database.transaction() as connection:
        await connection.execute(update(bot_run).where(bot_run.c.id == run.id).values(deployed_at=LONG_AGO))
    left = await nothing_is_left(bots, database, failures, "left")
    assert left["error_message"] == "The replica that deployed it has ended half way."
    answer = ok(await bots.api.get(f"/bot-orchestration/{other}/status"))
    assert answer["data"]["container_status"] == "running"
