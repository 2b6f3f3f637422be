"""The configs that a bot runs with."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aviary_orchestration.folder import BotsFolder

TEXT = "id: one\ncontroller_name: maker\ncontroller_type: generic\nspread: 0.10\nnested:\n  a: 1\n  b: 2\n"


@pytest.fixture
def configs(folder: BotsFolder) -> Iterator[Path]:
    instance = folder.instance("river-20260101-000000")
    configs = instance / "conf" / "controllers"
    configs.mkdir(parents=True)
    (configs / "one.yml").write_text(TEXT)
    (configs / "one.yml").chmod(0o644)
    yield configs
    shutil.rmtree(instance)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


BOT = "/controllers/bots/river-20260101-000000"


async def test_they_are_listed_with_their_names(api: httpx.AsyncClient, configs: Path) -> None:
    (configs / "broken.yml").write_text("- a")
    broken, one = (await api.get(f"{BOT}/configs")).json()
    assert one == {
        "id": "one",
        "controller_name": "maker",
        "controller_type": "generic",
        "spread": 0.1,
        "nested": {"a": 1, "b": 2},
        "_config_name": "one",
    }
    assert (broken["id"], broken["_config_name"], broken["controller_name"]) == ("broken", "broken", "error")


async def test_keys_are_replaced_and_the_rest_stays(api: httpx.AsyncClient, configs: Path) -> None:
    changes = {"nested": {"a": 3}, "manual_kill_switch": True, "_config_name": "one", "controller_name": "maker"}
    answer = await api.post(f"{BOT}/one/config", json=changes)
    assert answer.status_code == 200
    assert list(answer.json()) == ["message"]
    assert (configs / "one.yml").read_text() == (
        "id: one\ncontroller_name: maker\ncontroller_type: generic\nspread: 0.10\n"
        "nested:\n  a: 3\nmanual_kill_switch: true\n"
    )
    assert (configs / "one.yml").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("change", [{"id": "two"}, {"controller_name": "x"}, {"controller_type": None}])
async def test_what_a_config_is_cannot_change(api: httpx.AsyncClient, configs: Path, change: dict[str, object]) -> None:
    answer = await api.post(f"{BOT}/one/config", json={"spread": 1, **change})
    assert (answer.status_code, answer.json()["code"]) == (400, "fixed_field")
    assert (configs / "one.yml").read_text() == TEXT


async def test_changes_at_once_are_all_there(api: httpx.AsyncClient, configs: Path) -> None:
    changes = {f"key_{number}": number for number in range(12)}
    answers = await asyncio.gather(
        *(api.post(f"{BOT}/one/config", json={key: value}) for key, value in changes.items())
    )
    assert {answer.status_code for answer in answers} == {200}
    (one,) = (await api.get(f"{BOT}/configs")).json()
    assert changes.items() <= one.items()
    assert names_in(configs) == ["one.yml"]


async def test_what_is_not_there_is_404(api: httpx.AsyncClient, configs: Path, folder: BotsFolder) -> None:
    assert (await api.get("/controllers/bots/nobody/configs")).status_code == 404
    assert (await api.post("/controllers/bots/nobody/one/config", json={})).status_code == 404
    assert (await api.post(f"{BOT}/two/config", json={})).status_code == 404
    (folder.instance("bare")).mkdir()
    assert (await api.get("/controllers/bots/bare/configs")).json() == []
    assert (await api.post("/controllers/bots/bare/one/config", json={})).status_code == 404
    (folder.instance("bare")).rmdir()


async def test_names_are_plain(api: httpx.AsyncClient, configs: Path) -> None:
    for path in (f"{BOT}/a.b/config", "/controllers/bots/.x/one/config"):
        assert (await api.post(path, json={})).status_code == 400
    assert (await api.get("/controllers/bots/.x/configs")).status_code == 400


async def test_a_broken_config_cannot_be_changed(api: httpx.AsyncClient, configs: Path) -> None:
    (configs / "one.yml").write_text("a: [")
    answer = await api.post(f"{BOT}/one/config", json={"a": 1})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_config")
