"""What a deployment will be made of."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_orchestration.configs.store import ConfigStore
from aviary_orchestration.deployments.plan import Planner
from aviary_orchestration.deployments.schemas import NewControllers, NewScript

BOT = "tide-20260101-120000"
ONE = {"controller_name": "pmm", "controller_type": "market_making", "total_amount_quote": 5}


@pytest.fixture
def scripts(tmp_path: Path) -> ConfigStore:
    (tmp_path / "scripts").mkdir()
    return ConfigStore(tmp_path / "scripts")


@pytest.fixture
def controllers(tmp_path: Path) -> ConfigStore:
    (tmp_path / "controllers").mkdir()
    return ConfigStore(tmp_path / "controllers")


@pytest.fixture
def planner(scripts: ConfigStore, controllers: ConfigStore) -> Planner:
    return Planner(scripts, controllers)


def script(**given: Any) -> NewScript:
    return NewScript(instance_name="tide", **given)


def several(**given: Any) -> NewControllers:
    return NewControllers(instance_name="tide", **given)


def test_a_script_alone(planner: Planner) -> None:
    plan = planner.of_script(script(script="wave.py"), BOT)
    assert (plan.strategy_type, plan.strategy_name, plan.script_config_name) == ("script", "wave", BOT)
    assert plan.script_config == {"script_file_name": "wave.py"}


def test_a_script_with_its_config(planner: Planner, scripts: ConfigStore) -> None:
    plan = planner.of_script(script(script="wave", config={"pace": 3}), BOT)
    assert plan.script_config == {"script_file_name": "wave.py", "pace": 3}
    planner.keep(plan, BOT)
    assert scripts.read(BOT) == plan.script_config


def test_a_stored_config_brings_its_controllers(
    planner: Planner, scripts: ConfigStore, controllers: ConfigStore
) -> None:
    controllers.write("one", ONE)
    scripts.write("day", {"script_file_name": "v2_with_controllers.py", "controllers_config": ["one.yml"]})
    plan = planner.of_script(script(script_config="day.yml"), BOT)
    assert (plan.strategy_name, plan.script_config_name) == ("v2_with_controllers", "day")
    assert plan.controllers == {"one": {**ONE, "id": "one"}}
    planner.keep(plan, BOT)
    assert scripts.names() == ["day"], "what is stored already is left alone"


@pytest.mark.parametrize("listed", ["one.yml", {"one": 1}, 7])
def test_controllers_that_are_no_list(planner: Planner, listed: Any) -> None:
    with pytest.raises(BadRequest):
        planner.of_script(script(script="x", config={"controllers_config": listed}), BOT)


def test_no_script_at_all(planner: Planner) -> None:
    assert planner.of_script(script(), BOT).script_config is None
    with pytest.raises(BadRequest):
        planner.of_script(script(config={"pace": 3}), BOT)


def test_stored_controllers_and_limits(planner: Planner, controllers: ConfigStore) -> None:
    controllers.write("one", ONE)
    plan = planner.of_controllers(several(controllers_config=["one.yml"], max_global_drawdown_quote="50.5"), BOT)
    assert (plan.strategy_type, plan.strategy_name, plan.script_config_name) == ("controller", "pmm", BOT)
    assert plan.script_config == {
        "script_file_name": "v2_with_controllers.py",
        "controllers_config": ["one.yml"],
        "max_global_drawdown_quote": 50.5,
    }
    assert plan.new_configs == {}


def test_new_controllers_are_named_and_stored(planner: Planner, controllers: ConfigStore) -> None:
    new = several(config=[ONE, {"total_amount_quote": 1}], controller_type="generic", controller_name="grid")
    plan = planner.of_controllers(new, BOT)
    assert list(plan.controllers) == [f"{BOT}_1", f"{BOT}_2"]
    assert plan.controllers[f"{BOT}_1"] == {**ONE, "id": f"{BOT}_1"}
    assert plan.controllers[f"{BOT}_2"]["controller_name"] == "grid"
    assert plan.strategy_name == "grid,pmm"
    planner.keep(plan, BOT)
    assert controllers.read(f"{BOT}_2")["controller_type"] == "generic"


def test_a_taken_id_is_only_used_for_the_same(planner: Planner, controllers: ConfigStore) -> None:
    controllers.write("one", {**ONE, "id": "one"})
    same = planner.of_controllers(several(config={**ONE, "id": "one"}), BOT)
    assert list(same.controllers) == ["one"]
    with pytest.raises(Conflict, match="one"):
        planner.of_controllers(several(config={**ONE, "id": "one", "total_amount_quote": Decimal(6)}), BOT)


def test_what_is_not_stored_is_named(planner: Planner) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        planner.of_controllers(several(controllers_config=["nowhere.yml"]), BOT)
    with pytest.raises(BadRequest):
        planner.of_controllers(several(), BOT)
    with pytest.raises(BadRequest, match="controller_name"):
        planner.of_controllers(several(config={"controller_type": "generic"}), BOT)


def test_both_forms_of_the_body_are_the_same() -> None:
    client = NewScript.model_validate({"instance_name": "tide", "script": "wave"})
    reference = NewScript.model_validate({"bot_name": "tide", "script": "wave", "more": 1})
    assert client == reference
    assert client.credentials_profile == "master_account"


def nested(levels: int) -> Any:
    return {"a": nested(levels - 1)} if levels else 1


@pytest.mark.parametrize("config", [{"a": "\x00"}, {"\x00": 1}, {"a": ["\x00"]}, nested(60)])
def test_what_cannot_be_stored_is_refused(config: Any) -> None:
    for kind in (NewScript, NewControllers):
        with pytest.raises(ValidationError):
            kind.model_validate({"instance_name": "tide", "config": config})
