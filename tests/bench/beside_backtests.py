"""Orders while every core computes backtests, and what the workers keep in memory."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any, Final

import httpx

from aviary_local.topology import BACKTESTING_WORKER
from tests.bench.backtests import CONFIG, sent_year, year_of
from tests.bench.load import percentile
from tests.bench.measure import Figure, Step, prepare, steady_orders
from tests.stack import Stack

BACKTESTS: Final = 8
LONG_RUN: Final[dict[str, Any]] = {
    name: CONFIG[name] for name in ("connector_name", "trading_pair", "total_amount_quote")
} | {"id": "long", "controller_name": "pmm", "controller_type": "generic"}
"""One that decides row by row: a year takes it a quarter of a minute."""


def orders_beside_backtests(stack: Stack) -> list[Figure]:
    stack.run("up", "--scale", f"{BACKTESTING_WORKER.name}={os.cpu_count()}")
    asyncio.run(prepare(stack))
    with httpx.Client(base_url=stack.url, auth=stack.login, timeout=300) as client:
        asked = year_of(LONG_RUN, sent_year(client))
        alone = asyncio.run(steady_orders(stack, "alone"))
        with eight_backtests(client, asked):
            beside = asyncio.run(steady_orders(stack, "beside"))
    figures = []
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        quiet, busy = (percentile([answer.ms for answer in answers], share) for answers in (alone, beside))
        figures += [
            Figure(f"order beside {BACKTESTS} backtests, {name}", busy, "ms"),
            Figure("  as a multiple of one alone", busy / quiet, "x", "< 1.2"),
        ]
    return figures


@contextmanager
def eight_backtests(client: httpx.Client, asked: dict[str, Any]) -> Iterator[None]:
    """As many are under way at any time: each begins anew when it has ended."""
    over = Event()

    def again_and_again() -> None:
        while not over.is_set():
            client.post("/backtesting/runs", params={"wait": "true"}, json=asked).raise_for_status()

    with ThreadPoolExecutor(BACKTESTS) as threads:
        going = [threads.submit(again_and_again) for _ in range(BACKTESTS)]
        try:
            yield
        finally:
            over.set()
    for each in going:
        each.result()


def worker_memory(stack: Stack) -> list[Figure]:
    """After runs of a year: of the largest worker."""
    parts = stack.status()["processes"]
    sizes = [part["memory_bytes"] for part in parts if part["name"].startswith(BACKTESTING_WORKER.name)]
    return [Figure("a backtesting worker, proportional set size", max(sizes) / 2**20, "MB", "< 400")]


STEPS: Final[list[Step]] = [
    ("memory of the workers", worker_memory),
    ("orders beside backtests", orders_beside_backtests),
]
