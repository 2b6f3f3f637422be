"""A bot's whole life over HTTP, with a real container and the real broker."""

import json
import stat
import time

import httpx
import pytest
import yaml
from docker import DockerClient

from aviary_exchange.hummingbot_files import check_password, read_connector_file
from aviary_orchestration.folder import BotsFolder
from aviary_testing.accounts import Accounts
from aviary_testing.waiting import eventually

from .bots import Bots, Json, ok


async def test_a_bot_is_deployed_watched_stopped_and_archived(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy(controllers=2)
    status = await bots.until(name, lambda found: len(found["performance"]) == 2)
    assert (status["status"], status["source"], status["problems"]) == ("running", "docker", [])
    assert {each["performance"]["global_pnl_quote"] for each in status["performance"].values()} == {0.75}
    assert f"{name} is trading" in [line["msg"] for line in status["general_logs"]]
    await bots.until_run(name, run_status="RUNNING", deployment_status="DEPLOYED")
    assert name in ok(await api.get("/bot-orchestration/status"))["data"]
    history = ok(await api.get(f"/bot-orchestration/{name}/history"))["response"]["data"]
    assert history["data"]["trades"][0]["symbol"] == "BTC-USDT"

    begun = ok(await api.post(f"/bot-orchestration/stop-and-archive-bot/{name}"))
    assert begun["details"]["actual_bot_name"] == name
    run = await bots.until_run(name, run_status="STOPPED", deployment_status="ARCHIVED")
    assert json.loads(run["final_status"])["status"] == "running"
    job = ok(await api.get(f"/bot-orchestration/{name}/archiving"))
    assert list(job["steps"]) == ["stop", "end_container", "revoke", "archive", "remove_container"]
    assert job["steps"]["stop"]["outcome"] == "The bot said that it stopped."
    assert (bots.container_status(name), bots.folder.instance(name).exists()) == (None, False)
    archived = [path for path in ok(await api.get("/archived-bots/")) if name in path]
    assert archived == [f"bots/archived/{name}/data/{name}.sqlite"]
    assert name not in ok(await api.get("/bot-orchestration/status"))["data"]


async def test_a_stopped_bot_is_started_again_by_its_container(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy()
    await bots.until_run(name, run_status="RUNNING")
    stopped = ok(await api.post("/bot-orchestration/stop-bot", json={"bot_name": name}))
    assert stopped["response"] == {"success": True, "message": f"{name} has stopped.", "by": "command"}
    run = await bots.until_run(name, run_status="STOPPED", desired="stopped")
    assert run["stopped_at"] is not None
    await bots.until(name, lambda found: found["status"] == "stopped")
    lines = [line["msg"] for line in (await bots.status(name))["general_logs"]]
    assert "stopped, orders cancelled" in lines
    started = ok(await api.post("/bot-orchestration/start-bot", json={"bot_name": name}))
    assert started["response"]["by"] == "container"
    await bots.until(name, lambda found: found["status"] == "running")
    await bots.until_run(name, run_status="RUNNING", desired="running")


async def test_a_release_that_knows_start_is_started_by_command(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy(knows_start=True)
    ok(await api.post("/bot-orchestration/stop-bot", json={"bot_name": name, "skip_order_cancellation": True}))
    await bots.until(name, lambda found: found["status"] == "stopped")
    assert "stopped, orders kept" in [line["msg"] for line in (await bots.status(name))["general_logs"]]
    started = ok(await api.post("/bot-orchestration/start-bot", json={"bot_name": name, "async_backend": True}))
    assert started["response"]["by"] == "command"
    await bots.until(name, lambda found: found["status"] == "running")


async def test_a_running_bot_cannot_be_started(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy()
    await bots.until(name, lambda found: found["status"] == "running")
    answer = await api.post("/bot-orchestration/start-bot", json={"bot_name": name})
    assert (answer.status_code, answer.json()["code"]) == (409, "bot_running")


async def test_a_bot_that_refuses_to_stop_is_not_stopped(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy(refuses_stop=True)
    answer = await api.post("/bot-orchestration/stop-bot", json={"bot_name": name})
    assert (answer.status_code, answer.json()["code"]) == (409, "bot_refused")
    assert "the orders cannot be cancelled" in answer.json()["detail"]
    assert (await bots.run(name))["desired"] == "running"
    ok(await api.post(f"/bot-orchestration/stop-and-archive-bot/{name}"))
    run = await bots.until_run(name, desired="running", deployment_status="DEPLOYED")
    await eventually(lambda: _failed(bots, name))
    run = await bots.run(name)
    assert "the orders cannot be cancelled" in run["error_message"]
    assert bots.container_status(name) == "running"


async def _failed(bots: Bots, name: str) -> bool:
    return bool(ok(await bots.api.get(f"/bot-orchestration/{name}/archiving"))["state"] == "failed")


async def test_silence_is_an_unknown_outcome(bots: Bots, api: httpx.AsyncClient, replica: object) -> None:
    name = await bots.deploy(deaf=True)
    answer = await api.get(f"/bot-orchestration/{name}/history", params={"timeout": 0.3})
    assert (answer.status_code, answer.json()["code"]) == (503, "bot_silent")
    ok(await api.post(f"/bot-orchestration/stop-and-archive-bot/{name}"))
    await bots.until_run(name, deployment_status="ARCHIVED")
    job = ok(await api.get(f"/bot-orchestration/{name}/archiving"))
    assert "whether it was done is unknown" in job["steps"]["stop"]["outcome"]


async def test_a_command_that_is_lost_on_the_way_is_sent_again(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy(drops_commands=1)
    assert ok(await api.get(f"/bot-orchestration/{name}/history"))["response"]["success"] is True


async def test_a_bot_s_folder_is_as_hummingbot_expects_it(
    bots: Bots, docker_client: DockerClient, accounts: Accounts, folder: BotsFolder
) -> None:
    name = await bots.deploy()
    conf = folder.instance(name) / "conf"
    client = yaml.safe_load((conf / "conf_client.yml").read_text())
    assert client["instance_id"] == client["mqtt_bridge"]["mqtt_username"] == name
    inspected = docker_client.api.inspect_container(name)
    environment = dict(each.split("=", 1) for each in inspected["Config"]["Env"])
    password = environment["CONFIG_PASSWORD"]
    check_password(conf, password)
    keys = read_connector_file(conf / "connectors" / "sandbox.yml", password)
    assert keys.fields["sandbox_api_key"] == accounts.keys[("master_account", "sandbox")]
    assert environment["HEADLESS_MODE"] == "true"
    assert environment["SCRIPT_CONFIG"] == f"{name.rsplit('-', 2)[0]}.yml"
    assert inspected["HostConfig"]["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 2}
    assert inspected["HostConfig"]["Memory"] == 128 * 1024**2
    assert inspected["HostConfig"]["CapDrop"] == ["ALL"]
    assert stat.S_IMODE(folder.instance(name).stat().st_mode) == 0o700


@pytest.mark.parametrize("form", ["reference", "client"])
async def test_controllers_are_deployed_in_both_forms(
    bots: Bots, api: httpx.AsyncClient, folder: BotsFolder, form: str
) -> None:
    asked = f"both-{form}"
    content = {"controller_name": "pmm_simple", "controller_type": "market_making", "total_amount_quote": 250}
    if form == "reference":
        body = {"bot_name": asked, "controller_type": "market_making", "controller_name": "pmm_simple"}
        body |= {"config": [{"id": f"{asked}-c", "total_amount_quote": 250}]}
    else:
        ok(await api.post(f"/controllers/configs/{asked}-c", json=content))
        body = {"instance_name": asked, "credentials_profile": "master_account", "controllers_config": [f"{asked}-c"]}
        body |= {"max_global_drawdown_quote": 50.5}
    deployed = ok(await api.post("/bot-orchestration/deploy-v2-controllers", json=body))
    name = deployed["unique_instance_name"]
    assert (deployed["controllers_deployed"], deployed["success"]) == ([f"{asked}-c"], True)
    assert deployed["script_config_generated"] == f"{name}.yml"
    script = yaml.safe_load((folder.instance(name) / "conf" / "scripts" / f"{name}.yml").read_text())
    assert (script["script_file_name"], script["controllers_config"]) == ("v2_with_controllers.py", [f"{asked}-c.yml"])
    assert script.get("max_global_drawdown_quote") == (50.5 if form == "client" else None)
    status = await bots.until(name, lambda found: found["performance"])
    assert status["performance"][f"{asked}-c"]["custom_info"] == {"amount": 250}
    again = await api.post("/bot-orchestration/deploy-v2-controllers", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "bot_deployed")


async def test_a_live_config_update_reaches_the_bot(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy()
    (config,) = ok(await api.get(f"/controllers/bots/{name}/configs"))
    path = f"/controllers/bots/{name}/{config['_config_name']}/config"
    ok(await api.post(path, json={"total_amount_quote": 777}))
    reports = await bots.until(name, lambda found: _amounts(found) == [777])
    assert reports["status"] == "running"
    ok(await api.post(path, json={"manual_kill_switch": True}))
    await bots.until(
        name, lambda found: all(each["custom_info"].get("killed") for each in found["performance"].values())
    )
    difference = ok(await api.get(f"/bot-orchestration/{name}/diagnosis"))["config_differences"]
    assert difference[0]["changed"]["total_amount_quote"] == {"stored": 100, "bot": 777}


async def test_a_bot_s_trades_are_told_within_a_span(bots: Bots, api: httpx.AsyncClient) -> None:
    name = await bots.deploy()
    path, now = f"/bot-orchestration/{name}/history", int(time.time())

    async def trades(**span: int | str) -> int:
        told = ok(await api.get(path, params={"verbose": "true", **span}))["response"]["data"]
        return len(told["data"]["trades"])

    assert await trades(start_time=now - 60, end_time=now + 600) == 1
    assert await trades(start_time=now + 600) == 0
    assert await trades(end_time=(now - 600) * 1000) == 0
    assert await trades(days=1, precision=4) == 1
    for wrong in ({"start_time": "yesterday"}, {"days": -1}, {"timeout": 0}, {"verbose": "perhaps"}):
        assert (await api.get(path, params=wrong)).status_code == 422
    unknown = await api.get("/bot-orchestration/no-such-bot/history")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_bot")


def _reports(status: Json) -> list[Json]:
    return list(status["performance"].values())


def _amounts(status: Json) -> list[int | None]:
    return [each["custom_info"].get("amount") for each in _reports(status)]
