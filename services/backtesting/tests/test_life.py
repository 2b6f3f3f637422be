"""What happens to runs when those who work on them die, are doubled, or are told to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from aviary_backtesting.queue import open_doorbell
from aviary_common.bus import Bus
from aviary_local.testing import Servers
from aviary_messages.events import BacktestCancelled, BacktestFailed, BacktestFinished, BacktestQueued
from aviary_testing.buses import bus_settings
from aviary_testing.served import Served, served
from aviary_testing.waiting import eventually

from .asking import BOLLINGER, RUNS, asked, begun, done, ended, look
from .conftest import Replica
from .gated import VARIABLE, Gate

STARTING_S = 60
"""A process of its own imports the engine first."""
Heard = list[BacktestQueued | BacktestFinished | BacktestFailed | BacktestCancelled]


@pytest.fixture
async def heard(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Heard]:
    """The events of this test's runs."""
    events: Heard = []

    async def hear(event: Any) -> None:
        events.append(event)

    bus = await Bus.connect(bus_settings(servers, "trading"))
    for kind in (BacktestQueued, BacktestFinished, BacktestFailed, BacktestCancelled):
        await bus.listen(kind, hear)
    yield events
    await bus.close()


@pytest.fixture
def process(worker_variables: dict[str, str], tmp_path: Path) -> Any:
    """A worker that can be killed."""

    def start(**more: str) -> AbstractAsyncContextManager[Served]:
        return served("services.backtesting.tests.gated_worker", worker_variables | {VARIABLE: str(tmp_path)} | more)

    return start


def of(events: Heard, run_id: str) -> list[str]:
    return [type(event).__name__ for event in events if event.run_id == run_id]


async def test_a_killed_workers_run_is_finished_once_by_another(
    api: httpx.AsyncClient, process: Any, gate: Gate, heard: Heard
) -> None:
    gate.close()
    async with process() as first:
        run_id = await begun(api)
        await eventually(lambda: gate.begun, within_s=STARTING_S)
        assert (await look(api, run_id))["status"] == "running"
        first.kill()
        async with process() as second:
            await eventually(lambda: len(gate.begun) == 2, within_s=STARTING_S)
            gate.open()
            run = await ended(api, run_id)
            assert run["status"] == "completed"
            assert gate.begun == [first.process.pid, second.process.pid]
            digest = run["digest"]
            assert (await api.get(f"{RUNS}/{run_id}/series")).json()["rows"] > 1000
            assert (await done(api))["digest"] == digest
    await eventually(lambda: of(heard, run_id) == ["BacktestQueued", "BacktestFinished"])


async def test_a_run_that_kills_its_workers_is_given_up(
    replica: Replica, market: object, process: Any, gate: Gate
) -> None:
    gate.close()
    twice = {"AVIARY_BACKTEST_ATTEMPTS": "2"}
    async with replica(**twice) as api:
        run_id = await begun(api)
        for attempt in (1, 2):
            async with process(**twice) as worker:
                await eventually(lambda attempt=attempt: len(gate.begun) == attempt, within_s=STARTING_S)
                worker.kill()
        run = await ended(api, run_id)
        assert (run["status"], run["error"]["code"]) == ("failed", "worker_died")
        async with process(**twice):
            gate.open()
            assert (await done(api))["status"] == "completed"
        assert (await look(api, run_id))["status"] == "failed"
        for each in (await api.get(RUNS)).json()["data"]:
            await api.delete(f"{RUNS}/{each['run_id']}")


async def test_a_worker_that_ends_in_good_order_gives_its_run_back(
    api: httpx.AsyncClient, new_worker: Replica, gate: Gate
) -> None:
    gate.close()
    run_id = await begun(api)
    for number in range(1, 6):
        async with new_worker():
            await eventually(lambda number=number: len(gate.begun) == number)
        assert (await look(api, run_id))["status"] == "pending"
    gate.open()
    async with new_worker():
        assert (await ended(api, run_id))["status"] == "completed"


async def test_more_rings_than_runs_do_no_harm(
    api: httpx.AsyncClient, servers: Servers, worker: httpx.AsyncClient, gate: Gate, heard: Heard
) -> None:
    gate.close()
    run_id = await begun(api)
    await eventually(lambda: gate.begun)
    async with open_doorbell(bus_settings(servers, "backtesting")) as bell:
        for _ in range(5):
            await bell.ring()
        gate.open()
        await ended(api, run_id)
        await eventually(bell.is_silent)
    assert len(gate.begun) == 1
    await eventually(lambda: of(heard, run_id) == ["BacktestQueued", "BacktestFinished"])


