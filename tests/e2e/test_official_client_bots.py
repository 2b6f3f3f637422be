"""The official client's routers for bots, through the edge: everything around them, and a bot's whole life."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest
from docker import DockerClient
from hummingbot_api_client import HummingbotAPIClient
from hummingbot_api_client.routers.archived_bots import ArchivedBotsRouter
from hummingbot_api_client.routers.bot_orchestration import BotOrchestrationRouter
from hummingbot_api_client.routers.controllers import ControllersRouter
from hummingbot_api_client.routers.docker import DockerRouter
from hummingbot_api_client.routers.scripts import ScriptsRouter

from aviary_testing.bots.registry import Registry
from aviary_testing.waiting import eventually
from tests.e2e.official import Recorded
from tests.e2e.test_official_client import router
from tests.stack import Stack

pytestmark = pytest.mark.e2e

CONTROLLER = """
from hummingbot.strategy_v2.controllers.controller_base import ControllerBase, ControllerConfigBase


class TideConfig(ControllerConfigBase):
    controller_name: str = "tide"
    controller_type: str = "generic"
    total_amount_quote: int = 100


class Tide(ControllerBase):
    pass
"""
SCRIPT = """
from hummingbot.strategy.strategy_v2_base import StrategyV2Base, StrategyV2ConfigBase


class WaveConfig(StrategyV2ConfigBase):
    pace: int = 3


class Wave(StrategyV2Base):
    pass
