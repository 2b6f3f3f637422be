"""Runs through HTTP, from asking to reading the result."""

import io
from typing import Any

import httpx
import polars as pl
import pytest

from .asking import BOLLINGER, END, RUNS, START, asked, begun, done, ended, look
from .market import Market, walk


async def test_a_run_is_answered_with_its_summary_and_metrics(
    api: httpx.AsyncClient, worker: httpx.AsyncClient
) -> None:
    run = await done(api)
    assert (run["status"], run["mode"], run["error"], run["progress"]) == ("completed", "honest", None, 1.0)
    assert run["summary"]["total_executors"] > 5
    assert run["net_pnl_quote"] == run["summary"]["net_pnl_quote"]
    assert run["metrics"]["max_drawdown"] is not None
    assert run["coverage"] == {"expected": 1440, "present": 1440, "holes": [], "fraction": 1.0}
    assert run["engine_version"]
    assert run["candle_digest"] != run["digest"] is not None


async def test_the_same_input_has_the_same_digest(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    first, again = await done(api), await done(api)
    other, compat = await done(api, costs={"slippage": 0.002}), await done(api, mode="COMPAT")
    assert first["run_id"] != again["run_id"]
    assert first["digest"] == again["digest"]
    assert len({first["digest"], other["digest"], compat["digest"]}) == 3


async def test_a_run_in_the_background_can_be_followed(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    run_id = await begun(api)
    run = await ended(api, run_id)
    assert run["status"] == "completed"
    assert run["started_at"] >= run["created_at"]
    assert run["completed_at"] >= run["started_at"]


async def test_a_run_that_waits_for_a_worker_is_pending_until_there_is_one(
    api: httpx.AsyncClient, new_worker: Any
) -> None:
    run_id = await begun(api)
    assert (await look(api, run_id))["status"] == "pending"
    async with new_worker():
        assert (await ended(api, run_id))["status"] == "completed"


async def test_runs_are_listed_newest_first_by_page(api: httpx.AsyncClient) -> None:
    ids = [await begun(api) for _ in range(3)]
    page = (await api.get(RUNS, params={"limit": 2, "status": "pending"})).json()
    rest = (await api.get(RUNS, params={"limit": 2, "status": "pending", "cursor": page["next_cursor"]})).json()
    assert [run["run_id"] for run in page["data"] + rest["data"]] == ids[::-1]
    assert (page["total"], rest["next_cursor"]) == (3, None)
    assert (await api.get(RUNS, params={"controller_name": "pmm_simple"})).json()["data"] == []
    assert (await api.get(RUNS, params={"status": "completed"})).json()["total"] == 0


async def test_what_has_not_changed_is_not_sent_again(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    run = await done(api)
    for path in (f"{RUNS}/{run['run_id']}", f"{RUNS}/{run['run_id']}/executors"):
        first = await api.get(path)
        again = await api.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


async def test_parts_come_in_every_form(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    run = await done(api)
    path = f"{RUNS}/{run['run_id']}"
    assert run["parts"] == ["executors", "series", "features", "positions", "position_series", "reference"]
    for part in run["parts"]:
        answer = await api.get(f"{path}/{part}")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert all(len(column) == body["rows"] for column in body["columns"].values())
    executors = (await api.get(f"{path}/executors")).json()
    assert executors["rows"] == run["summary"]["total_executors"]
    assert set(executors["columns"]["type"]) == {"position_executor"}
    assert set(executors["columns"]["trading_pair"]) == {"BTC-USDT"}
    wanted = {"columns": "timestamp,equity"}
    plain = (await api.get(f"{path}/series", params=wanted)).json()["columns"]
    for form, read in (("arrow", pl.read_ipc_stream), ("parquet", pl.read_parquet), ("csv", pl.read_csv)):
        answer = await api.get(f"{path}/series", params=wanted | {"format": form})
        frame = read(io.BytesIO(answer.content))
        assert frame.columns == ["timestamp", "equity"]
        assert frame["equity"].to_list() == plain["equity"], form


async def test_a_plot_has_few_points_and_all_extremes(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    run = await done(api)
    path = f"{RUNS}/{run['run_id']}/series"
    wanted = {"columns": "timestamp,equity"}
    whole = (await api.get(path, params=wanted)).json()["columns"]
    few = (await api.get(path, params=wanted | {"max_points": 50})).json()
    assert 10 < few["rows"] <= 50 < len(whole["equity"])
    assert min(few["columns"]["equity"]) == min(whole["equity"])
    assert max(few["columns"]["equity"]) == max(whole["equity"])
    assert few["columns"]["timestamp"] == sorted(few["columns"]["timestamp"])
    assert few["columns"]["timestamp"][0] == whole["timestamp"][0]


async def test_a_column_that_there_is_not_is_named(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    run = await done(api)
    answer = await api.get(f"{RUNS}/{run['run_id']}/series", params={"columns": "timestamp,fortune"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_column")
    assert "fortune" in answer.json()["detail"]
    assert "equity" in answer.json()["detail"]
    assert (await api.get(f"{RUNS}/{run['run_id']}/nonsense")).status_code == 422


async def test_a_run_without_a_result_has_no_parts(api: httpx.AsyncClient) -> None:
    run_id = await begun(api)
    answer = await api.get(f"{RUNS}/{run_id}/executors")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_result")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_an_unknown_run_is_404(api: httpx.AsyncClient, method: str) -> None:
    for path in (f"{RUNS}/ffffffff", "/backtesting/tasks/ffffffff"):
        answer = await api.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_run")
    assert (await api.post(f"{RUNS}/ffffffff/cancel")).status_code == 404
    assert (await api.get(f"{RUNS}/%00")).status_code == 422


async def test_the_controllers_that_can_be_named_are_told(api: httpx.AsyncClient) -> None:
    found = {each["controller_name"]: each for each in (await api.get("/backtesting/controllers")).json()}
    bollinger = found["bollinger_v1"]
    assert bollinger["controller_type"] == "directional_trading"
    assert bollinger["template"]["bb_length"]["default"] == 100
    assert bollinger["template"]["cooldown_time"]["is_updatable"] is True
    assert "bb_length" in bollinger["config_schema"]["properties"]


async def test_an_unknown_controller_is_404_with_the_nearest_name(api: httpx.AsyncClient) -> None:
    answer = await api.post(RUNS, json=asked(config=BOLLINGER | {"controller_name": "bolinger_v1"}))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_controller")
    assert "bollinger_v1" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"bb_length": -3}, "bb_length"), ({"cooldown_time": "soon"}, "cooldown_time"), ({"nonsense": 1}, "nonsense")],
)
async def test_a_bad_config_is_422_naming_the_field(api: httpx.AsyncClient, change: dict[str, Any], field: str) -> None:
    answer = await api.post(RUNS, json=asked(config=BOLLINGER | change))
    assert answer.status_code == 422
    assert ["body", "config", field] in [each["loc"][:3] for each in answer.json()["detail"]]


@pytest.mark.parametrize(
    "change",
    [
        {"end_time": START},
        {"start_time": END + 1},
        {"start_time": "yesterday"},
        {"resolution": "1y"},
        {"mode": "hopeful"},
        {"min_coverage": 2},
        {"costs": {"maker_fee": "x"}},
        {"candles": "no digest"},
        {"config": BOLLINGER | {"id": "a\x00b"}},
        {"config": 7},
    ],
    ids=str,
)
async def test_what_cannot_be_meant_is_422(api: httpx.AsyncClient, change: dict[str, Any]) -> None:
    answer = await api.post(RUNS, json=asked(**change))
    assert answer.status_code == 422, answer.text
    assert (await api.get(RUNS)).json()["total"] == 0


async def test_times_are_seconds_milliseconds_or_iso(api: httpx.AsyncClient) -> None:
    for start in (START, START * 1000, "2025-01-01T00:00:00Z"):
        run = await look(api, await begun(api, start_time=start))
        assert run["start_time"] == "2025-01-01T00:00:00Z"


async def test_too_large_a_run_is_413_with_the_limit(api: httpx.AsyncClient) -> None:
    answer = await api.post(RUNS, json=asked(end_time=START + 200 * 86_400))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "100,000" in answer.json()["detail"]


async def test_a_range_without_candles_is_400_saying_what_there_is(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    market.venue = {"BTC-USDT": market.stored["BTC-USDT"], "ETH-USDT": walk(START, 0)}
    later = asked(start_time=START + 30 * 86_400, end_time=START + 31 * 86_400)
    answer = await api.post(RUNS, params={"wait": True}, json=later)
    assert (answer.status_code, answer.json()["code"]) == (400, "no_candles"), answer.text
    assert "2024-12-31" in answer.json()["detail"]
    unlisted = asked(config=BOLLINGER | {"trading_pair": "NO-USDT"})
    answer = await api.post(RUNS, params={"wait": True}, json=unlisted)
    assert (answer.status_code, "does not list NO-USDT" in answer.text) == (404, True)
    (failed, _) = (await api.get(RUNS)).json()["data"]
    assert (failed["status"], failed["error"]["status"]) == ("failed", 404)


async def test_missing_candles_are_fetched_first_and_never_again(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    market.venue = market.stored
    market.stored = {}
    assert (await done(api))["coverage"]["fraction"] == 1.0
    fetched, sent = len(market.downloads), market.sent
    assert fetched > 0
    await done(api)
    assert (len(market.downloads), market.sent) == (fetched, sent)


async def test_candles_that_changed_are_taken_again(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    first = await done(api)
    market.stored = {"BTC-USDT": walk(START - 86_400, 4 * 1440, seed=2)}
    changed = await done(api)
    assert changed["candle_digest"] != first["candle_digest"]


async def test_a_range_with_too_many_holes_is_refused_with_their_names(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    hole = pl.col("open_time").is_between(START + 3600, START + 4 * 3600, closed="left")
    market.stored = {"BTC-USDT": market.stored["BTC-USDT"].filter(~hole)}
    answer = await api.post(RUNS, params={"wait": True}, json=asked())
    assert (answer.status_code, answer.json()["code"]) == (400, "low_coverage"), answer.text
    assert "87.5%" in answer.json()["detail"]
    assert "2025-01-01T01:00:00Z to 2025-01-01T04:00:00Z" in answer.json()["detail"]
    sparse = await done(api, min_coverage=0.5)
    assert sparse["coverage"]["present"] == 1440 - 180


async def test_a_stored_config_is_meant_by_its_name(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, stored_configs: dict[str, Any]
) -> None:
    named = [(await done(api, config=name))["digest"] for name in ("my_bollinger", "my_bollinger.yml")]
    assert named == [(await done(api))["digest"]] * 2
    answer = await api.post(RUNS, json=asked(config="nobody"))
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no config nobody.")
