"""Every panel and every alert asks for what the stack tells, the documentation names all of it, and log lines tell an
order's story."""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from aviary_testing.waiting import eventually
from tests.e2e.conftest import NO_LIMITS
from tests.e2e.scrape import ADDED, Sample, Selector, scrape, selectors
from tests.e2e.test_official_client_backtesting import CONFIG, HOUR_S
from tests.e2e.test_official_client_bots import CONTROLLER
from tests.e2e.trader import PAIR, Trader, new_trader
from tests.stack import Stack

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
OBSERVABILITY = ROOT / "deploy" / "observability"
DASHBOARDS = sorted((OBSERVABILITY / "grafana" / "dashboards").glob("*.json"))
ALERTS = [
    (rule["alert"], rule["expr"])
    for group in yaml.safe_load((OBSERVABILITY / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
NEEDS = {
    "aviary_bot_silent_seconds": "a bot",
    "aviary_bot_restarts": "a bot",
    "traefik_tls_certs_not_after": "TLS at the edge",
}
COMPILING_S = 100
"""The first backtest on a machine waits for its kernels."""
ORDER_AT_VENUE = "/api/v3/order"

Json = dict[str, Any]


@pytest.fixture(scope="module")
async def told(
    stack: Stack, client: httpx.AsyncClient, venue: httpx.AsyncClient
) -> tuple[list[Sample], dict[str, str]]:
    """What is scraped once a bit of everything has happened."""
    (await venue.post("/sandbox/limits", json=NO_LIMITS)).raise_for_status()
    trader = await new_trader(client, venue)
    await asyncio.gather(_feeds(client), _orders(trader), _backtest(client), _user_code(client), _jobs(client))
    try:
        found: tuple[list[Sample], dict[str, str]] = ([], {})

        async def is_live() -> bool:
            nonlocal found
            found = await scrape(stack)
            return any(each.name == "aviary_sessions" and each.value for each in found[0])

        await eventually(is_live)
        return found
    finally:
        await client.post("/accounts/delete-account", params={"account_name": trader.account})


async def _feeds(client: httpx.AsyncClient) -> None:
    wanted = {"connector_name": "sandbox", "trading_pair": PAIR, "depth": 5}

    async def is_fed() -> bool:
        book = (await client.post("/market-data/order-book", json=wanted)).raise_for_status()
        feeds = (await client.get("/market-data/active-feeds")).raise_for_status().json()
        return book.is_success and any(feed["owner"] for feed in feeds.values())

    await eventually(is_fed)


async def _orders(trader: Trader) -> None:
    """Accepted and filled, resting, refused here, rejected there, and one that gets lost on its way."""
    filled = (await trader.place(order_type="MARKET", price=None)).json()["order_id"]
    await eventually(lambda: trader.is_filled(filled))
    resting = (await trader.place()).json()["order_id"]
    assert (await trader.cancel(resting)).is_success
    assert (await trader.place(amount="0.00000001")).status_code == 400
    assert (await trader.place(amount="1000")).status_code == 400
    await _lose_the_next(trader)
    assert (await trader.place()).status_code == 202


async def _lose_the_next(trader: Trader) -> None:
    fault = {"kind": "drop_before", "path": ORDER_AT_VENUE, "method": "POST", "api_key": trader.key, "count": 1}
    (await trader.venue.post("/sandbox/faults", json=fault)).raise_for_status()


async def _backtest(client: httpx.AsyncClient) -> None:
    end = int(time.time()) // HOUR_S * HOUR_S - HOUR_S
    body = {"start_time": end - 6 * HOUR_S, "end_time": end, "config": CONFIG}
    (await client.post("/backtesting/run", json=body, timeout=COMPILING_S)).raise_for_status()


async def _user_code(client: httpx.AsyncClient) -> None:
    added = await client.post("/controllers/generic/watched", json={"content": CONTROLLER})
    assert added.is_success, added.text
    (await client.get("/controllers/generic/watched/config/template")).raise_for_status()
    await client.delete("/controllers/generic/watched")


async def _jobs(client: httpx.AsyncClient) -> None:
    await client.get("/gateway/status")
    await client.get("/gateway/connectors")
    await client.get("/docker/running")
    await client.get("/portfolio/state")


def queries() -> list[tuple[str, str]]:
    panels = [
        (f"{path.stem}: {panel['title']}", target["expr"])
        for path in DASHBOARDS
        for panel in json.loads(path.read_text())["panels"]
        for target in panel["targets"]
    ]
    return [*panels, *ALERTS]


def complaint(selector: Selector, samples: Sequence[Sample], *, may_be_empty: bool) -> str | None:
    named = [each for each in samples if each.name == selector.name]
    if not named:
        return f"there is no {selector.name}"
    wanted = selector.labels | {name for name, *_ in selector.matchers}
    unknown = wanted - {name for each in named for name in each.labels} - ADDED
    if unknown:
        return f"{selector.name} has no label {', '.join(sorted(unknown))}"
    if not may_be_empty and not any(map(selector.matches, named)):
        return f"no {selector.name} matches {selector.matchers}"
    return None


async def test_every_panel_has_data_and_every_alert_something_to_watch(
    told: tuple[list[Sample], dict[str, str]],
) -> None:
    """An alert may ask for what has not happened, and a panel that says what else to show; the labels must be there."""
    samples, _ = told
    alerts = {name for name, _ in ALERTS}
    complaints = {
        f"{name}: {problem}"
        for name, expression in queries()
        for selector in selectors(expression)
        if selector.name not in NEEDS
        and (problem := complaint(selector, samples, may_be_empty=name in alerts or " or " in expression))
    }
    assert not complaints, "\n".join(sorted(complaints))


async def test_the_documentation_names_every_metric(told: tuple[list[Sample], dict[str, str]]) -> None:
    _, ours = told
    text = (ROOT / "docs" / "observability.md").read_text()
    rows = dict(re.findall(r"^\| `(aviary_\w+)` \| (.+?) \|", text, re.MULTILINE))
    assert rows == ours


async def test_no_name_of_an_order_account_or_key_is_a_label(told: tuple[list[Sample], dict[str, str]]) -> None:
    samples, _ = told
    ours = [each for each in samples if each.name.startswith("aviary_")]
    assert {name for each in ours for name in each.labels} <= {
        "bot", "connector", "consumer", "dependency", "directory", "how", "job", "kind", "le", "lookup", "method",
        "outcome", "part", "pool", "purpose", "queue", "reason", "route", "service", "state", "status", "subject",
        "task", "version", "work",
    }  # fmt: skip
    values = {value for each in ours for value in each.labels.values()}
    assert not [value for value in values if value.startswith(("account-", "key-"))]


async def test_metrics_are_not_for_the_outside(stack: Stack, client: httpx.AsyncClient) -> None:
    assert (await client.get("/metrics")).status_code == 404


async def test_the_log_tells_an_order_s_story(stack: Stack, trader: Trader) -> None:
    order_id = f"story-{trader.key}"
    assert (await trader.place(client_order_id=order_id, order_type="MARKET", price=None)).status_code == 201

    def story() -> dict[str, set[str]]:
        services = ("trading", "market-data", "accounts")
        return {name: {_what(line) for line in stack.logs(name).splitlines() if order_id in line} for name in services}

    await eventually(lambda: "event handled aviary.trading.order.filled" in story()["accounts"])
    told = story()
    assert {"order changed", "request /trading/orders"} <= told["trading"]
    assert "question rpc.market-data.prices" in told["market-data"]


def _what(line: str) -> str:
    entry: Json = json.loads(line)
    about = entry.get("subject") or entry.get("path") or ""
    return f"{entry['event']} {about}".strip()
