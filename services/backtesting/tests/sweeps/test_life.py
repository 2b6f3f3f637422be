"""What happens to sweeps when those who work on them die, or are told to stop."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from aviary_backtesting.sweeps import job
from aviary_testing.served import Served, served
from aviary_testing.waiting import eventually

from ..asking import RUNS
from ..asking import begun as begun_run
from ..asking import ended as ended_run
from ..conftest import Replica
from ..gated import VARIABLE, Gate
from .asking import SWEEPS, begun, ended, look, table
from .held import FREE_VARIABLE, held

MANY = {"cooldown_time": {"low": 1, "high": 120}}


@pytest.fixture
def process(worker_variables: dict[str, str], tmp_path: Path) -> Any:
    """A worker that can be killed; its third shard waits for the gate."""
    small = {"AVIARY_BACKTEST_SHARD_CONFIGS": "10"}

    def start(**more: str) -> AbstractAsyncContextManager[Served]:
        package = "services.backtesting.tests.sweeps.held_worker"
        return served(package, worker_variables | small | {VARIABLE: str(tmp_path)} | more)

    return start


async def test_killed_workers_lose_no_config_and_double_none(
    api: httpx.AsyncClient, process: Any, gate: Gate, new_worker: Replica
) -> None:
    gate.close()
    async with process() as first, process() as second:
        sweep_id = await begun(api, space=MANY)
        await eventually(lambda: len(gate.begun) == 2)
        first.kill()
        second.kill()
        before = await look(api, sweep_id)
        assert (before["status"], 0 < before["done"] < 120) == ("running", True)
        part = await table(api, sweep_id)
        assert part.height == before["done"]
        gate.open()
        async with process(), process():
            sweep = await ended(api, sweep_id)
    assert (sweep["status"], sweep["done"]) == ("completed", 120)
    frame = await table(api, sweep_id)
    assert frame["index"].to_list() == list(range(120))
    assert frame.filter(frame["index"].is_in(part["index"].implode())).equals(part)
    async with new_worker():
        undisturbed = await begun(api, space=MANY)
        await ended(api, undisturbed)
        assert (await table(api, undisturbed)).equals(frame)


async def test_a_sweep_that_kills_its_workers_is_given_up(api: httpx.AsyncClient, process: Any, gate: Gate) -> None:
    gate.close()
    sweep_id = await begun(api, space=MANY)
    for attempt in (1, 2, 3):
        async with process(**{FREE_VARIABLE: "0"}) as worker:
            await eventually(lambda attempt=attempt: len(gate.begun) == attempt)
            worker.kill()
    sweep = await ended(api, sweep_id)
    assert (sweep["status"], sweep["error"]["code"]) == ("failed", "worker_died")


@pytest.mark.parametrize("how", ["cancel", "delete"])
async def test_a_sweep_under_way_can_be_ended(
    api: httpx.AsyncClient, new_worker: Replica, gate: Gate, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(job, "computed", held(gate, job.computed))  # type: ignore[attr-defined]
    gate.close()
    async with new_worker(AVIARY_BACKTEST_SHARD_CONFIGS="10"):
        sweep_id = await begun(api, space=MANY)
        await eventually(lambda: gate.begun)
        if how == "cancel":
            assert (await api.post(f"{SWEEPS}/{sweep_id}/cancel")).json()["status"] == "cancelled"
            assert (await api.post(f"{SWEEPS}/{sweep_id}/cancel")).json()["code"] == "ended"
            kept = (await look(api, sweep_id))["done"]
            assert (await table(api, sweep_id)).height == kept
        else:
            assert (await api.delete(f"{SWEEPS}/{sweep_id}")).json()["status"] == "deleted"
        # the gate stays closed: only a worker that has stopped takes the next shard
        other = await begun(api, space=MANY)
        await eventually(lambda: len(gate.begun) == 2)
        gate.open()
        assert (await ended(api, other))["status"] == "completed"
    if how == "cancel":
        assert (await look(api, sweep_id))["done"] == kept


async def test_a_worker_that_ends_in_good_order_gives_its_shard_back(
    api: httpx.AsyncClient, new_worker: Replica, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "computed", held(gate, job.computed))  # type: ignore[attr-defined]
    gate.close()
    sweep_id = await begun(api, space=MANY)
    for number in range(1, 6):
        async with new_worker(AVIARY_BACKTEST_SHARD_CONFIGS="10"):
            await eventually(lambda number=number: len(gate.begun) == number)
    gate.open()
    async with new_worker():
        assert (await ended(api, sweep_id))["status"] == "completed"
    assert (await table(api, sweep_id))["index"].to_list() == list(range(120))


async def test_runs_come_before_shards(api: httpx.AsyncClient, new_worker: Replica) -> None:
    sweep_id = await begun(api, space={"cooldown_time": {"low": 1, "high": 20_000}})
    async with new_worker(AVIARY_BACKTEST_SHARD_CONFIGS="20"):

        async def is_under_way() -> bool:
            return bool((await look(api, sweep_id))["done"])

        await eventually(is_under_way)
        assert (await ended_run(api, await begun_run(api)))["status"] == "completed"
        assert (await look(api, sweep_id))["status"] == "running"
        await api.delete(f"{SWEEPS}/{sweep_id}")
    assert (await api.get(RUNS)).json()["total"] == 1


async def test_a_ring_that_nobody_heard_is_made_up_for(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(_self: object) -> None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr("aviary_backtesting.queue.Doorbell.ring", lost)
        sweep_id = await begun(api)
    assert (await ended(api, sweep_id))["status"] == "completed"
