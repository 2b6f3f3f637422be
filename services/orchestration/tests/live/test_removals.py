"""Removing and archiving by a container's name."""

import httpx
import pytest
import yaml

from aviary_local.ports import LOOPBACK
from aviary_local.testing import Servers
from aviary_messages.events import BotFailed
from aviary_testing.mqtt import is_let_in
from aviary_testing.waiting import eventually

from .bots import Bots, Json, ok
from .containers import Containers


def bridge(bots: Bots, place: str, name: str) -> Json:
    """How the bot logs in to the broker."""
    conf = bots.folder.root / place / name / "conf" / "conf_client.yml"
    return dict(yaml.safe_load(conf.read_text())["mqtt_bridge"])


async def can_log_in(servers: Servers, bridge: Json) -> bool:
    username, password = bridge["mqtt_username"], bridge["mqtt_password"]
    return await is_let_in(LOOPBACK, servers.bots_broker_port, username, password)


async def _is_forgotten(bots: Bots, name: str) -> bool:
    return name not in ok(await bots.api.get("/bot-orchestration/status"))["data"]


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/docker/containers/{}"), ("POST", "/docker/remove-container/{}")]
)
async def test_a_removed_bot_is_archived(
    bots: Bots, servers: Servers, failures: list[BotFailed], method: str, path: str
) -> None:
    name = await bots.deploy()
    login = bridge(bots, "instances", name)
    assert await can_log_in(servers, login)
    done = ok(await bots.api.request(method, path.format(name), params={"archive_locally": "true"}))
    assert done == {"success": True, "message": f"{name} is gone. Its folder is bots/archived/{name}."}
    run = await bots.run(name)
    assert (run["deployment_status"], run["run_status"], run["desired"]) == ("ARCHIVED", "STOPPED", "archived")
    assert run["stopped_at"] is not None
    assert (bots.container_status(name), bots.folder.instance(name).exists()) == (None, False)
    assert bridge(bots, "archived", name) == login
    assert not await can_log_in(servers, login)
    await eventually(lambda: _is_forgotten(bots, name))
    assert name not in {each.bot_name for each in failures}, "it did as it was told"
    assert (await bots.api.delete(f"/docker/containers/{name}")).status_code == 404


async def test_a_bot_is_archived_beside_its_container(bots: Bots) -> None:
    name = await bots.deploy()
    path = f"/docker/archive-container/{name}"
    running = await bots.api.post(path)
    assert (running.status_code, running.json()["code"]) == (409, "container_running")
    assert bots.folder.instance(name).is_dir()
    ok(await bots.api.post(f"/docker/stop-container/{name}"))
    done = ok(await bots.api.post(path))
    assert done == {"success": True, "message": f"{name} is archived.", "archive_path": f"bots/archived/{name}"}
    assert bots.container_status(name) == "exited"
    assert (await bots.run(name))["deployment_status"] == "ARCHIVED"
    again = await bots.api.post(path)
    assert (again.status_code, again.json()["code"]) == (404, "no_instance")


async def test_a_bot_is_archived_with_its_container(bots: Bots) -> None:
    name = await bots.deploy()
    ok(await bots.api.post(f"/docker/stop-container/{name}"))
    ok(await bots.api.post(f"/docker/archive-container/{name}", params={"remove": "true"}))
    assert bots.container_status(name) is None
    assert (bots.folder.archived / name).is_dir()


async def test_what_is_being_archived_already_is_409(bots: Bots) -> None:
    name = await bots.deploy(deaf=True)
    ok(await bots.api.post(f"/bot-orchestration/stop-and-archive-bot/{name}"))
    for method, path in (("DELETE", f"/docker/containers/{name}"), ("POST", f"/docker/archive-container/{name}")):
        answer = await bots.api.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (409, "bot_leaving")
    again = await bots.api.post(f"/bot-orchestration/stop-and-archive-bot/{name}")
    assert (again.status_code, again.json()["code"]) == (409, "bot_leaving")
    await bots.until_run(name, deployment_status="ARCHIVED")


async def test_a_container_without_a_folder_is_only_removed(api: httpx.AsyncClient, containers: Containers) -> None:
    name = containers.run()
    assert ok(await api.delete(f"/docker/containers/{name}"))["message"] == f"{name} is gone. It had no folder."
    assert containers.status(name) is None
