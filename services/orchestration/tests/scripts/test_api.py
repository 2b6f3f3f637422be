"""Scripts' source, and the defaults of their configs."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aviary_orchestration.folder import BotsFolder

from ..user_code import samples


@pytest.fixture(autouse=True)
def place(folder: BotsFolder) -> Iterator[Path]:
    yield folder.scripts
    for path in folder.scripts.iterdir():
        path.unlink()


async def test_write_read_list_delete(api: httpx.AsyncClient, place: Path) -> None:
    answer = await api.post("/scripts/ladder", json={"content": samples.SCRIPT})
    assert (answer.status_code, answer.json()) == (201, {"message": "Script ladder created."})
    assert (await api.post("/scripts/bare", json="x = 1")).status_code == 201
    assert (await api.get("/scripts/")).json() == ["bare", "ladder"]
    assert (await api.get("/scripts/ladder")).json() == {"name": "ladder", "content": samples.SCRIPT}
    assert (await api.get("/scripts/ladder.py")).json()["name"] == "ladder"
    assert (await api.delete("/scripts/ladder")).json() == {"message": "Script ladder deleted."}
    assert (await api.get("/scripts/ladder")).status_code == 404
    assert (await api.delete("/scripts/ladder")).status_code == 404


async def test_both_paths_give_the_defaults(api: httpx.AsyncClient, place: Path) -> None:
    (place / "ladder.py").write_text(samples.SCRIPT)
    for path in ("config/template", "config-template"):
        assert (await api.get(f"/scripts/ladder/{path}", timeout=90)).json() == {
            "script_file_name": "ladder.py",
            "controllers_config": [],
            "exchange": "binance_paper_trade",
            "pairs": ["ETH-USDT"],
            "spread": "0.001",
            "price_type": "PriceType.MidPrice",
            "order_type": "OrderType.LIMIT",
        }


async def test_no_class_is_404(api: httpx.AsyncClient, place: Path) -> None:
    (place / "plain.py").write_text("x = 1")
    for name in ("plain", "nobody"):
        assert (await api.get(f"/scripts/{name}/config/template", timeout=90)).status_code == 404


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("bad", {"content": "def f(:"}, 422),
        ("bad", {"content": "# " + "x" * 2**20}, 413),
        ("a.b", {"content": "x = 1"}, 400),
        ("__init__", {"content": "x = 1"}, 400),
        ("bad", {}, 422),
    ],
)
async def test_what_is_no_script_is_refused(api: httpx.AsyncClient, name: str, body: object, status: int) -> None:
    assert (await api.post(f"/scripts/{name}", json=body)).status_code == status


async def test_a_config_without_a_script_is_stored_with_a_warning(api: httpx.AsyncClient) -> None:
    answer = await api.post("/scripts/configs/odd", json={"controllers_config": []})
    await api.delete("/scripts/configs/odd")
    assert answer.json()["warnings"] == ["script_file_name is missing: no bot can run this config."]
