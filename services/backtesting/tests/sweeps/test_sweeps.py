"""Sweeps from the request to the result."""

from typing import Any

import httpx
import numpy as np
import pytest

from ..asking import BOLLINGER, END, RUNS, START
from ..conftest import Replica
from ..market import Market, rule
from .asking import SPACE, SWEEPS, asked, begun, ended, look, table


async def test_a_grid_is_computed_whole(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    answer = await api.post(SWEEPS, json=asked())
    assert answer.status_code == 202
    told = answer.json()
    assert (told["status"], told["total"], told["done"]) == ("pending", 12, 0)
    sweep = await ended(api, told["sweep_id"])
    assert (sweep["status"], sweep["done"], sweep["invalid"], sweep["progress"]) == ("completed", 12, 0, 1.0)
    result = sweep["result"]
    assert result["trials"] == 12
    assert [each["name"] for each in result["segments"]] == ["in", "out"]
    assert 0 <= result["deflated_sharpe"] <= 1
    frame = await table(api, sweep["sweep_id"])
    assert frame["index"].to_list() == list(range(12))
    points = frame.select("bb_length", "take_profit", "cooldown_time").rows()
    assert sorted(points) == sorted((a, b, c) for a in (10, 20) for b in (0.002, 0.004, 0.006) for c in (60, 600))
    best = frame.sort("in_sharpe", descending=True, nulls_last=True).row(0, named=True)
    first = result["best"][0]
    assert first["index"] == best["index"]
    assert first["in_sample"]["sharpe"] == best["in_sharpe"]
    assert first["out_of_sample"]["net_pnl"] == best["out_net_pnl"]
    assert first["point"] == {name: best[name] for name in SPACE}
    assert [each["in_sample"]["sharpe"] for each in result["best"]] == sorted(
        frame["in_sharpe"].to_list(), reverse=True
    )[:10]


async def test_a_row_is_what_a_run_of_its_config_gives(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    sweep = await ended(api, await begun(api, split="none", best=2))
    for best in sweep["result"]["best"]:
        body = asked(config=BOLLINGER | best["point"])
        run = (await api.post(RUNS, params={"wait": True}, json=body)).json()
        assert run["digest"] == best["digest"]
        for name in ("net_pnl_quote", "sharpe", "max_drawdown"):
            assert run["metrics"][name] == pytest.approx(best["in_sample"][name], rel=1e-9)


async def test_all_configs_pay_funding_and_hold_to_the_rules(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    market.funding["BTC-USDT"] = [(START + 28_800.0 * count, 0.003) for count in range(4)]
    market.rules["BTC-USDT"] = rule(min_base_amount_increment=0.01)
    sweep = await ended(api, await begun(api, split="none", best=2, starting_balances={"USDT": 500}))
    assert sorted(market.asked) == ["funding BTC-USDT", "rules BTC-USDT"]
    assert (sweep["warnings"], sweep["starting_balances"]) == ([], {"USDT": "500"})
    for best in sweep["result"]["best"]:
        body = asked(config=BOLLINGER | best["point"], starting_balances={"USDT": 500})
        run = (await api.post(RUNS, params={"wait": True}, json=body)).json()
        assert run["venue_terms"] == sweep["venue_terms"]
        assert run["venue_terms"][0]["settlements"] == 3
        assert run["digest"] == best["digest"]
        assert run["metrics"]["net_pnl_quote"] == pytest.approx(best["in_sample"]["net_pnl_quote"], rel=1e-9)


async def test_a_sweep_without_funding_says_so(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    market.funding = {}
    sweep = await ended(api, await begun(api))
    assert sweep["status"] == "completed"
    (warning,) = sweep["warnings"]
    assert warning == "The funding of BTC-USDT at binance_perpetual is not known (No history): none is paid."


async def test_random_points_follow_from_the_seed(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    space = {"take_profit": {"low": 0.001, "high": 0.01, "log": True}, "bb_length": {"low": 5, "high": 30}}
    frames = []
    for seed in (1, 1, 2):
        sweep_id = await begun(api, space=space, method="random", trials=30, seed=seed)
        assert (await ended(api, sweep_id))["status"] == "completed"
        frames.append(await table(api, sweep_id))
    assert frames[0].equals(frames[1])
    assert frames[0]["take_profit"].to_list() != frames[2]["take_profit"].to_list()
    assert frames[0].height == 30


async def test_tpe_draws_near_to_what_is_good(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    """More quote makes a larger profit or loss: one end of the range is best, whatever the candles."""
    space = {"total_amount_quote": {"low": 1, "high": 1000}, "interval": ["3m", "5m"]}
    more = {"space": space, "method": "TPE", "trials": 60, "batch": 10, "objective": "total_volume", "seed": 3}
    tables = []
    for _ in range(2):
        sweep = await ended(api, await begun(api, **more))
        assert (sweep["status"], sweep["done"]) == ("completed", 60), sweep
        tables.append(await table(api, sweep["sweep_id"]))
    assert tables[0].equals(tables[1])
    amounts = tables[0]["total_amount_quote"].to_numpy()
    assert np.mean(amounts[40:]) > 750 > np.mean(amounts[:10])
    assert sweep["result"]["best"][0]["point"]["total_amount_quote"] > 950


async def test_walking_forward_is_told(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    sweep = await ended(api, await begun(api, split={"kind": "walk_forward", "folds": 3}, objective="net_pnl"))
    walk, frame = sweep["result"]["walk_forward"], await table(api, sweep["sweep_id"])
    assert [each["name"] for each in sweep["result"]["segments"]] == ["part0", "part1", "part2", "out", "part4", "in"]
    assert [step["fold"] for step in walk["steps"]] == [0, 1, 2]
    first = frame.row(walk["steps"][0]["chosen"], named=True)
    assert first["part0_net_pnl"] == frame["part0_net_pnl"].max() == walk["steps"][0]["trained"]
    assert first["part1_net_pnl_quote"] == walk["steps"][0]["net_pnl_quote"]
    assert walk["net_pnl_quote"] == pytest.approx(sum(step["net_pnl_quote"] for step in walk["steps"]))


async def test_invalid_combinations_are_rows(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    sweep = await ended(api, await begun(api, space={"stop_loss": [-1, 0.02], "bb_length": [1, 20]}))
    assert (sweep["status"], sweep["invalid"], sweep["result"]["invalid"]) == ("completed", 3, 3)
    frame = await table(api, sweep["sweep_id"])
    assert frame["invalid"].null_count() == 1
    assert "bb_length" in frame.filter(stop_loss=0.02, bb_length=1)["invalid"][0]
    assert len(sweep["result"]["best"]) == 1


async def test_compat_has_no_deflated_sharpe(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    sweep = await ended(api, await begun(api, mode="compat"))
    assert sweep["status"] == "completed"
    assert sweep["result"]["deflated_sharpe"] is None
    assert sweep["result"]["best"][0]["in_sample"]["sortino"] is None


async def test_other_controllers_are_swept_too(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    config = {**BOLLINGER, "controller_name": "pmm_simple", "controller_type": "market_making"}
    config = {name: value for name, value in config.items() if name not in ("interval", "bb_length")}
    space = {"buy_spreads": ["0.001", "0.002,0.004"], "executor_refresh_time": [60, 300]}
    sweep = await ended(api, await begun(api, config=config, space=space))
    assert (sweep["status"], sweep["invalid"]) == ("completed", 0)
    assert (await table(api, sweep["sweep_id"]))["in_net_pnl"].n_unique() == 4


async def test_a_table_is_sorted_and_cut(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    sweep_id = (await ended(api, await begun(api)))["sweep_id"]
    frame = await table(api, sweep_id, sort="-in_net_pnl", limit=3)
    everything = await table(api, sweep_id)
    assert frame["in_net_pnl"].to_list() == sorted(everything["in_net_pnl"].to_list(), reverse=True)[:3]
    assert (await table(api, sweep_id, sort="in_net_pnl"))["in_net_pnl"].is_sorted()
    json = (await api.get(f"{SWEEPS}/{sweep_id}/table", params={"limit": 2})).json()
    assert json["rows"] == 2
    assert json["columns"]["index"] == [0, 1]
    csv = await api.get(f"{SWEEPS}/{sweep_id}/table", params={"format": "csv"})
    assert len(csv.text.splitlines()) == 13
    wrong = await api.get(f"{SWEEPS}/{sweep_id}/table", params={"sort": "sharp"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_sort")


async def test_sweeps_are_listed_newest_first(api: httpx.AsyncClient) -> None:
    ids = [await begun(api) for _ in range(3)]
    first = (await api.get(SWEEPS, params={"limit": 2})).json()
    rest = (await api.get(SWEEPS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["sweep_id"] for each in first["data"] + rest["data"]] == ids[::-1]
    assert first["total"] == 3
    assert (await api.get(SWEEPS, params={"status": "running"})).json()["total"] == 0


async def test_two_sweeps_are_served_in_turns(api: httpx.AsyncClient, new_worker: Replica) -> None:
    large = await begun(api, space={"cooldown_time": {"low": 1, "high": 4000}})
    small = await begun(api)
    async with new_worker(AVIARY_BACKTEST_SHARD_S="0.05"):
        assert (await ended(api, small))["status"] == "completed"
        assert (await look(api, large))["status"] == "running"
        await api.delete(f"{SWEEPS}/{large}")


@pytest.mark.parametrize(
    ("more", "status", "code", "told"),
    [
        ({"space": {}}, 422, "bad_space", "no field"),
        ({"space": {"bb_lenght": [1]}}, 422, "bad_space", "bb_length"),
        ({"space": {"stop_loss": {"low": 2, "high": 1}}}, 422, "bad_space", "space.stop_loss: low has to be less"),
        ({"space": {"stop_loss": {"low": 0.1, "high": 0.2}}}, 422, "bad_space", "needs a step or a count"),
        ({"space": {"stop_loss": [-1, -2]}}, 422, "bad_space", "stop_loss"),
        ({"space": {"bb_length.x": [1]}}, 422, "bad_space", "bb_length"),
        ({"objective": "sharp"}, 422, "bad_objective", "net_pnl"),
        ({"split": {"kind": "walk_forward", "folds": 50}, "end_time": START + 3600}, 422, "bad_split", "too short"),
        ({"config": {**BOLLINGER, "controller_name": "bolinger_v1"}}, 404, "unknown_controller", "bollinger_v1"),
        (
            {"space": {"cooldown_time": {"low": 1, "high": 90_000}, "leverage": list(range(1, 50))}},
            413,
            None,
            "at most",
        ),
    ],
)
async def test_what_cannot_be_swept_is_told_at_once(
    api: httpx.AsyncClient, more: dict[str, Any], status: int, code: str | None, told: str
) -> None:
    answer = await api.post(SWEEPS, json=asked(**more))
    assert answer.status_code == status, answer.text
    assert told in answer.text
    assert code is None or answer.json()["code"] == code
    assert (await api.get(SWEEPS)).json()["total"] == 0


async def test_more_candles_than_allowed_are_refused(replica: Replica) -> None:
    async with replica(AVIARY_BACKTEST_SWEEP_CANDLES="10000") as small:
        answer = await small.post(SWEEPS, json=asked())
    assert answer.status_code == 413
    assert "10,000" in answer.text


@pytest.mark.parametrize(
    "more",
    [
        {"trials": 3},
        {"method": "random"},
        {"method": "tpe", "trials": 5, "split": "walk_forward"},
        {"method": "magic"},
        {"direction": "up"},
        {"split": {"share": 1.5}},
        {"end_time": START},
    ],
)
async def test_wrong_requests_are_422(api: httpx.AsyncClient, more: dict[str, Any]) -> None:
    assert (await api.post(SWEEPS, json=asked(**more))).status_code == 422


async def test_an_unknown_sweep_is_404(api: httpx.AsyncClient) -> None:
    for path in ("", "/table"):
        assert (await api.get(f"{SWEEPS}/deadbeef{path}")).json()["code"] == "unknown_sweep"
    assert (await api.delete(f"{SWEEPS}/deadbeef")).status_code == 404
    assert (await api.post(f"{SWEEPS}/deadbeef/cancel")).status_code == 404


async def test_a_range_without_candles_fails_the_sweep(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    sweep = await ended(api, await begun(api, config={**BOLLINGER, "trading_pair": "NO-USDT"}, end_time=END))
    assert (sweep["status"], sweep["error"]["status"]) == ("failed", 404) or sweep["error"]["status"] == 400
