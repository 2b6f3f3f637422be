"""One rate window for two processes, in a real Valkey: two budgets that know of each other through it alone."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from aviary_common.errors import TooManyRequests
from aviary_common.rates import valkey_window
from aviary_common.rates.budget import SHARES, Priority, RateBudget, budget_of
from aviary_common.rates.valkey_window import ASKED_AGAIN_AFTER_S, ValkeyWindow
from aviary_local.testing import Servers

CAPACITY = 20.0
WINDOW_S = 1.0

Replica = Callable[..., RateBudget]


@pytest.fixture
def key() -> str:
    return f"binance:{uuid4().hex}"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests may take longer than an order would wait."""
    monkeypatch.setattr(valkey_window, "ANSWERS_WITHIN_S", 10.0)


@pytest.fixture
async def replica(servers: Servers, key: str) -> AsyncIterator[Replica]:
    """A budget with a client of its own, as another process has."""
    clients: list[Any] = []

    def make(*, patience_s: float = 10.0, capacity: float = CAPACITY) -> RateBudget:
        client: Any = Redis.from_url(servers.valkey_url)
        clients.append(client)
        budget = RateBudget(capacity, window_s=WINDOW_S, patience_s=patience_s)
        budget.shared, budget.key = ValkeyWindow(client.eval, failures=(RedisError,)), key
        return budget

    yield make
    for client in clients:
        await client.aclose()


async def spend_until_refused(budget: RateBudget, priority: Priority) -> int:
    for count in range(100):
        try:
            await budget.spend(1, priority)
        except TooManyRequests:
            return count
    raise AssertionError("never refused")


Span = tuple[float, float]
"""Between when something began and when it was known to be done."""


def surely_in_one_window(spans: list[Span]) -> int:
    """The most of them that lie within one window wherever in its span each happened."""
    return max(sum(begin <= start and end < begin + WINDOW_S for start, end in spans) for begin, _ in spans)


async def test_two_replicas_share_each_share(replica: Replica) -> None:
    ann, bob = replica(patience_s=0), replica(patience_s=0)
    spent = 0
    for priority in sorted(Priority, reverse=True):
        spent += await spend_until_refused(ann, priority) + await spend_until_refused(bob, priority)
        assert spent == CAPACITY * SHARES[priority]


async def test_two_event_loops_never_overdraw_the_window(servers: Servers, key: str) -> None:
    """Eighty calls from two threads, each with a loop and a client, at a window of twenty a second."""
    spans: list[Span] = []

    async def work() -> None:
        client: Any = Redis.from_url(servers.valkey_url)

        async def evaluate(*script: Any) -> Any:
            began = time.monotonic()
            answer = await client.eval(*script)
            if answer == 0:
                spans.append((began, time.monotonic()))
            return answer

        budget = RateBudget(CAPACITY, window_s=WINDOW_S, patience_s=30)
        budget.shared, budget.key = ValkeyWindow(evaluate, failures=(RedisError,)), key
        await asyncio.gather(*(budget.spend(1, Priority.TRADING) for _ in range(40)))
        await client.aclose()

    threads = [threading.Thread(target=asyncio.run, args=(work(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    await asyncio.gather(*(asyncio.to_thread(thread.join) for thread in threads))
    assert len(spans) == 80
    assert surely_in_one_window(spans) <= CAPACITY
    assert max(end for _, end in spans) - min(start for start, _ in spans) >= 3 * WINDOW_S


async def test_orders_go_at_once_while_the_other_replica_polls(replica: Replica) -> None:
    polling, trading = replica(), replica()
    share = int(CAPACITY * SHARES[Priority.POLLING])
    for _ in range(share):
        await polling.spend(1, Priority.POLLING)
    waiting = asyncio.create_task(polling.spend(1, Priority.POLLING))
    began = time.monotonic()
    for _ in range(int(CAPACITY) - share):
        await trading.spend(1, Priority.TRADING)
    assert time.monotonic() - began < 0.3
    assert not waiting.done()
    await asyncio.wait_for(waiting, 5)


async def test_a_call_dearer_than_its_share_goes_out_alone(replica: Replica) -> None:
    ann, bob = replica(), replica()
    await ann.spend(1, Priority.POLLING)
    began = time.monotonic()
    await bob.spend(CAPACITY * 2, Priority.POLLING)
    assert time.monotonic() - began > WINDOW_S * 0.9


@pytest.mark.parametrize(("status", "trades"), [(429, True), (418, False)])
async def test_a_venues_refusal_holds_back_every_replica(replica: Replica, status: int, trades: bool) -> None:
    ann, bob = replica(patience_s=0), replica(patience_s=0)
    ann.observe(status, {"Retry-After": "30"})
    await ann.tell_the_others()
    with pytest.raises(TooManyRequests) as raised:
        await bob.spend(1, Priority.ACCOUNT)
    assert raised.value.retry_after_s == pytest.approx(30, abs=1)
    assert await spend_until_refused(bob, Priority.TRADING) == (CAPACITY if trades else 0)


async def test_without_valkey_each_process_keeps_its_own_window_and_says_so_once(
    servers: Servers, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey_window, "ANSWERS_WITHIN_S", 0.1)
    budget = replica(patience_s=0)
    servers.valkey.pause()
    try:
        with capture_logs() as logs:
            began = time.monotonic()
            assert await spend_until_refused(budget, Priority.TRADING) == CAPACITY
            assert time.monotonic() - began < 1
    finally:
        servers.valkey.resume()
    assert [entry["log_level"] for entry in logs] == ["warning"]


async def test_a_window_that_cannot_be_reached_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    async def refuse(*_: object) -> int:
        nonlocal asked
        asked += 1
        raise ConnectionRefusedError

    window, now = ValkeyWindow(refuse), time.monotonic()
    for _ in range(3):
        assert await window.reserve("k", 1, 1, capacity=1, window_s=1) == 0
    assert asked == 1
    monkeypatch.setattr(time, "monotonic", lambda: now + ASKED_AGAIN_AFTER_S + 1)
    await window.reserve("k", 1, 1, capacity=1, window_s=1)
    assert asked == 2


def test_what_has_no_key_is_not_shared() -> None:
    window = ValkeyWindow(lambda *_: asyncio.sleep(0))
    shared = budget_of("binance", "some-key", lambda: RateBudget(1, window_s=1, patience_s=0), window)
    own = budget_of("binance", "", lambda: RateBudget(1, window_s=1, patience_s=0), window)
    assert (shared.shared, own.shared) == (window, None)
    assert "some-key" not in shared.key
