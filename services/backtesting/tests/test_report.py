"""The report of a run: one page, whole, and safe with what users wrote."""

import re
from html import unescape
from typing import Any

import httpx
import orjson
import pytest

from .asking import BOLLINGER, RUNS, begun, done
from .market import Market

EVIL = "</script><script>alert(1)</script>"


async def page_of(api: httpx.AsyncClient, run: dict[str, Any]) -> str:
    answer = await api.get(f"{RUNS}/{run['run_id']}/report")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def figures_of(page: str) -> dict[str, Any]:
    found = re.search(r"^const figures = (.*);$", page, re.MULTILINE)
    assert found
    figures: dict[str, Any] = orjson.loads(found.group(1))
    return figures


async def test_a_report_needs_no_network(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    page = await page_of(api, await done(api))
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=", page.split("<script>")[0])
    assert "Plotly.newPlot" in page
    assert page.rstrip().endswith("</html>")


async def test_a_report_shows_every_trade(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    run = await done(api)
    figures = figures_of(await page_of(api, run))
    traces = {trace["name"]: trace for trace in figures["price"]["data"]}
    entries = len(traces["long entry"]["x"]) + len(traces["short entry"]["x"])
    assert entries == run["summary"]["total_executors_with_position"]
    assert len(traces["price"]["x"]) == 1440
    equity, drawdown = figures["equity"]["data"]
    assert equity["y"][-1] == pytest.approx(run["metrics"]["net_pnl_quote"])
    assert min(drawdown["y"]) == pytest.approx(-run["metrics"]["max_drawdown_quote"])
    (held,) = figures["held"]["data"]
    assert len(held["x"]) == 2 * entries, "a step at every entry and at every end"
    assert (max(map(abs, held["y"])) > 0, held["y"][-1]) == (True, pytest.approx(0, abs=1e-9))


async def test_a_report_tells_what_the_reference_engine_would(
    api: httpx.AsyncClient, worker: httpx.AsyncClient
) -> None:
    honest, compat = await done(api), await done(api, mode="compat")
    told = (await api.get(f"{RUNS}/{honest['run_id']}/reference")).json()["columns"]
    assert told["total_executors"] == [compat["summary"]["total_executors"]]
    assert told["net_pnl_quote"][0] != honest["summary"]["net_pnl_quote"]
    assert "Reference engine against this one" in await page_of(api, honest)
    assert "Reference engine against this one" not in await page_of(api, compat)


async def test_a_controller_without_proven_numbers_has_no_reference(
    api: httpx.AsyncClient, worker: httpx.AsyncClient
) -> None:
    config = {**BOLLINGER, "controller_name": "supertrend_v1"}
    del config["bb_length"]
    run = await done(api, config=config)
    assert (await api.get(f"{RUNS}/{run['run_id']}/reference")).json() == {"rows": 0, "columns": {}}
    refused = await api.post(RUNS, json={"config": config, "start_time": 1, "end_time": 9e8, "mode": "compat"})
    assert refused.status_code == 422
    assert "compat cannot run supertrend_v1" in refused.json()["detail"]


async def test_a_report_repeats_the_warnings(api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market) -> None:
    market.rules, market.funding = {}, {}
    run = await done(api)
    assert run["warnings"]
    page = unescape(await page_of(api, run))
    assert all(warning in page for warning in run["warnings"])


async def test_text_of_the_users_is_text(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    page = await page_of(api, await done(api, config={**BOLLINGER, "id": EVIL}))
    assert EVIL not in page
    assert EVIL in unescape(page)


async def test_a_run_without_a_result_has_no_report(api: httpx.AsyncClient) -> None:
    answer = await api.get(f"{RUNS}/{await begun(api)}/report")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_result")
