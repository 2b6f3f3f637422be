"""What is measured, and how."""

import asyncio
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import httpx
import psutil
from rich.table import Table

from aviary_local.topology import ACCOUNTS
from tests.bench.load import Answer, Connection, closed_loop, percentile
from tests.stack import Stack

ORDERS_PER_S = 20
ORDERS = 400
PRICE_CONNECTIONS = 32
PRICE_S = 10.0
EDGE_REQUESTS = 2_000
NO_LIMITS = {"side": "spot", "weight": 10_000_000, "orders": {"10S": 10_000_000, "1D": 100_000_000}}


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    target: str = ""


Step = tuple[str, Callable[[Stack], list[Figure]]]
"""What is measured, for the progress display, and how."""


def table_of(figures: list[Figure]) -> Table:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    table = Table("figure", "measured", "target", title=f"Aviary on {machine}")
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:,.1f} {figure.unit}", figure.target)
    return table


async def prepare(stack: Stack) -> None:
    """Credentials for the sandbox, whose own limits are lifted for the load."""
    async with httpx.AsyncClient(auth=stack.login, timeout=30) as client:
        keys = {"api_key": "bench", "api_secret": "bench-secret"}
        added = await client.post(f"{stack.url}/accounts/add-credential/master_account/sandbox", json=keys)
        added.raise_for_status()
        raised = await client.post(f"{stack.sandbox_url}/sandbox/limits", json=NO_LIMITS)
        raised.raise_for_status()


async def order_latency(stack: Stack) -> list[Figure]:
    await prepare(stack)
    answers = await steady_orders(stack, "bench")
    total = [answer.ms for answer in answers]
    own = [answer.ms - answer.venue_ms for answer in answers]
    return [
        Figure("order through the edge, p50", percentile(total, 0.5), "ms", "< 25"),
        Figure("order through the edge, p99", percentile(total, 0.99), "ms", "< 80"),
        Figure("of which ours, p50", percentile(own, 0.5), "ms", "< 10"),
        Figure("of which ours, p99", percentile(own, 0.99), "ms"),
    ]


async def steady_orders(stack: Stack, name: str) -> list[Answer]:
    """Limit orders far from the market at a steady rate; each is cancelled outside the measurement."""
    connections = [await Connection(stack.url, stack.login).open() for _ in range(8)]
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)
    price = await far_price(connections[0])

    async def place_and_cancel(number: int) -> Answer:
        connection = await free.get()
        order = {
            "account_name": "master_account",
            "connector_name": "sandbox",
            "trading_pair": "BTC-USDT",
            "trade_type": "BUY",
            "order_type": "LIMIT",
            "amount": "0.001",
            "price": price,
            "client_order_id": f"{name}-{number}",
        }
        placed = await connection.post("/trading/orders", json.dumps(order).encode())
        await connection.post(f"/trading/master_account/sandbox/orders/{name}-{number}/cancel", b"")
        free.put_nowait(connection)
        return placed

    for number in range(20):
        await place_and_cancel(-1 - number)
    tasks = []
    started = time.perf_counter()
    for number in range(ORDERS):
        await asyncio.sleep(max(0.0, started + number / ORDERS_PER_S - time.perf_counter()))
        tasks.append(asyncio.create_task(place_and_cancel(number)))
    answers = await asyncio.gather(*tasks)
    for connection in connections:
        await connection.close()
    refused = [answer for answer in answers if answer.status != 201]
    if refused:
        raise RuntimeError(f"{len(refused)} orders were not accepted, the first with {refused[0].body!r}")
    return answers


async def price_throughput(stack: Stack) -> list[Figure]:
    body = json.dumps({"connector_name": "sandbox", "trading_pairs": ["BTC-USDT", "ETH-USDT"]}).encode()
    rate, latencies = await closed_loop(
        stack.url, stack.login, "/market-data/prices", body, connections=PRICE_CONNECTIONS, seconds=PRICE_S
    )
    return [
        Figure("prices through the edge", rate, "requests/s", ">= 800"),
        Figure(f"  p99 with {PRICE_CONNECTIONS} connections", percentile(latencies, 0.99), "ms"),
    ]


async def edge_overhead(stack: Stack) -> list[Figure]:
    """The same request straight at the service and through the edge, in turns, so that both meet the same machine."""
    straight, through = [await Connection(url, stack.login).open() for url in (stack.straight(ACCOUNTS), stack.url)]
    pairs = [
        ((await straight.get("/accounts/")).ms, (await through.get("/accounts/")).ms) for _ in range(EDGE_REQUESTS)
    ]
    for connection in (straight, through):
        await connection.close()
    without, behind = (percentile(list(each), 0.5) for each in zip(*pairs, strict=True))
    return [Figure("what the edge adds, p50", behind - without, "ms", "< 1")]


def cpu_s(process: psutil.Process) -> float:
    """What it has used since it began."""
    times = process.cpu_times()
    return float(times.user + times.system)


def stack_memory(stack: Stack) -> list[Figure]:
    status = stack.status()
    total = sum(part["memory_bytes"] for part in [*status["processes"], status["launcher"]])
    return [Figure("whole stack, proportional set size", total / 2**20, "MB", "< 900")]


async def far_price(connection: Connection) -> str:
    body = json.dumps({"connector_name": "sandbox", "trading_pairs": ["BTC-USDT"]}).encode()
    last = json.loads((await connection.post("/market-data/prices", body)).body)["prices"]["BTC-USDT"]
    return str((Decimal(str(last)) * Decimal("0.9")).quantize(Decimal(1)))
