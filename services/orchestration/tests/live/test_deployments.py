"""What is deployed, in all the forms that callers use, and what is refused before anything is touched."""

import secrets
from typing import Any

import httpx
import pytest
import yaml

from aviary_testing.accounts import Accounts

from .bots import Bots, Json, ok

SCRIPT, CONTROLLERS = "/bot-orchestration/deploy-v2-script", "/bot-orchestration/deploy-v2-controllers"
CONTROLLER: Json = {"controller_name": "pmm_simple", "controller_type": "market_making", "total_amount_quote": 100}


def asked() -> str:
    return f"asked{secrets.token_hex(3)}"


async def refused(bots: Bots, path: str, body: Json) -> tuple[int, str, str]:
    """And nothing is left of it."""
    before = sorted(bots.folder.instances.iterdir())
    answer = await bots.api.post(path, json=body)
    assert not answer.is_success
    assert sorted(bots.folder.instances.iterdir()) == before
    runs = ok(await bots.api.get("/bot-orchestration/bot-runs", params={"bot_name": str(body.get("instance_name"))}))
    assert runs["total"] == 0
    found = answer.json()
    return answer.status_code, found.get("code", ""), str(found["detail"])


@pytest.mark.parametrize("path", [SCRIPT, CONTROLLERS])
@pytest.mark.parametrize(
    "wrong",
    [
        {"instance_name": "a name"},
        {"instance_name": "../evil"},
        {"instance_name": ""},
        {"instance_name": "n" * 46},
        {"instance_name": None},
        {"script_config": "../../etc/passwd"},
        {"credentials_profile": "no/profile"},
    ],
)
async def test_bad_names_are_422(bots: Bots, path: str, wrong: Json) -> None:
    body = {"instance_name": "fine", "script": "quiet_script", "controllers_config": ["one"], **wrong}
    assert (await refused(bots, path, body))[0] == 422


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (SCRIPT, {"script": "../x"}),
        (CONTROLLERS, {"controllers_config": ["a b"]}),
        (CONTROLLERS, {"controllers_config": "one"}),
        (CONTROLLERS, {"max_global_drawdown_quote": -1}),
        (CONTROLLERS, {"max_controller_drawdown_quote": "NaN"}),
    ],
)
async def test_bad_values_are_422(bots: Bots, path: str, wrong: Json) -> None:
    assert (await refused(bots, path, {"instance_name": "fine", **wrong}))[0] == 422


@pytest.mark.parametrize(
    ("path", "wrong", "code"),
    [
        (SCRIPT, {"config": {"a": 1}}, "no_script"),
        (CONTROLLERS, {}, "no_controllers"),
        (CONTROLLERS, {"controllers_config": []}, "no_controllers"),
        (CONTROLLERS, {"config": {"total_amount_quote": 1}}, "bad_config"),
        (CONTROLLERS, {"config": [{"id": "../x", **CONTROLLER}]}, "bad_name"),
        (SCRIPT, {"script": "quiet_script", "image": "No Image"}, "bad_image"),
    ],
)
async def test_what_makes_no_bot_is_400(bots: Bots, path: str, wrong: Json, code: str) -> None:
    status, found, _ = await refused(bots, path, {"instance_name": "fine", **wrong})
    assert (status, found) == (400, code)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CONTROLLERS, {"controllers_config": ["nowhere-at-all"]}),
        (CONTROLLERS, {"controllers_config": ["nowhere-at-all.yml"]}),
        (SCRIPT, {"script_config": "nowhere-at-all.yml"}),
        (SCRIPT, {"script": "x", "config": {"controllers_config": ["nowhere-at-all.yml"]}}),
    ],
)
async def test_an_unknown_config_is_404_and_named(bots: Bots, path: str, body: Json) -> None:
    status, _, words = await refused(bots, path, {"instance_name": "fine", **body})
    assert status == 404
    assert "nowhere-at-all" in words


async def test_an_unknown_account_and_a_missing_image_are_404(bots: Bots) -> None:
    body = {"instance_name": "fine", "script": "quiet_script"}
    status, code, words = await refused(bots, SCRIPT, body | {"credentials_profile": "nobody"})
    assert (status, code, "nobody" in words) == (404, "unknown_account", True)
    status, code, words = await refused(bots, SCRIPT, body | {"image": "nobody/has-this:1"})
    assert (status, code) == (404, "image_missing")
    assert "nobody/has-this:1" in words
    assert "/docker/pull-image" in words