"""

Json = dict[str, Any]


@pytest.fixture(scope="module")
def called() -> dict[type, set[str]]:
    return {}


@pytest.fixture
async def official(stack: Stack) -> AsyncIterator[HummingbotAPIClient]:
    username, password = stack.login
    async with HummingbotAPIClient(stack.url, username, password) as client:
        yield client


def recorded(one: Any, called: dict[type, set[str]]) -> Any:
    return Recorded(one, called.setdefault(type(one), set()))


async def refused(call: Any) -> int:
    with pytest.raises(aiohttp.ClientResponseError) as error:
        await call
    return error.value.status


async def test_controllers(official: HummingbotAPIClient, called: dict[type, set[str]]) -> None:
    controllers = recorded(official.controllers, called)
    assert "message" in await controllers.create_or_update_controller("generic", "tide", {"content": CONTROLLER})
    assert "tide" in (await controllers.list_controllers())["generic"]
    source = await controllers.get_controller("generic", "tide")
    assert (source["name"], source["type"], source["content"]) == ("tide", "generic", CONTROLLER)
    template = await controllers.get_controller_config_template("generic", "tide")
    assert template["total_amount_quote"]["default"] == 100
    config = {"id": "tide_1", "controller_name": "tide", "controller_type": "generic", "total_amount_quote": 7}
    assert "message" in await controllers.validate_controller_config("generic", "tide", config)
    assert await refused(controllers.validate_controller_config("generic", "tide", {"total_amount_quote": "x"})) == 400
    assert "message" in await controllers.create_or_update_controller_config("tide_1", config)
    assert (await controllers.get_controller_config("tide_1"))["total_amount_quote"] == 7
    assert "tide_1" in {each["id"] for each in await controllers.list_controller_configs()}
    assert "message" in await controllers.delete_controller_config("tide_1")
    assert await refused(controllers.get_controller_config("tide_1")) == 404
    assert "message" in await controllers.delete_controller("generic", "tide")
    assert await refused(controllers.get_controller("generic", "tide")) == 404


async def test_scripts(official: HummingbotAPIClient, called: dict[type, set[str]]) -> None:
    scripts = recorded(official.scripts, called)
    assert "message" in await scripts.create_or_update_script("wave", {"content": SCRIPT})
    assert "wave" in await scripts.list_scripts()
    assert (await scripts.get_script("wave"))["content"] == SCRIPT
    assert (await scripts.get_script_config_template("wave"))["pace"] == 3
    assert "message" in await scripts.create_or_update_script_config(
        "wave_1", {"script_file_name": "wave.py", "pace": 5}
    )
    assert (await scripts.get_script_config("wave_1"))["pace"] == 5
    assert "wave_1" in {each["config_name"] for each in await scripts.list_script_configs()}
    assert "message" in await scripts.delete_script_config("wave_1")
    assert "message" in await scripts.delete_script("wave")
    assert "wave" not in await scripts.list_scripts()


async def test_archives_that_are_not_there(official: HummingbotAPIClient) -> None:
    assert isinstance(await official.archived_bots.list_databases(), list)
    assert await refused(official.archived_bots.get_database_summary("bots/archived/no/data/no.sqlite")) == 404


async def test_bots_that_are_not_there(official: HummingbotAPIClient) -> None:
    bots = official.bot_orchestration
    assert await refused(bots.get_bot_status("no-such-bot")) == 404
    assert await refused(bots.start_bot("no-such-bot")) == 404
    assert (await bots.get_bot_runs(bot_name="no-such-bot"))["data"] == []
    assert (await bots.get_latest_controller_performance("no-such-bot"))["data"] == []


async def test_a_bot_s_life(
    official: HummingbotAPIClient, stack: Stack, bot_image: str, called: dict[type, set[str]]
) -> None:
    bots, docker = recorded(official.bot_orchestration, called), recorded(official.docker, called)
    archives, controllers = recorded(official.archived_bots, called), recorded(official.controllers, called)
    await official.accounts.add_account("bot-keeper")
    keys = {"api_key": "bot-keeper-key", "api_secret": "bot-keeper-key-secret"}
    await official.accounts.add_credential("bot-keeper", "sandbox", keys)
    config = {"controller_name": "pmm_simple", "controller_type": "market_making", "total_amount_quote": 100}
    await official.controllers.create_or_update_controller_config("life_1", config)

    assert bot_image in await docker.get_available_images("aviary-test")
    deployed = await bots.deploy_v2_controllers(
        "life", "bot-keeper", ["life_1"], max_global_drawdown_quote=50, image=bot_image
    )
    assert (deployed["success"], deployed["controllers_deployed"]) == (True, ["life_1"])
    name = deployed["unique_instance_name"]

    async def reports() -> bool:
        return bool((await bots.get_bot_status(name))["data"]["performance"])

    await eventually(reports)
    status = (await bots.get_active_bots_status())["data"][name]
    assert (status["status"], status["source"]) == ("running", "docker")
    assert status["performance"]["life_1"]["performance"]["global_pnl_quote"] == 0.75
    assert name in {each["name"] for each in await docker.get_active_containers(name)}
    history = await bots.get_bot_history(name, verbose="true")
    assert history["response"]["data"]["data"]["trades"][0]["symbol"] == "BTC-USDT"
    (own,) = await controllers.get_bot_controller_configs(name)
    assert "message" in await controllers.update_bot_controller_config(
        name, own["_config_name"], {"manual_kill_switch": True}
    )

    async def is_killed() -> bool:
        found = (await bots.get_bot_status(name))["data"]["performance"]
        return bool(found["life_1"]["custom_info"].get("killed"))

    await eventually(is_killed)
    performance = await bots.get_controller_performance_history(name, "life_1", limit=10, interval="1h")
    assert performance["pagination"]["interval"] == "1h"
    assert (await bots.get_latest_controller_performance(name))["status"] == "success"
    (run,) = (await bots.get_bot_runs(bot_name=name, account_name="bot-keeper", strategy_type="controller"))["data"]
    assert (await bots.get_bot_run(run["id"]))["data"]["bot_name"] == name
    assert await refused(bots.delete_bot_run(run["id"])) == 409

    assert (await bots.stop_bot(name))["response"]["success"] is True
    assert (await bots.start_bot(name))["response"]["success"] is True
    assert (await bots.stop_and_archive_bot(name))["status"] == "success"

    async def archived() -> list[str]:
        return [path for path in await archives.list_databases() if name in path]

    async def is_archived() -> bool:
        found = (await bots.get_bot_run(run["id"]))["data"]
        return found["deployment_status"] == "ARCHIVED" and bool(await archived())

    await eventually(is_archived, within_s=60)
    (database,) = await archived()
    assert (await archives.get_database_status(database))["db_path"] == database
    assert (await archives.get_database_trades(database))["trades"] == []
    for read in (archives.get_database_orders, archives.get_database_positions):
        assert await read(database, limit=5)
    for read in (archives.get_database_summary, archives.get_database_performance):
        assert await read(database)
    assert (await archives.get_database_executors(database))["executors"] == []
    assert (await archives.get_database_controllers(database))["controllers"] == []
    assert await archives.delete_archived_bot(database)
    assert await archived() == []
    assert await refused(archives.get_database_status(database)) == 404
    await official.controllers.delete_controller_config("life_1")


async def test_a_bot_is_deployed_from_the_image_of_the_settings(client: httpx.AsyncClient, bot_image: str) -> None:
    body = {"bot_name": "imageless", "script": "quiet_script"}
    name = (await client.post("/bot-orchestration/deploy-v2-script", json=body)).json()["unique_instance_name"]
    (run,) = (await client.get("/bot-orchestration/bot-runs", params={"bot_name": name})).json()["data"]
    assert run["image_version"] == bot_image
    assert (await client.delete(f"/docker/containers/{name}")).json()["success"] is True


async def test_docker(
    official: HummingbotAPIClient, bot_image: str, docker_client: DockerClient, called: dict[type, set[str]]
) -> None:
    bots, docker = recorded(official.bot_orchestration, called), recorded(official.docker, called)
    assert await docker.is_running() is True
    script = {"script": "quiet_script", "image": bot_image}
    name = (await bots.deploy_v2_script("docked", "master_account", **script))["unique_instance_name"]
    assert (await docker.stop_container(name))["success"] is True
    assert [each["status"] for each in await docker.get_exited_containers(name)] == ["exited"]
    assert (await docker.start_container(name))["success"] is True
    assert (await docker.remove_container(name, archive_locally="true"))["success"] is True
    assert name not in (await docker.clean_exited_containers())["containers_deleted"]
    (run,) = (await bots.get_bot_runs(bot_name=name))["data"]
    assert (await bots.delete_bot_run(run["id"]))["archived_folder_deleted"] is True
    async with Registry().running() as registry:
        image = f"{registry.address}/known/bot:v1"
        assert (await docker.pull_image(image))["image_name"] == image

        async def is_there() -> bool:
            return bool((await docker.get_pull_status())["pull_operations"][image]["status"] == "completed")

        await eventually(is_there)
    docker_client.images.remove(image, force=True)


def test_no_method_that_needs_no_engine_was_left_out(called: dict[type, set[str]]) -> None:
    """Together the tests above call every method."""
    ours = {"get_bot_controller_configs", "update_bot_controller_config"}
    assert called[ControllersRouter] | ours == router(ControllersRouter)
    assert called[ScriptsRouter] == router(ScriptsRouter)


def test_no_method_was_left_out(called: dict[type, set[str]], bot_image: str) -> None:
    routers = (ArchivedBotsRouter, BotOrchestrationRouter, ControllersRouter, DockerRouter, ScriptsRouter)
    assert {kind.__name__: called[kind] for kind in routers} == {kind.__name__: router(kind) for kind in routers}
