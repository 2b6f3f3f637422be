"""What a second and a third replica add: ``python -m tests.bench "1, 2 and 3"``.

Two cores cannot show three whole replicas, so each gets the same small share of core 1 (``processor_share``), and the
rest of the stack and the load share core 0: the service is what limits, as it does where every replica has a core.
"""

import asyncio
import itertools
import json
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Final

import httpx
import psutil

from aviary_local.part import replica_name
from aviary_local.topology import MARKET_DATA, TRADING, Service
from tests.bench.load import Connection, closed_loop
from tests.bench.measure import NO_LIMITS, Figure, Step, cpu_s, far_price
from tests.bench.processor_share import Unlimitable, limited, pinned
from tests.bench.trading import TRADERS, add_traders, limit_order, panic
from tests.stack import Stack

ROUNDS: Final = 3
SECONDS: Final = 5.0
CONNECTIONS: Final = 48
REST, SERVICE = 0, 1
"""Cores."""
BOOK: Final = json.dumps({"connector_name": "sandbox", "trading_pair": "BTC-USDT", "depth": 10}).encode()
SEARCH: Final = json.dumps({"account_names": ["trader_1"], "limit": 20}).encode()
_numbers = itertools.count()


@dataclass(frozen=True)
class Subject:
    """``share`` of core 1 that each replica gets; ``before`` and ``after`` are outside the measurement."""

    service: Service
    what: str
    share: float
    load: Callable[[Stack], Awaitable[float]]
    before: Callable[[Stack], Awaitable[None]]
    after: Callable[[Stack], Awaitable[None]]
    aim: str = ""


@dataclass(frozen=True)
class Measured:
    rate: float
    rest: float
    """How much of core 0 the load and the rest of the stack used."""
    replicas: list[float]
    """How much of core 1 each replica used."""


def _compare(stack: Stack, subject: Subject) -> list[Figure]:
    figures: list[Figure] = []
    rates: list[float] = []
    for count in (1, 2, 3):
        stack.run("up", "--scale", f"{subject.service.name}={count}")
        try:
            measured = _measure(stack, subject, count)
        except Unlimitable as reason:
            return [Figure(f"{subject.what} with 1, 2 and 3 replicas: not measured, {reason}", 0, "")]
        rates.append(measured.rate)
        figures += [
            Figure(f"{subject.what}, {count} x {subject.share:.0%} of a core", measured.rate, "requests/s"),
            Figure("  of core 0: the load, Traefik and the rest", measured.rest * 100, "%"),
            *(Figure("  of core 1: a replica", used * 100, "%") for used in measured.replicas),
        ]
    stack.run("up", "--scale", f"{subject.service.name}=1")
    figures += [Figure(f"{subject.what}: 2 replicas to 1", rates[1] / rates[0], "times")]
    return [*figures, Figure(f"{subject.what}: 3 replicas to 1", rates[2] / rates[0], "times", subject.aim)]


def _measure(stack: Stack, subject: Subject, count: int) -> Measured:
    """The median rate of a few rounds."""
    asyncio.run(subject.before(stack))
    replicas = [stack.part(replica_name(subject.service.name, number)).pid or 0 for number in range(count)]
    rest = [os.getpid(), *(pid for pid in stack.pids() if pid not in replicas)]
    with ExitStack() as limits:
        limits.enter_context(pinned(rest, REST))
        limits.enter_context(limited(replicas, subject.share, SERVICE, f"aviary-bench-{os.getpid()}"))
        asyncio.run(subject.load(stack))
        before, began = [_used(pids) for pids in (rest, *([pid] for pid in replicas))], time.perf_counter()
        rates = [asyncio.run(subject.load(stack)) for _ in range(ROUNDS)]
        after, took = [_used(pids) for pids in (rest, *([pid] for pid in replicas))], time.perf_counter() - began
    asyncio.run(subject.after(stack))
    used = [(later - sooner) / took for sooner, later in zip(before, after, strict=True)]
    return Measured(median(rates), used[0], used[1:])


def _used(pids: list[int]) -> float:
    return sum(cpu_s(psutil.Process(pid)) for pid in pids if psutil.pid_exists(pid))


async def _books(stack: Stack) -> float:
    return await _ask(stack, "/market-data/order-book", BOOK)


async def _searches(stack: Stack) -> float:
    return await _ask(stack, "/trading/orders/search", SEARCH, connections=12)


async def _ask(stack: Stack, path: str, body: bytes, connections: int = CONNECTIONS) -> float:
    rate, _ = await closed_loop(stack.url, stack.login, path, body, connections=connections, seconds=SECONDS)
    return rate


async def _orders(stack: Stack) -> float:
    """Limit orders far from the market, by sixteen accounts: each connection places the next once one is answered."""
    connections = [await Connection(stack.url, stack.login).open() for _ in range(2 * TRADERS)]
    price = await far_price(connections[0])
    until = time.perf_counter() + SECONDS
    run = next(_numbers)

    async def place(number: int, connection: Connection) -> int:
        for placed in itertools.count():
            name = f"replicas-{run}-{number}-{placed}"
            answer = await connection.post("/trading/orders", limit_order(f"trader_{number % TRADERS}", name, price))
            if answer.status not in {201, 202}:
                raise RuntimeError(f"{answer.status}: {answer.body!r}")
            if time.perf_counter() > until:
                return placed + 1
        raise AssertionError

    started = time.perf_counter()
    placed = await asyncio.gather(*(place(number, connection) for number, connection in enumerate(connections)))
    rate = sum(placed) / (time.perf_counter() - started)
    for connection in connections:
        await connection.close()
    return rate


async def _no_limits(stack: Stack) -> None:
    async with httpx.AsyncClient(timeout=30) as client:
        (await client.post(f"{stack.sandbox_url}/sandbox/limits", json=NO_LIMITS)).raise_for_status()


async def _nothing(_stack: Stack) -> None:
    """What only reads needs no more."""


async def _spread_sessions(stack: Stack) -> None:
    """Sessions stay where they are when replicas are added. Credentials that are taken away and given again begin
    theirs anew, and whichever replica is first gets each."""
    async with httpx.AsyncClient(auth=stack.login, timeout=30) as client:
        for number in range(TRADERS):
            await client.post(f"{stack.url}/accounts/delete-credential/trader_{number}/sandbox")
    await add_traders(stack)


BOOKS: Final = Subject(MARKET_DATA, "order books through the edge", 0.12, _books, _no_limits, _nothing, ">= 2.2")
ORDERS: Final = Subject(TRADING, "orders through the edge", 0.12, _orders, _spread_sessions, panic)
SEARCHES: Final = Subject(TRADING, "orders/search through the edge", 0.12, _searches, _nothing, _nothing)
STEPS: Final[tuple[Step, ...]] = (
    ("market-data with 1, 2 and 3 replicas", lambda stack: _compare(stack, BOOKS)),
    ("orders with 1, 2 and 3 replicas", lambda stack: _compare(stack, ORDERS)),
    ("searches with 1, 2 and 3 replicas", lambda stack: _compare(stack, SEARCHES)),
)
