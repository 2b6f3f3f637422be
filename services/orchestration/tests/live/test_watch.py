"""What goes wrong with bots is found, told, and over when it is over."""

import httpx
from sqlalchemy import update

from aviary_common.database import Database
from aviary_messages.events import BotFailed
from aviary_orchestration.runs.states import Desired, RunStatus
from aviary_orchestration.runs.tables import bot_run
from aviary_testing.waiting import eventually

from .bots import Bots, Json, ok
from .conftest import Replica


def kinds(status: Json) -> list[str]:
    return [problem["kind"] for problem in status["problems"]]


async def test_a_crash_loop_is_found_and_explained(
    bots: Bots, api: httpx.AsyncClient, failures: list[BotFailed]
) -> None:
    name = await bots.deploy_silent(crash_after_s=0.6, exit_code=3)
    await bots.until(name, lambda found: kinds(found) == ["crash_loop"])
    run = await bots.until_run(name, run_status="ERROR")
    assert "exit code was 3" in run["error_message"] or "exit code 3" in run["error_message"]
    await eventually(lambda: (name, "crash_loop") in [(each.bot_name, each.kind) for each in failures])
    await eventually(lambda: bots.container_status(name) == "exited")

    async def is_explained() -> bool:
        found = ok(await api.get(f"/bot-orchestration/{name}/diagnosis"))
        return bool(
            found["container"]["exit_code"] == 3
            and found["container"]["restarts"] == 2
            and found["last_error"]
            and "insufficient balance" in found["last_error"]["msg"]
            and any("RuntimeError: insufficient balance" in line for line in found["last_lines"])
            and any("exit code 3" in finding for finding in found["findings"])
        )

    await eventually(is_explained)


async def test_a_bot_whose_container_is_gone_is_missing(bots: Bots, failures: list[BotFailed]) -> None:
    name = await bots.deploy()
    bots.docker.api.remove_container(name, force=True)
    await bots.until(name, lambda found: kinds(found) == ["missing"])
    await eventually(lambda: (name, "missing") in [(each.bot_name, each.kind) for each in failures])


async def test_a_killed_container_has_ended(bots: Bots) -> None:
    name = await bots.deploy()
    bots.docker.api.update_container(name, restart_policy={"Name": "no"})
    bots.docker.api.kill(name)
    await bots.until(name, lambda found: kinds(found) == ["ended"])
    bots.docker.api.start(name)
    await bots.until(name, lambda found: kinds(found) == [] and found["status"] == "running")


async def test_a_container_without_a_run_is_an_orphan(bots: Bots, image: str, api: httpx.AsyncClient) -> None:
    name = await bots.deploy()
    labels = bots.docker.api.inspect_container(name)["Config"]["Labels"]
    created = bots.docker.containers.create(
        image, ["/opt/python/bin/python3", "-c", "pass"], name="orphan", labels=labels
    )
    await bots.until("orphan", lambda found: kinds(found) == ["orphan"])
    created.remove()

    async def is_unknown() -> bool:
        return (await api.get("/bot-orchestration/orphan/status")).status_code == 404

    await eventually(is_unknown)


async def test_performance_is_sampled(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy(controllers=2)

    async def sampled() -> bool:
        found = ok(await api.get("/bot-orchestration/controller-performance-history", params={"bot_name": name}))
        return len(found["data"]) >= 6

    await eventually(sampled)
    latest = ok(await api.get("/bot-orchestration/controller-performance-latest", params={"bot_name": name}))["data"]
    assert len(latest) == 2
    assert latest[0]["performance"]["global_pnl_quote"] == 0.75
    page = ok(await api.get("/bot-orchestration/controller-performance-history", params={"bot_name": name, "limit": 3}))
    rest = ok(
        await api.get(
            "/bot-orchestration/controller-performance-history",
            params={"bot_name": name, "limit": 3, "cursor": page["pagination"]["next_cursor"]},
        )
    )
    moments = [each["timestamp"] for each in (*page["data"], *rest["data"])]
    assert moments == sorted(moments, reverse=True)
    daily = ok(
        await api.get("/bot-orchestration/controller-performance-history", params={"bot_name": name, "interval": "1d"})
    )
    assert len(daily["data"]) == 2


async def test_a_replica_recalls_what_was_said_before_it_listened(bots: Bots, replica: Replica) -> None:
    name = await bots.deploy()
    async with replica() as second:

        async def recalls() -> bool:
            found = ok(await second.get(f"/bot-orchestration/{name}/status"))["data"]
            return f"{name} is trading" in [line["msg"] for line in found["general_logs"]]

        await eventually(recalls)


async def test_a_bot_that_says_nothing_is_silent(bots: Bots) -> None:
    name = await bots.deploy_silent(mute=True)

    async def is_silent() -> bool:
        return kinds(await bots.status(name)) == ["silent"]

    await eventually(is_silent, within_s=60)


async def test_a_bot_that_trades_though_it_should_not_is_a_zombie(
    bots: Bots, database: Database, failures: list[BotFailed]
) -> None:
    name = await bots.deploy()
    await bots.until_run(name, run_status="RUNNING")
    async with database.single() as connection:
        values = {"desired": Desired.STOPPED, "run_status": RunStatus.STOPPED}
        await connection.execute(update(bot_run).where(bot_run.c.bot_name == name).values(values))
    await bots.until(name, lambda found: kinds(found) == ["zombie"])
    await eventually(lambda: (name, "zombie") in [(each.bot_name, each.kind) for each in failures])
    ok(await bots.api.post("/bot-orchestration/stop-bot", json={"bot_name": name}))
    await bots.until(name, lambda found: kinds(found) == [])


async def test_a_container_that_was_stopped_by_name_has_not_failed(bots: Bots, failures: list[BotFailed]) -> None:
    name = await bots.deploy()
    await bots.until_run(name, run_status="RUNNING")
    ok(await bots.api.post(f"/docker/containers/{name}/stop"))
    await bots.until_run(name, desired="stopped")
    await bots.until(name, lambda found: found["container_status"] == "exited")
    assert kinds(await bots.status(name)) == []
    ok(await bots.api.post(f"/docker/containers/{name}/start"))
    await bots.until_run(name, desired="running")
    await bots.until(name, lambda found: found["status"] == "running" and found["container_status"] == "running")
    assert name not in [each.bot_name for each in failures]
