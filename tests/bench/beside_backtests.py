"""Orders while every core computes backtests, and what the workers keep in memory."""

import asyncio
import os
from typing import Any, Final

import httpx

from aviary_local.topology import BACKTESTING_WORKER
from tests.bench.backtests import CONFIG, sent_year, year_of
from tests.bench.load import percentile
from tests.bench.measure import Figure, Step, prepare, steady_orders
from tests.stack import Stack

BACKTESTS: Final = 8
SPREADS: Final = "0.001,0.002"
LONG_RUN: Final[dict[str, Any]] = {
    name: CONFIG[name] for name in ("connector_name", "trading_pair", "total_amount_quote")
} | {
    "id": "long",
    "controller_name": "pmm_simple",
    "controller_type": "market_making",
    "buy_spreads": SPREADS,
    "sell_spreads": SPREADS,
    "executor_refresh_time": 60,
}


def orders_beside_backtests(stack: Stack) -> list[Figure]:
    stack.run("up", "--scale", f"{BACKTESTING_WORKER.name}={os.cpu_count()}")
    asyncio.run(prepare(stack))
    with httpx.Client(base_url=stack.url, auth=stack.login, timeout=300) as client:
        asked = year_of(LONG_RUN, sent_year(client))
        alone = asyncio.run(steady_orders(stack, "alone"))
        runs = [_begun(client, asked) for _ in range(BACKTESTS)]
        beside = asyncio.run(steady_orders(stack, "beside"))
        _check_and_cancel(client, runs)
    figures = []
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        quiet, busy = (percentile([answer.ms for answer in answers], share) for answers in (alone, beside))
        figures += [
            Figure(f"order beside {BACKTESTS} backtests, {name}", busy, "ms"),
            Figure("  as a multiple of one alone", busy / quiet, "x", "< 1.2"),
        ]
    return figures


def _begun(client: httpx.Client, asked: dict[str, Any]) -> str:
    answer = client.post("/backtesting/runs", json=asked)
    answer.raise_for_status()
    return str(answer.json()["id"])


def _check_and_cancel(client: httpx.Client, runs: list[str]) -> None:
    """If all had ended, the last orders were alone again."""
    states = [client.post(f"/backtesting/runs/{run}/cancel").raise_for_status().json()["status"] for run in runs]
    if "cancelled" not in states:
        raise RuntimeError(f"the backtests were over before the orders: {states}")


def worker_memory(stack: Stack) -> list[Figure]:
    """After runs of a year: of the largest worker."""
    parts = stack.status()["processes"]
    sizes = [part["memory_bytes"] for part in parts if part["name"].startswith(BACKTESTING_WORKER.name)]
    return [Figure("a backtesting worker, proportional set size", max(sizes) / 2**20, "MB", "< 400")]


STEPS: Final[list[Step]] = [
    ("memory of the workers", worker_memory),
    ("orders beside backtests", orders_beside_backtests),
]
