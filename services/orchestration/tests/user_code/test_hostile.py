"""Code that means harm, sent the way everything is sent."""

import httpx
import pytest

from aviary_orchestration.folder import BotsFolder

BASE = "/controllers/generic"
CONFIG_CLASS = """
from hummingbot.strategy_v2.controllers import ControllerConfigBase
class HostileConfig(ControllerConfigBase):
    controller_name: str = "hostile"
    loot: str = {loot}
"""


async def template_of(api: httpx.AsyncClient, text: str) -> httpx.Response:
    assert (await api.post(f"{BASE}/hostile", json={"content": text})).status_code == 201
    try:
        return await api.get(f"{BASE}/hostile/config/template", timeout=90)
    finally:
        assert (await api.delete(f"{BASE}/hostile")).status_code == 200


@pytest.mark.parametrize(
    "loot",
    [
        "open('/etc/passwd').read()",
        "open('/proc/self/environ').read()",
        "__import__('os').popen('id').read()",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1').read()",
        "str(open('/tmp/hostile', 'w'))",
    ],
)
async def test_there_is_nothing_to_take(api: httpx.AsyncClient, loot: str) -> None:
    answer = await template_of(api, CONFIG_CLASS.format(loot=loot))
    assert answer.status_code == 422
    assert answer.json()["code"] == "user_code_failed"
    assert "hostile.py, line 5" in answer.json()["detail"]
    assert "ermi" in answer.json()["detail"]


async def test_the_services_settings_are_not_there(api: httpx.AsyncClient) -> None:
    loot = "repr(sorted(__import__('os').environ))"
    answer = await template_of(api, CONFIG_CLASS.format(loot=loot))
    assert "AVIARY" not in answer.json()["loot"]["default"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 'a' * 2**40", "user_code_memory"),
        ("import os; os._exit(0)", "user_code_failed"),
        ("import ctypes; ctypes.string_at(1)", "user_code_crash"),
        ("import sys; sys.exit('bye')", "user_code_failed"),
        ("def f(): f()\nf()", "user_code_failed"),
        (CONFIG_CLASS.format(loot="'x' * 3_000_000"), "user_code_answer"),
        ("import sys\nsys.meta_path.clear()\nimport pandas", "user_code_failed"),
        ("import builtins\nbuiltins.isinstance = None", "user_code_failed"),
    ],
)
async def test_each_end_has_its_code_and_the_service_lives(api: httpx.AsyncClient, text: str, code: str) -> None:
    answer = await template_of(api, text)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await api.get("/readyz")).status_code == 200


async def test_uploading_runs_nothing(api: httpx.AsyncClient, folder: BotsFolder) -> None:
    text = "raise SystemExit\n"
    assert (await api.post(f"{BASE}/asleep", json={"content": text})).status_code == 201
    assert (folder.controllers / "generic" / "asleep.py").read_text() == text
    assert (await api.delete(f"{BASE}/asleep")).status_code == 200
