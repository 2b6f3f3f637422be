"""The routes and shapes that have always been."""

from typing import Any

import httpx
import pytest

from aviary_testing.waiting import eventually

from .asking import BOLLINGER, END, START

FLAT = {"start_time": START, "end_time": END, "backtesting_resolution": "1m", "trade_cost": 0.0006, "config": BOLLINGER}
BODY = {
    "executors",
    "processed_data",
    "results",
    "position_holds",
    "position_held_timeseries",
    "pnl_timeseries",
}


def nested(*configs: Any) -> dict[str, Any]:
    return {
        "config": {
            "controller_name": "directional_trading.bollinger_v1",
            "controller_config": list(configs),
            "start_time": START,
            "end_time": END,
            "backtesting_resolution": "1m",
            "trade_cost": 0.0006,
        }
    }


def without_ids(body: dict[str, Any]) -> dict[str, Any]:
    """Executors' ids are random in the old answer."""
    return body | {"executors": [{**each, "id": None} for each in body["executors"]]}


@pytest.mark.parametrize("path", ["/backtesting/run", "/backtesting/run-backtesting"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_both_old_routes_answer_the_old_body(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, path: str, encoding: str
) -> None:
    answer = await api.post(path, json=FLAT, headers={"Accept-Encoding": encoding})
    assert answer.status_code == 200, answer.text
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    body = answer.json()
    assert set(body) == BODY
    assert len(body["executors"]) == body["results"]["total_executors"] > 0
    assert len(body["pnl_timeseries"]) > 1000


async def test_the_references_nesting_means_the_same(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    flat = (await api.post("/backtesting/run", json=FLAT)).json()
    bare = {name: value for name, value in BOLLINGER.items() if not name.startswith("controller_")}
    for config in (BOLLINGER, bare):
        body = (await api.post("/backtesting/run-backtesting", json=nested(config))).json()
        assert body["results"] == flat["results"]


async def test_several_configs_give_several_runs(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, stored_configs: dict[str, Any]
) -> None:
    several = nested(BOLLINGER, BOLLINGER | {"bb_length": 40}, "my_bollinger.yml")
    body = (await api.post("/backtesting/run-backtesting", json=several)).json()
    assert list(body) == ["runs"]
    first, other, stored = body["runs"]
    assert set(first) == BODY
    assert first["results"] == stored["results"] != other["results"]


async def test_the_mode_is_honest_unless_compat_is_asked_for(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    for mode, more in (("honest", {}), ("compat", {"mode": "compat"})):
        assert (await api.post("/backtesting/run", json=FLAT | more)).status_code == 200
        newest = (await api.get("/backtesting/runs", params={"limit": 1})).json()["data"][0]
        assert newest["mode"] == mode


async def test_a_task_from_its_submission_to_its_result(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    submitted = (await api.post("/backtesting/tasks", json=FLAT)).json()
    assert submitted["status"] == "pending"
    assert len(submitted["task_id"]) == 8
    path = f"/backtesting/tasks/{submitted['task_id']}"

    async def has_completed() -> bool:
        return bool((await api.get(path)).json()["status"] == "completed")

    await eventually(has_completed)
    task = (await api.get(path)).json()
    assert set(task["result"]) == BODY
    assert task["config"] == BOLLINGER
    listed = (await api.get("/backtesting/tasks")).json()
    assert [each["task_id"] for each in listed] == [submitted["task_id"]]
    assert "result" not in listed[0]
    assert {"task_id", "status", "config", "created_at", "started_at", "completed_at", "error"} <= set(listed[0])
    assert (await api.delete(path)).json() == {"status": "deleted", "task_id": submitted["task_id"]}
    assert (await api.get(path)).status_code == 404


async def test_what_fails_has_the_status_and_the_reason(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    late = {"start_time": START + 90 * 86_400, "end_time": START + 91 * 86_400}
    answer = await api.post("/backtesting/run", json=FLAT | late)
    assert (answer.status_code, "error" in answer.json()) == (400, False)
    assert answer.json()["detail"].startswith("There are no candles of BTC-USDT")
    assert (await api.post("/backtesting/run", json=FLAT | {"config": {}})).status_code == 422
    assert (await api.post("/backtesting/run-backtesting", json=nested())).status_code == 422


async def test_an_answer_that_takes_too_long_is_503_and_the_run_goes_on(
    replica: Any, market: object, new_worker: Any
) -> None:
    async with replica(AVIARY_BACKTEST_WAIT_S="0.2") as api:
        answer = await api.post("/backtesting/run", json=FLAT)
        assert (answer.status_code, answer.json()["code"]) == (503, "deadline_exceeded")
        async with new_worker():

            async def has_completed() -> bool:
                (task,) = (await api.get("/backtesting/tasks")).json()
                return bool(task["status"] == "completed")

            await eventually(has_completed)
        for task in (await api.get("/backtesting/tasks")).json():
            await api.delete(f"/backtesting/tasks/{task['task_id']}")