async def test_a_ring_that_nobody_heard_is_made_up_for(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(_self: object) -> None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr("aviary_backtesting.queue.Doorbell.ring", lost)
        run_id = await begun(api)
    assert (await ended(api, run_id))["status"] == "completed"


async def test_two_workers_share_the_runs(api: httpx.AsyncClient, new_worker: Replica, gate: Gate) -> None:
    gate.close()
    async with new_worker(), new_worker():
        ids = [await begun(api) for _ in range(4)]
        await eventually(lambda: len(gate.begun) == 2)
        gate.open()
        runs = [await ended(api, run_id) for run_id in ids]
    assert [run["status"] for run in runs] == ["completed"] * 4
    assert len(gate.begun) == 4


@pytest.mark.parametrize("how", ["cancel", "delete", "delete task"])
async def test_a_run_under_way_can_be_ended(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, gate: Gate, heard: Heard, how: str
) -> None:
    gate.close()
    run_id = await begun(api)
    await eventually(lambda: gate.begun)
    if how == "cancel":
        assert (await api.post(f"{RUNS}/{run_id}/cancel")).json()["status"] == "cancelled"
        again = await api.post(f"{RUNS}/{run_id}/cancel")
        assert (again.status_code, again.json()["code"]) == (409, "ended")
    else:
        path = f"{RUNS}/{run_id}" if how == "delete" else f"/backtesting/tasks/{run_id}"
        assert (await api.delete(path)).json()["status"] == "deleted"
        assert (await look(api, run_id))["code"] == "unknown_run"
    # the gate stays closed: only a worker that has stopped takes the next run
    other = await begun(api)
    await eventually(lambda: len(gate.begun) == 2)
    gate.open()
    assert (await ended(api, other))["status"] == "completed"
    await eventually(lambda: of(heard, run_id) == ["BacktestQueued", "BacktestCancelled"])


async def test_a_cancelled_run_that_waited_is_never_begun(
    api: httpx.AsyncClient, new_worker: Replica, gate: Gate
) -> None:
    run_id = await begun(api)
    await api.post(f"{RUNS}/{run_id}/cancel")
    async with new_worker():
        await done(api)
    assert (await look(api, run_id))["status"] == "cancelled"
    assert len(gate.begun) == 1


async def test_whoever_waits_is_told_that_it_was_cancelled(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, gate: Gate
) -> None:
    gate.close()
    waiting = asyncio.create_task(api.post(RUNS, params={"wait": True}, json=asked()))
    await eventually(lambda: gate.begun)
    (run,) = (await api.get(RUNS)).json()["data"]
    await api.post(f"{RUNS}/{run['run_id']}/cancel")
    answer = await waiting
    assert (answer.status_code, answer.json()["code"]) == (409, "cancelled")


async def test_progress_is_told_while_it_runs(api: httpx.AsyncClient, worker: httpx.AsyncClient, gate: Gate) -> None:
    gate.close()
    run_id = await begun(api)

    async def is_under_way() -> bool:
        run = await look(api, run_id)
        return (run["status"], run["phase"], run["progress"]) == ("running", "running", 0.25)

    await eventually(is_under_way)
    gate.open()
    assert (await ended(api, run_id))["progress"] == 1.0


async def test_another_replica_of_the_api_knows_everything(
    api: httpx.AsyncClient, replica: Replica, worker: httpx.AsyncClient
) -> None:
    run = await done(api)
    async with replica() as other:
        assert (await look(other, run["run_id"]))["digest"] == run["digest"]
        assert (await other.get(f"{RUNS}/{run['run_id']}/series")).status_code == 200


async def test_a_run_outlives_the_api_that_took_it(replica: Replica, market: object, new_worker: Replica) -> None:
    async with replica() as api:
        run_id = await begun(api)
    async with replica() as api, new_worker():
        assert (await ended(api, run_id))["status"] == "completed"
        await api.delete(f"{RUNS}/{run_id}")


async def test_a_run_that_computes_for_too_long_is_ended(
    api: httpx.AsyncClient, new_worker: Replica, gate: Gate
) -> None:
    gate.close()
    async with new_worker(AVIARY_BACKTEST_RUN_S="0.2"):
        run = await ended(api, await begun(api))
    assert (run["status"], run["error"]["code"]) == ("failed", "too_slow")


async def test_a_failure_is_told(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, gate: Gate, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("nothing is left")

    monkeypatch.setattr(gate, "wait", break_down)
    run = await ended(api, await begun(api))
    assert run["status"] == "failed"
    assert run["error"] == {"status": 500, "code": "computing_failed", "detail": "ZeroDivisionError: nothing is left"}
    await eventually(lambda: of(heard, run["run_id"]) == ["BacktestQueued", "BacktestFailed"])


async def test_market_data_may_be_away_for_a_moment(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Any
) -> None:
    market.is_away = True
    run_id = await begun(api)

    async def is_running() -> bool:
        return bool((await look(api, run_id))["status"] == "running")

    await eventually(is_running)
    market.is_away = False
    assert (await ended(api, run_id))["status"] == "completed"


async def test_market_data_that_stays_away_fails_the_run(
    api: httpx.AsyncClient, new_worker: Replica, market: Any
) -> None:
    market.is_away = True
    async with new_worker(AVIARY_BACKTEST_PATIENCE_S="0.1"):
        answer = await api.post(RUNS, params={"wait": True}, json=asked(config=BOLLINGER))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
