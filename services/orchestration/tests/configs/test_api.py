"""Configs of both kinds through HTTP, which differ only in how they show their names."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aviary_common.bus import Bus
from aviary_common.errors import BadRequest, NotFound
from aviary_local.testing import Servers
from aviary_messages.questions import GetControllerConfig
from aviary_orchestration.folder import BotsFolder
from aviary_testing.buses import bus_settings

KINDS = ("controllers", "scripts")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(kind: str, folder: BotsFolder) -> Iterator[Path]:
    place = folder.controller_configs if kind == "controllers" else folder.script_configs
    yield place
    for path in place.iterdir():
        path.unlink()


@pytest.fixture
def base(kind: str, place: Path) -> str:
    return f"/{kind}/configs"


BODY = {"controller_name": "nobody_knows", "controller_type": "generic", "script_file_name": "x.py", "amount": 0.1}


async def test_put_get_list_delete(api: httpx.AsyncClient, base: str, place: Path, kind: str) -> None:
    answer = await api.post(f"{base}/first", json=BODY)
    assert answer.status_code == 201
    assert answer.json() == {"message": "Config first saved.", "id": "first", "warnings": []}
    own = {"id": "first"} if kind == "controllers" else {}
    assert (await api.get(f"{base}/first")).json() == {**own, **BODY}
    assert (await api.get(f"{base}/first.yml")).json() == {**own, **BODY}
    shown = {"id": "first"} if kind == "controllers" else {"config_name": "first"}
    assert (await api.get(f"{base}/")).json() == [{**shown, **BODY}]
    assert (await api.get(base)).json() == [{**shown, **BODY}]
    assert (await api.delete(f"{base}/first")).json() == {"message": "Config first deleted."}
    assert (await api.get(f"{base}/first")).status_code == 404
    assert (await api.delete(f"{base}/first")).status_code == 404


async def test_create_once_replace_after(api: httpx.AsyncClient, base: str) -> None:
    assert (await api.put(f"{base}/new", json=BODY)).status_code == 404
    created = await api.post(base, json={"config_name": "new", **BODY})
    assert (created.status_code, created.json()["id"]) == (201, "new")
    again = await api.post(f"{base}/", json={"id": "new.yml", **BODY})
    assert (again.status_code, again.json()["code"]) == (409, "exists")
    assert (await api.put(f"{base}/new", json={**BODY, "amount": 2})).status_code == 200
    assert (await api.get(f"{base}/new")).json()["amount"] == 2
    assert "config_name" not in (await api.get(f"{base}/new")).json()
    assert (await api.post(base, json=BODY)).status_code == 400
    assert (await api.post(base, json={"id": 5})).status_code == 400


async def test_a_listed_config_can_be_sent_back(api: httpx.AsyncClient, base: str, place: Path) -> None:
    await api.post(f"{base}/one", json=BODY)
    before = (place / "one.yml").read_text()
    (listed,) = (await api.get(base)).json()
    await api.post(f"{base}/one", json=listed)
    assert (place / "one.yml").read_text() == before


async def test_the_name_inside_is_the_name_of_the_file(api: httpx.AsyncClient, kind: str, base: str) -> None:
    await api.post(f"{base}/one", json={"id": "other", **BODY})
    assert (await api.get(f"{base}/one")).json().get("id") == ("one" if kind == "controllers" else None)


async def test_digits_reach_the_file(api: httpx.AsyncClient, base: str, place: Path) -> None:
    text = '{"z": 0.10, "a": 0.0000001, "pair": "☂-USDT", "long": 0.12345678901234567890}'
    answer = await api.post(f"{base}/exact", content=text, headers={"content-type": "application/json"})
    assert answer.status_code == 201
    stored = (place / "exact.yml").read_text()
    assert "z: 0.10\na: 0.0000001\npair: ☂-USDT\nlong: 0.12345678901234567890\n" in stored
    assert (await api.get(f"{base}/exact")).json()["a"] == 1e-7


async def test_malformed_files_do_not_spoil_the_list(api: httpx.AsyncClient, base: str, place: Path, kind: str) -> None:
    await api.post(f"{base}/good", json=BODY)
    (place / "bad.yml").write_text("a: [1")
    bad, good = (await api.get(base)).json()
    if kind == "controllers":
        assert (bad["id"], bad["controller_name"], bad["controller_type"]) == ("bad", "error", "error")
    else:
        assert (bad["config_name"], bad["script_file_name"]) == ("bad", "error")
    assert "bad.yml is not YAML" in bad["error"]
    assert good["amount"] == 0.1
    answer = await api.get(f"{base}/bad")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_config")
    assert (await api.put(f"{base}/bad", json=BODY)).status_code == 200


@pytest.mark.parametrize(
    "name", ["..%2f..%2fsecret", "%2e%2e", ".hidden", "%2fetc%2fpasswd", "a%00", "%C3%A4", "a%20b", "x" * 65, "a.yaml"]
)
async def test_names_that_are_places_are_refused(
    api: httpx.AsyncClient, base: str, folder: BotsFolder, name: str
) -> None:
    before = sorted(folder.root.rglob("*"))
    for method in ("GET", "POST", "PUT", "DELETE"):
        request = api.build_request(method, f"{base}/x", json=BODY)
        request.url = request.url.copy_with(raw_path=f"{base}/{name}".encode())
        assert (await api.send(request)).status_code in (400, 404, 405)
    assert (await api.post(base, json={"id": name})).status_code == 400
    assert sorted(folder.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[]", 422),
        ('"text"', 422),
        ("{", 422),
        ("", 422),
        ('{"a": NaN}', 422),
        ('{"a":' * 60 + "1" + "}" * 60, 422),
        ("[" * 200_000, 422),
        (json.dumps({"a": "\ud800"}), 400),
        (json.dumps({"a": "x" * 2**20}), 413),
    ],
)
async def test_bodies_that_are_no_configs_are_refused(
    api: httpx.AsyncClient, base: str, body: str, status: int
) -> None:
    answer = await api.post(f"{base}/one", content=body)
    assert answer.status_code == status
    assert (await api.get(f"{base}/one")).status_code == 404


async def test_a_body_of_unknown_length_has_a_limit_too(api: httpx.AsyncClient, base: str) -> None:
    sent = 0

    async def endless() -> object:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 65_536

    answer = await api.post(f"{base}/one", content=endless())
    assert answer.status_code == 413
    assert sent < 100


async def test_other_methods_are_405(api: httpx.AsyncClient, base: str) -> None:
    assert (await api.patch(f"{base}/one", json={})).status_code == 405


async def test_other_services_ask_for_a_stored_config_by_its_name(
    api: httpx.AsyncClient, servers: Servers, folder: BotsFolder
) -> None:
    assert (await api.post("/controllers/configs/asked_for", json={"amount": 0.1})).status_code == 201
    bus = await Bus.connect(bus_settings(servers, "backtesting"))
    try:
        for name in ("asked_for", "asked_for.yml"):
            found = await bus.ask(GetControllerConfig(name=name))
            assert (found.name, found.config) == ("asked_for", {"amount": 0.1, "id": "asked_for"})
        with pytest.raises(NotFound, match="There is no config nobody"):
            await bus.ask(GetControllerConfig(name="nobody"))
        with pytest.raises(BadRequest):
            await bus.ask(GetControllerConfig(name="../asked_for"))
    finally:
        await bus.close()
        (folder.controller_configs / "asked_for.yml").unlink()
