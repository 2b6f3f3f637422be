"""Controllers' source."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aviary_common.bus import Bus
from aviary_local.testing import Servers
from aviary_messages.questions import GetControllerSource
from aviary_orchestration.folder import BotsFolder
from aviary_testing.buses import bus_settings

from ..user_code import samples

BASE = "/controllers/market_making"


@pytest.fixture
def place(folder: BotsFolder) -> Iterator[Path]:
    place = folder.controllers / "market_making"
    yield place
    assert list(place.iterdir()) == []


async def test_write_read_list_delete(api: httpx.AsyncClient, place: Path) -> None:
    answer = await api.post(f"{BASE}/maker", json={"content": samples.MAKER, "type": "market_making"})
    assert answer.status_code == 201
    assert answer.json() == {"message": "Controller maker created in market_making."}
    assert (place / "maker.py").stat().st_mode & 0o777 == 0o600
    assert (await api.get(f"{BASE}/maker")).json() == {
        "name": "maker",
        "type": "market_making",
        "content": samples.MAKER,
    }
    everything = (await api.get("/controllers/")).json()
    assert list(everything) == ["directional_trading", "market_making", "generic"]
    assert everything["market_making"] == ["maker"]
    for name in ("market_making", "MARKET_MAKING"):
        filtered = await api.get("/controllers", params={"controller_type": name})
        assert filtered.json() == {"market_making": ["maker"]}
    answer = await api.post(f"{BASE}/maker", json={"content": "x = 1"})
    assert answer.json() == {"message": "Controller maker saved in market_making."}
    assert (await api.delete(f"{BASE}/maker")).status_code == 200
    for method in (api.get, api.delete):
        assert (await method(f"{BASE}/maker")).status_code == 404


async def test_a_bare_string_is_source_too(api: httpx.AsyncClient, place: Path) -> None:
    assert (await api.post(f"{BASE}/bare", json="x = 'ä'\r\n")).status_code == 201
    assert (await api.get(f"{BASE}/bare.py")).json()["content"] == "x = 'ä'\r\n"
    await api.delete(f"{BASE}/bare")


async def test_a_package_is_written_read_and_deleted_as_one(api: httpx.AsyncClient, place: Path) -> None:
    (place / "pack").mkdir()
    assert (await api.post(f"{BASE}/pack", json={"content": "x = 1"})).status_code == 201
    assert (place / "pack" / "pack.py").read_text() == "x = 1"
    assert (await api.get("/controllers")).json()["market_making"] == ["pack"]
    (place / "pack" / "more.py").write_text("y = 2")
    assert (await api.delete(f"{BASE}/pack")).status_code == 200
    assert not (place / "pack").exists()


async def test_what_is_no_controller_is_not_listed(api: httpx.AsyncClient, place: Path) -> None:
    made = [place / each for each in ("__init__.py", ".hidden.py", "examples.py", "notes.txt", "with space.py")]
    for path in made:
        path.write_text("")
    folders = [place / "__pycache__", place / "examples", place / "empty"]
    for path in folders:
        path.mkdir()
    assert (await api.get("/controllers")).json()["market_making"] == []
    for path in made:
        path.unlink()
    for path in folders:
        path.rmdir()


async def test_links_are_not_followed(api: httpx.AsyncClient, place: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("secret = 1")
    (place / "link.py").symlink_to(outside)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "linked.py").write_text("secret = 1")
    (place / "linked").symlink_to(tmp_path / "linked")
    for name in ("link", "linked"):
        assert (await api.get(f"{BASE}/{name}")).status_code == 404
        assert (await api.post(f"{BASE}/{name}", json={"content": "x = 1"})).status_code == 201
        assert (await api.delete(f"{BASE}/{name}")).status_code == 200
    assert outside.read_text() == "secret = 1"
    assert (tmp_path / "linked" / "linked.py").read_text() == "secret = 1"
    (place / "linked").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"content": "x = 1\n  y = 2"}, 422, "Line 2"),
        ({"content": "(" * 100_000}, 422, "Line 1"),
        ({"content": "x = '\0'"}, 422, "not Python"),
        ({"content": "\ud800"}, 422, "not Python"),
        ({"content": "x = 1", "type": "generic"}, 400, "generic"),
        ({"content": "# " + "x" * 2**20}, 413, "1,048,576"),
        ({"content": 5}, 422, "content"),
        ({"text": "x = 1"}, 422, "content"),
        ([], 422, "content"),
    ],
)
async def test_what_is_no_source_is_refused(
    api: httpx.AsyncClient, place: Path, body: object, status: int, says: str
) -> None:
    answer = await api.post(f"{BASE}/bad", content=json.dumps(body))
    assert answer.status_code == status
    assert says in answer.json()["detail"]


async def test_a_huge_body_is_refused_before_it_is_parsed(api: httpx.AsyncClient, place: Path) -> None:
    assert (await api.post(f"{BASE}/bad", content=b" " * (7 * 2**20))).status_code == 413


@pytest.mark.parametrize("name", ["a.b", ".hidden", "__init__", "__pycache__", "%C3%A4", "a%20b", "x" * 65, "%2e%2e"])
async def test_names_are_plain(api: httpx.AsyncClient, place: Path, name: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        request = api.build_request(method, f"{BASE}/x", json={"content": "x = 1"})
        request.url = request.url.copy_with(raw_path=f"{BASE}/{name}".encode())
        answer = await api.send(request)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_name")


@pytest.mark.parametrize("path", ["..%2f..%2fconf", "..%2F..%2F..%2Fetc%2Fpasswd", "%2fetc"])
async def test_names_lead_nowhere(api: httpx.AsyncClient, folder: BotsFolder, path: str) -> None:
    before = sorted(folder.root.rglob("*"))
    for method in ("GET", "POST", "DELETE"):
        request = api.build_request(method, f"{BASE}/x", json={"content": "x = 1"})
        request.url = request.url.copy_with(raw_path=f"{BASE}/{path}".encode())
        assert (await api.send(request)).status_code in (400, 404, 405, 422)
    assert sorted(folder.root.rglob("*")) == before


async def test_there_are_three_types(api: httpx.AsyncClient) -> None:
    assert (await api.get("/controllers", params={"controller_type": "other"})).status_code == 422
    for path in (
        "/controllers/other/x",
        "/controllers/other/x/config/template",
        "/controllers/other/x/config-template",
    ):
        assert (await api.get(path)).status_code == 422
    assert (await api.post("/controllers/other/x", json={"content": "x = 1"})).status_code == 422
    assert (await api.delete("/controllers/other/x")).status_code == 422
    assert (await api.post("/controllers/other/x/config/validate", json={})).status_code == 422


async def test_other_services_ask_for_a_source_by_its_name(
    api: httpx.AsyncClient, servers: Servers, place: Path
) -> None:
    assert (await api.post(f"{BASE}/maker", json={"content": samples.MAKER})).status_code == 201
    bus = await Bus.connect(bus_settings(servers, "backtesting"))
    try:
        for question in (GetControllerSource(name="maker"), GetControllerSource(name="maker", type="market_making")):
            found = (await bus.ask(question)).source
            assert found is not None
            assert (found.name, found.type, found.module) == (
                "maker",
                "market_making",
                "controllers.market_making.maker",
            )
            assert found.texts == {found.module: samples.MAKER}
        for question in (GetControllerSource(name="makr"), GetControllerSource(name="maker", type="generic")):
            answer = await bus.ask(question)
            assert (answer.source, answer.nearest) == (None, "maker")
        assert (await bus.ask(GetControllerSource(name="../maker"))).source is None
    finally:
        await bus.close()
        await api.delete(f"{BASE}/maker")
