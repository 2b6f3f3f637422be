import asyncio
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_common.errors import TooManyRequests
from aviary_common.rates.budget import Priority, RateBudget


def budget(capacity: float = 10, window_s: float = 60, patience_s: float = 5) -> RateBudget:
    return RateBudget(capacity, window_s=window_s, patience_s=patience_s)


async def spend_until_refused(spent_from: RateBudget, priority: Priority) -> int:
    for count in range(100):
        try:
            await spent_from.spend(1, priority)
        except TooManyRequests:
            return count
    raise AssertionError("never refused")


async def test_polling_leaves_room_for_orders() -> None:
    shared = budget()
    assert await spend_until_refused(shared, Priority.MARKET_DATA) == 6
    assert await spend_until_refused(shared, Priority.POLLING) == 1
    assert await spend_until_refused(shared, Priority.ACCOUNT) == 1
    assert await spend_until_refused(shared, Priority.TRADING) == 2


async def test_a_waiting_poll_does_not_delay_an_order() -> None:
    shared = budget(window_s=1)
    for _ in range(6):
        await shared.spend(1, Priority.MARKET_DATA)
    poll = asyncio.create_task(shared.spend(1, Priority.MARKET_DATA))
    await asyncio.sleep(0)
    await asyncio.wait_for(shared.spend(1, Priority.TRADING), 0.1)
    assert not poll.done()
    await asyncio.wait_for(poll, 3)


async def test_a_call_dearer_than_the_window_goes_out_alone() -> None:
    shared = budget(window_s=0.2)
    await shared.spend(1, Priority.POLLING)
    began = time.monotonic()
    await shared.spend(50, Priority.POLLING)
    assert time.monotonic() - began >= 0.15


async def test_the_weight_a_venue_reports_holds_polling_back_but_not_orders() -> None:
    shared = budget(patience_s=0)
    shared.learn_limit(6000, cost_per_weight=0.2)
    shared.observe(200, {"X-MBX-USED-WEIGHT-1M": "4500"})
    with pytest.raises(TooManyRequests):
        await shared.spend(1, Priority.POLLING)
    await shared.spend(1, Priority.ACCOUNT)
    shared.observe(200, {"x-mbx-used-weight-1m": "6001"})
    with pytest.raises(TooManyRequests):
        await shared.spend(1, Priority.ACCOUNT)
    await shared.spend(1, Priority.TRADING)


async def test_the_venues_own_limit_sets_the_window() -> None:
    shared = budget(capacity=1, patience_s=0)
    shared.learn_limit(50, cost_per_weight=0.2)
    assert await spend_until_refused(shared, Priority.TRADING) == 10


async def test_429_stops_all_but_trading_until_retry_after() -> None:
    shared = budget(patience_s=0)
    shared.observe(429, {"Retry-After": "30"})
    with pytest.raises(TooManyRequests) as raised:
        await shared.spend(1, Priority.ACCOUNT)
    assert raised.value.retry_after_s == pytest.approx(30, abs=1)
    await shared.spend(1, Priority.TRADING)


async def test_418_stops_everybody() -> None:
    shared = budget(patience_s=0)
    shared.observe(418, {"Retry-After": "120"})
    with pytest.raises(TooManyRequests):
        await shared.spend(1, Priority.TRADING)


async def test_a_cancelled_wait_spends_nothing_and_frees_its_turn() -> None:
    shared = budget(capacity=1, window_s=0.3)
    await shared.spend(1, Priority.TRADING)
    waiting = asyncio.create_task(shared.spend(1, Priority.TRADING))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(shared.spend(1, Priority.TRADING), 2)


async def test_a_full_window_makes_spending_no_slower() -> None:
    shared = budget(capacity=1e9)
    began = time.process_time()
    for _ in range(20_000):
        await shared.spend(1, Priority.TRADING)
    assert time.process_time() - began < 1


@given(st.lists(st.tuples(st.floats(0, 4), st.sampled_from([0.2, 0.4, 1.0, 4.0, 50.0])), max_size=200))
async def test_what_has_been_spent_is_what_lies_in_the_window(calls: Sequence[tuple[float, float]]) -> None:
    now, spent = 0.0, list[tuple[float, float]]()
    shared = RateBudget(60, window_s=10, patience_s=0, clock=lambda: now)
    for pause, cost in calls:
        now += pause
        in_window = sum(cost for at, cost in spent if at > now - 10)
        if abs(in_window + cost - 60) < 1e-6:
            continue  # on the very edge the order of additions decides
        if in_window and in_window + cost > 60:
            with pytest.raises(TooManyRequests):
                await shared.spend(cost, Priority.TRADING)
        else:
            await shared.spend(cost, Priority.TRADING)
            spent.append((now, cost))
