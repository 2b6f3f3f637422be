import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_market_data import fresh
from aviary_market_data.flights import Flights
from aviary_market_data.fresh import Fresh


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Counts how often it is asked; ends when the test says so."""

    def __init__(self) -> None:
        self.calls = 0
        self.may_end = asyncio.Event()
        self.failure: Exception | None = None

    async def load(self) -> int:
        self.calls += 1
        number = self.calls
        await self.may_end.wait()
        if self.failure is not None:
            raise self.failure
        return number


async def waiting(*coroutines: object) -> list["asyncio.Task[int]"]:
    """Tasks that have come as far as they can without the source."""
    tasks = [asyncio.ensure_future(each) for each in coroutines]  # type: ignore[arg-type]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks  # type: ignore[return-value]


async def test_many_at_once_are_one_call() -> None:
    kept: Fresh[str, int] = Fresh(1.0, Clock())
    source = Source()
    tasks = await waiting(*(kept.get("key", source.load) for _ in range(50)))
    source.may_end.set()
    assert await asyncio.gather(*tasks) == [1] * 50
    assert source.calls == 1


async def test_keys_do_not_wait_for_each_other() -> None:
    kept: Fresh[str, int] = Fresh(1.0, Clock())
    slow, quick = Source(), Source()
    quick.may_end.set()
    (task,) = await waiting(kept.get("slow", slow.load))
    assert await kept.get("quick", quick.load) == 1
    slow.may_end.set()
    assert await task == 1


async def test_a_value_is_kept_until_it_is_too_old() -> None:
    clock = Clock()
    kept: Fresh[str, int] = Fresh(1.0, clock)
    source = Source()
    source.may_end.set()
    for now, expected in ((0.0, 1), (1.0, 1), (1.001, 2), (2.0, 2), (2.002, 3)):
        clock.now = now
        assert await kept.get("key", source.load) == expected


async def test_age_counts_from_the_question_not_from_the_answer() -> None:
    clock = Clock()
    kept: Fresh[str, int] = Fresh(1.0, clock)
    source = Source()
    (task,) = await waiting(kept.get("key", source.load))
    clock.now = 5.0
    source.may_end.set()
    assert await task == 1
    assert await kept.get("key", source.load) == 2


async def test_a_failure_reaches_all_who_wait_and_is_not_kept() -> None:
    kept: Fresh[str, int] = Fresh(1.0, Clock())
    source = Source()
    source.failure = RuntimeError("venue down")
    tasks = await waiting(*(kept.get("key", source.load) for _ in range(20)))
    source.may_end.set()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert ends == [source.failure] * 20
    assert source.calls == 1
    source.failure = None
    assert await kept.get("key", source.load) == 2


async def test_who_gives_up_does_not_end_the_call_for_the_others() -> None:
    flights: Flights[str, int] = Flights()
    source = Source()
    first, second = await waiting(flights.join("key", source.load), flights.join("key", source.load))
    first.cancel()
    source.may_end.set()
    assert await second == 1
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_failure_that_nobody_waited_for_is_not_kept_either() -> None:
    flights: Flights[str, int] = Flights()
    source = Source()
    source.failure = RuntimeError("venue down")
    (only,) = await waiting(flights.join("key", source.load))
    only.cancel()
    source.may_end.set()
    await waiting(asyncio.sleep(0))
    source.failure = None
    assert await flights.join("key", source.load) == 2


async def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "MAX_KEPT", 10)
    kept: Fresh[int, int] = Fresh(1.0, Clock())
    source = Source()
    source.may_end.set()
    for key in range(100):
        await kept.get(key, source.load)
    assert len(kept._kept) <= 10


@given(st.lists(st.floats(0.0, 3.0), min_size=1, max_size=30), st.floats(0.0, 2.0))
async def test_nothing_older_than_the_maximum_age_is_answered(pauses: list[float], max_age: float) -> None:
    clock = Clock()
    kept: Fresh[str, float] = Fresh(max_age, clock)

    async def load() -> float:
        return clock.now

    for pause in pauses:
        clock.now += pause
        assert clock.now - await kept.get("key", load) <= max_age + 1e-9
