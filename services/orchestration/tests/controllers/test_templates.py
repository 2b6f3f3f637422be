"""What a controller's config takes."""

from collections.abc import Iterator

import httpx
import pytest

from aviary_orchestration.folder import BotsFolder

from ..user_code import samples


@pytest.fixture(autouse=True)
def controllers(folder: BotsFolder) -> Iterator[None]:
    tide = folder.controllers / "directional_trading" / "tide.py"
    tide.write_text(samples.DIRECTIONAL)
    pair = folder.controllers / "generic" / "pair"
    pair.mkdir()
    for name, text in samples.PACKAGE.items():
        (pair / f"{name}.py").write_text(text)
    nothing = folder.controllers / "generic" / "nothing.py"
    nothing.write_text("x = 1")
    yield
    for path in (tide, nothing, *pair.iterdir()):
        path.unlink()
    pair.rmdir()


TIDE = "/controllers/directional_trading/tide"


async def test_both_paths_give_the_template(api: httpx.AsyncClient) -> None:
    first, second = [(await api.get(f"{TIDE}/{path}", timeout=90)) for path in ("config/template", "config-template")]
    assert first.status_code == 200
    assert first.json() == second.json()
    assert first.json()["total_amount_quote"] == {
        "default": "100",
        "type": "<class 'decimal.Decimal'>",
        "required": False,
        "is_updatable": True,
        "description": None,
    }
    assert first.json()["budget"]["required"] is True
    assert list(first.json())[:3] == ["id", "controller_name", "controller_type"]


async def test_a_package_may_import_what_lies_beside_it(api: httpx.AsyncClient) -> None:
    template = (await api.get("/controllers/generic/pair/config/template", timeout=90)).json()
    assert template["controller_name"]["default"] == "pair"
    assert template["ratio"]["default"] == 2.0
    assert template["leg"]["default"] == {"pair": "SOL-USDT"}


async def test_a_new_source_has_a_new_template(api: httpx.AsyncClient) -> None:
    text = samples.DIRECTIONAL.replace('default="3m"', 'default="5m"')
    assert (await api.post(TIDE, json={"content": text})).status_code == 201
    assert (await api.get(f"{TIDE}/config/template", timeout=90)).json()["interval"]["default"] == "5m"


@pytest.mark.parametrize("path", ["generic/nobody", "generic/nothing", "market_making/tide"])
async def test_no_class_is_404(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.get(f"/controllers/{path}/config/template", timeout=90)).status_code == 404
    assert (await api.post(f"/controllers/{path}/config/validate", json={}, timeout=90)).status_code == 404


async def test_code_that_raises_is_422_and_says_where(api: httpx.AsyncClient, folder: BotsFolder) -> None:
    path = folder.controllers / "generic" / "raises.py"
    path.write_text("\n\n1 / 0")
    answer = await api.get("/controllers/generic/raises/config/template", timeout=90)
    path.unlink()
    assert answer.status_code == 422
    assert answer.json()["detail"] == "raises.py, line 3: ZeroDivisionError: division by zero"


async def test_validation(api: httpx.AsyncClient) -> None:
    config = {"id": "a", "controller_name": "tide", "budget": 10.5, "stop_loss": "0.1"}
    good = await api.post(f"{TIDE}/config/validate", json=config, timeout=90)
    assert (good.status_code, good.json()) == (200, {"message": "Valid config of tide."})
    bad = await api.post(f"{TIDE}/config/validate", json={**config, "leverage": "x", "more": 1}, timeout=90)
    assert (bad.status_code, bad.json()["code"]) == (400, "bad_config")
    assert "leverage: Input should be a valid integer" in bad.json()["detail"]
    assert "more: Extra inputs are not permitted" in bad.json()["detail"]


@pytest.mark.parametrize(
    ("config", "warning"),
    [
        ({"controller_name": "tide", "controller_type": "directional_trading"}, ""),
        ({"controller_name": "nobody", "controller_type": "anything"}, ""),
        ({"controller_name": "tide", "controller_type": "generic"}, "tide is a directional_trading controller"),
        ({"controller_name": "pair"}, "pair is a generic controller"),
        ({}, "controller_name is missing"),
        ({"controller_name": 5}, "controller_name is missing"),
    ],
)
async def test_odd_configs_are_stored_with_a_warning(
    api: httpx.AsyncClient, config: dict[str, object], warning: str
) -> None:
    answer = await api.post("/controllers/configs/odd", json=config)
    await api.delete("/controllers/configs/odd")
    assert answer.status_code == 201
    assert [warning in each for each in answer.json()["warnings"]] == ([True] if warning else [])