async def test_characters_that_the_database_does_not_take_are_refused(bots: Bots) -> None:
    body = {"instance_name": "fine", "config": [{**CONTROLLER, "controller_name": "pmm\x00simple"}]}
    status, _, _ = await refused(bots, CONTROLLERS, body)
    assert status in (400, 422)


async def test_the_same_name_is_deployed_twice_only_on_demand(bots: Bots) -> None:
    body = {"instance_name": asked(), "script": "quiet_script", "headless": True}
    first = ok(await bots.api.post(SCRIPT, json=body))["unique_instance_name"]
    answer = await bots.api.post(SCRIPT, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "bot_deployed")
    assert first in answer.json()["detail"]
    second = ok(await bots.api.post(SCRIPT, json=body | {"allow_duplicate": True}))["unique_instance_name"]
    assert second != first
    found = ok(await bots.api.get("/bot-orchestration/bot-runs", params={"bot_name": body["instance_name"]}))
    assert [run["bot_name"] for run in found["data"]] == [second, first]


async def test_an_inline_config_does_not_replace_another_of_its_id(bots: Bots) -> None:
    config = asked()
    ok(await bots.api.post(f"/controllers/configs/{config}", json=CONTROLLER))
    other = {"instance_name": asked(), "config": [{**CONTROLLER, "id": config, "total_amount_quote": 5}]}
    status, code, words = await refused(bots, CONTROLLERS, other)
    assert (status, code, config in words) == (409, "config_exists", True)
    assert ok(await bots.api.get(f"/controllers/configs/{config}"))["total_amount_quote"] == 100


SCRIPT_FORMS: list[Json] = [
    {"script": "quiet_script"},
    {"script": "quiet_script.py", "config": {"pace": 3}},
    {"bot_name": "x", "script": "quiet_script", "config": {"pace": 3}},
    {"script_config": "stored.yml"},
    {"script_config": "stored"},
]


@pytest.mark.parametrize("form", SCRIPT_FORMS)
async def test_a_script_is_deployed_in_every_form(
    bots: Bots, api: httpx.AsyncClient, form: Json, docker_client: Any
) -> None:
    ok(await api.post("/scripts/configs/stored", json={"script_file_name": "quiet_script.py", "pace": 3}))
    body = {**form, "bot_name" if "bot_name" in form else "instance_name": asked(), "headless": True}
    name = ok(await api.post(SCRIPT, json=body))["unique_instance_name"]
    config = "stored" if "script_config" in form else name
    conf = yaml.safe_load((bots.folder.instance(name) / "conf" / "scripts" / f"{config}.yml").read_text())
    assert conf == {"script_file_name": "quiet_script.py", **({} if form == SCRIPT_FORMS[0] else {"pace": 3})}
    environment = docker_client.api.inspect_container(name)["Config"]["Env"]
    assert f"SCRIPT_CONFIG={config}.yml" in environment
    run = await bots.run(name)
    assert (run["strategy_type"], run["strategy_name"], run["config_name"]) == ("script", "quiet_script", config)
    assert name in ok(await api.get("/bot-orchestration/bot-runs"))["data"][0]["bot_name"]
    if "config" in form:
        assert ok(await api.get(f"/scripts/configs/{name}"))["pace"] == 3


async def test_params_are_written_into_the_bot_s_config_before_it_starts(bots: Bots, accounts: Accounts) -> None:
    name = await bots.deploy()
    await bots.until(name, lambda found: found["performance"])
    running = await bots.api.post("/bot-orchestration/start-bot", json={"bot_name": name, "config_params": {"a": 1}})
    assert running.status_code == 409
    ok(await bots.api.post("/bot-orchestration/stop-bot", json={"bot_name": name}))
    body = {"bot_name": name, "config_params": {"refuses_stop": True, "pace": 7}}
    assert ok(await bots.api.post("/bot-orchestration/start-bot", json=body))["response"]["by"] == "container"
    (file,) = (bots.folder.instance(name) / "conf" / "scripts").iterdir()
    conf = yaml.safe_load(file.read_text())
    assert (conf["pace"], conf["script_file_name"]) == (7, "v2_with_controllers.py")
    await bots.until(name, lambda found: found["performance"])
    answer = await bots.api.post("/bot-orchestration/stop-bot", json={"bot_name": name})
    assert "the orders cannot be cancelled" in answer.json()["detail"]
