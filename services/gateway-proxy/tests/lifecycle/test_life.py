"""A Gateway of our own: started, looked at, read, restarted, stopped."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from aviary_local.testing import Servers
from aviary_testing.waiting import eventually

from . import keystore
from .house import MISSING, House


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    return answer.json()


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def contents(folder: Path, but: str = "") -> dict[Path, bytes]:
    return {each: each.read_bytes() for each in folder.rglob("*") if each.is_file() and each.name != but}


GIVEN = "a passphrase of the user's own"


async def test_without_a_container_everything_says_so(api: httpx.AsyncClient) -> None:
    nothing = dict.fromkeys(("container_id", "image", "created_at", "port", "url", "version"))
    assert ok(await api.get("/gateway/status")) == {"running": False, "reachable": False} | nothing
    for method, path in (("POST", "stop"), ("POST", "restart"), ("GET", "logs")):
        assert refused(await api.request(method, f"/gateway/{path}")) == (404, "no_gateway")


async def test_a_start_returns_when_gateway_answers_over_mutual_tls(api: httpx.AsyncClient, house: House) -> None:
    started = ok(await api.post("/gateway/start", json={}))
    assert (started["success"], started["port"], len(started["container_id"])) == (True, house.port, 64)
    status = ok(await api.get("/gateway/status"))
    assert (status["running"], status["reachable"], status["version"]) == (True, True, "2.13.0")
    assert status["url"] == f"https://127.0.0.1:{house.port}"
    assert status["created_at"].endswith("Z")
    with pytest.raises((httpx.HTTPError, ssl.SSLError)):
        async with httpx.AsyncClient(verify=False) as stranger:  # noqa: S501 - a stranger trusts anybody
            await stranger.get(status["url"])


async def test_our_own_passphrase_is_used_when_none_is_given(
    api: httpx.AsyncClient, house: House, servers: Servers
) -> None:
    ok(await api.post("/gateway/start"))
    assert house.given
    assert house.given.passphrase.get_secret_value() == servers.secrets.gateway_passphrase


async def test_a_given_passphrase_is_used_and_kept_nowhere(api: httpx.AsyncClient, house: House, folder: Path) -> None:
    ok(await api.post("/gateway/start", json={"passphrase": GIVEN, "image": "gw:2", "environment": "mainnet"}))
    assert house.given
    assert (house.given.passphrase.get_secret_value(), house.given.image) == (GIVEN, "gw:2")
    written = contents(folder, but="printed.log")
    assert written
    assert not [path for path, content in written.items() if GIVEN.encode() in content]


async def test_after_a_given_passphrase_our_own_works_again(api: httpx.AsyncClient) -> None:
    ok(await api.post("/gateway/start", json={"passphrase": GIVEN}))
    ok(await api.post("/gateway/stop"))
    ok(await api.post("/gateway/start"))
    assert ok(await api.get("/gateway/status"))["reachable"] is True


async def test_dev_mode_is_plain_http(api: httpx.AsyncClient, house: House) -> None:
    ok(await api.post("/gateway/start", json={"dev_mode": True}))
    status = ok(await api.get("/gateway/status"))
    assert (status["url"], status["reachable"]) == (f"http://127.0.0.1:{house.port}", True)


async def test_one_that_runs_is_not_started_again_nor_touched(
    api: httpx.AsyncClient, house: House, folder: Path
) -> None:
    ok(await api.post("/gateway/start"))
    before = contents(folder)
    assert refused(await api.post("/gateway/start", json={"passphrase": GIVEN})) == (400, "gateway_running")
    anew = {"passphrase": GIVEN, "image": MISSING}
    assert refused(await api.post("/gateway/restart", json=anew)) == (404, "image_missing")
    assert contents(folder) == before
    assert house.asked == ["run"]


async def test_of_two_starts_at_once_one_is_refused(api: httpx.AsyncClient, house: House) -> None:
    answers = await asyncio.gather(*(api.post("/gateway/start") for _ in range(2)))
    refusals = [refused(each) for each in answers if not each.is_success]
    assert refusals in ([(409, "gateway_changing")], [(400, "gateway_running")])
    assert house.asked == ["run"]


async def test_a_start_that_is_stopped_meanwhile_says_so(api: httpx.AsyncClient, house: House) -> None:
    house.hangs = True
    starting = asyncio.create_task(api.post("/gateway/start"))
    await eventually(lambda: house.is_up)

    async def is_stopped() -> bool:
        return (await api.post("/gateway/stop")).is_success

    await eventually(is_stopped)
    assert refused(await starting) == (503, "gateway_died")


async def test_a_stopped_one_is_kept(api: httpx.AsyncClient) -> None:
    started = ok(await api.post("/gateway/start"))
    assert ok(await api.post("/gateway/stop"))["success"] is True
    status = ok(await api.get("/gateway/status"))
    assert (status["running"], status["reachable"]) == (False, False)
    assert status["container_id"] == started["container_id"]
    assert refused(await api.get("/gateway/wallets-of-nobody")) == (404, "not_found")


async def test_a_restart_keeps_the_container_and_its_passphrase(api: httpx.AsyncClient, house: House) -> None:
    started = ok(await api.post("/gateway/start", json={"passphrase": GIVEN}))
    again = ok(await api.post("/gateway/restart"))
    assert (again["container_id"], again["port"]) == (started["container_id"], house.port)
    assert house.asked == ["run", "restart"]


async def test_a_restart_with_a_config_makes_a_new_container(api: httpx.AsyncClient, house: House) -> None:
    started = ok(await api.post("/gateway/start"))
    again = ok(await api.post("/gateway/restart", json={"passphrase": GIVEN}))
    assert again["container_id"] != started["container_id"]
    assert ok(await api.get("/gateway/status"))["reachable"] is True
    house.forget()
    ok(await api.post("/gateway/restart", json={"image": "gw:3"}))


async def test_a_wrong_passphrase_is_said_to_be_that(api: httpx.AsyncClient, house: House) -> None:
    """The key has been locked anew since the container was made."""
    ok(await api.post("/gateway/start", json={"passphrase": GIVEN}))
    ok(await api.post("/gateway/stop"))
    of_the_container = house.given
    ok(await api.post("/gateway/start"))
    house.given = of_the_container
    answer = await api.post("/gateway/restart")
    assert refused(answer) == (409, "wrong_passphrase")
    assert GIVEN not in answer.text
    assert house.asked[-1] == "stop", "or Docker would start it for ever"


async def test_a_passphrase_that_does_not_open_the_wallets_is_said_to_be_wrong(
    api: httpx.AsyncClient, house: House, folder: Path
) -> None:
    """Gateway would start with it, and say so at the first use of a wallet."""
    wallet = keystore.write(folder / "conf", GIVEN)
    try:
        answer = await api.post("/gateway/start")
        assert refused(answer) == (409, "wrong_passphrase")
        assert str(wallet.parents[1]) in answer.json()["detail"]
        assert house.asked == []
        ok(await api.post("/gateway/start", json={"passphrase": GIVEN}))
    finally:
        wallet.unlink()


async def test_one_that_dies_at_its_start_is_told_with_its_last_lines(
    api: httpx.AsyncClient, house: House, folder: Path
) -> None:
    ok(await api.post("/gateway/start"))
    ok(await api.post("/gateway/stop"))
    (folder / "certs" / "server_key.pem").unlink()
    answer = await api.post("/gateway/restart")
    assert refused(answer) == (503, "gateway_died")
    assert "ENOENT: no such file or directory" in answer.json()["detail"]


async def test_one_that_does_not_answer_in_time_is_told(api: httpx.AsyncClient, house: House) -> None:
    house.hangs = True
    assert refused(await api.post("/gateway/start")) == (503, "gateway_late")


async def test_logs_hide_keys_and_nodes(api: httpx.AsyncClient) -> None:
    ok(await api.post("/gateway/start"))
    logs = ok(await api.get("/gateway/logs", params={"tail": 5}))
    assert logs["success"] is True
    assert "Gateway 2.13.0 on port" in logs["logs"]
    assert "a-providers-key" not in logs["logs"]


@pytest.mark.parametrize("tail", [0, 10_001, "all"])
async def test_a_tail_has_bounds(api: httpx.AsyncClient, tail: object) -> None:
    assert (await api.get("/gateway/logs", params={"tail": str(tail)})).status_code == 422


@pytest.mark.parametrize("body", [{"port": 0}, {"port": 65536}, {"passphrase": "x" * 256}, {"dev_mode": "perhaps"}])
async def test_what_is_no_config_is_refused(api: httpx.AsyncClient, house: House, body: dict[str, Any]) -> None:
    assert (await api.post("/gateway/start", json=body)).status_code == 422
    assert house.asked == []
