"""What only the database decides: who has a shard, and what is kept."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from unittest.mock import patch

import httpx
import pytest
from sqlalchemy import text

from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.runs.states import Status
from aviary_backtesting.runs.work import Limits
from aviary_backtesting.sweeps import store, work
from aviary_backtesting.sweeps.search import search_of
from aviary_backtesting.sweeps.spec import Method, Split, SweepSpec
from aviary_backtesting.sweeps.step import Size, StepKind, shard_size
from aviary_backtesting.sweeps.sweep import Sweep
from aviary_backtesting.sweeps.work import Computed, Task
from aviary_backtesting.venue_terms.terms import VenueTerms
from aviary_common.database import Database
from aviary_common.errors import Unprocessable
from aviary_common.settings import DatabaseSettings, load
from aviary_local.testing import Servers

BASE = RunSpec({"controller_name": "bollinger_v1"}, 0.0, 60.0, "1m", "honest", {}, 0.95)
SPEC = SweepSpec(BASE, {"bb_length": [1]}, Method.GRID, 100, 0, "sharpe", True, Split(), 10, 16)
SIZE = Size(shard_s=1.0, most=1000)
LIMITS = Limits(dead_after_s=60, attempts=3)
DEAD = Limits(dead_after_s=-1, attempts=3)
"""Everybody was silent for too long."""
BLOCK = Computed(b"parquet", "candles", 1.0, 0)


@pytest.fixture
async def database(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Database]:
    with patch.dict(os.environ, servers.environment("backtesting")):
        opened = Database(load(DatabaseSettings))
    yield opened
    async with opened.single() as connection:
        await connection.execute(text("delete from sweep"))
    await opened.close()


async def added(database: Database, spec: SweepSpec = SPEC, sweep_id: str = "a") -> Sweep:
    async with database.single() as connection:
        return await store.add(connection, sweep_id, spec)


async def claimed(database: Database, limits: Limits = LIMITS, size: Size = SIZE) -> Task | None:
    async with database.transaction() as connection:
        return await work.claim(connection, "somebody", limits, size)


async def taken(database: Database, limits: Limits = LIMITS, size: Size = SIZE) -> Task:
    found = await claimed(database, limits, size)
    assert found is not None
    return found


async def completed(database: Database, task: Task, block: Computed = BLOCK) -> bool:
    async with database.transaction() as connection:
        return await work.complete_shard(connection, task.step, block)


async def found(database: Database, sweep: Sweep) -> Sweep:
    async with database.single() as connection:
        now = await store.find(connection, sweep.sweep_id)
    assert now is not None
    return now


async def test_workers_that_come_at_once_get_shards_of_their_own(database: Database) -> None:
    await added(database)
    tasks = await asyncio.gather(*(taken(database) for _ in range(10)))
    spans = sorted((task.step.first, task.step.configs) for task in tasks)
    assert spans == [(first, 8) for first in range(0, 80, 8)]


async def test_a_shard_is_sized_by_the_pace(database: Database) -> None:
    await added(database)
    first = await taken(database)
    assert await completed(database, first, replace(BLOCK, computed_s=0.2))
    assert (await taken(database)).step.configs == 40
    assert shard_size(0.01, SIZE) == 1
    assert shard_size(1e9, SIZE) == 1000


async def test_the_end_comes_after_the_last_shard_and_once(database: Database) -> None:
    sweep = await added(database, replace(SPEC, trials=16))
    one, two = await taken(database), await taken(database)
    assert await claimed(database) is None
    assert await completed(database, two)
    assert await claimed(database) is None
    assert await completed(database, one)
    last = await taken(database)
    assert (last.step.kind, last.step.first) == (StepKind.FINISH, 16)
    assert await claimed(database) is None
    async with database.transaction() as connection:
        assert await work.complete_sweep(connection, last.step, {"a": 1})
    now = await found(database, sweep)
    assert (now.status, now.done, now.bytes, now.result) == (Status.COMPLETED, 16, 14, {"a": 1})
    async with database.single() as connection:
        assert list(await store.blocks(connection, sweep.id)) == [b"parquet"] * 2
    assert await claimed(database) is None


async def test_who_was_taken_for_dead_writes_nothing(database: Database) -> None:
    sweep = await added(database)
    first = await taken(database)
    second = await taken(database, DEAD)
    assert (second.step.id, second.step.first, second.step.attempt) == (first.step.id, 0, 2)
    assert await completed(database, second)
    assert not await completed(database, first)
    assert not await completed(database, second)
    async with database.single() as connection:
        assert not await work.beat(connection, first.step)
    assert (await found(database, sweep)).done == 8


async def test_a_shard_over_which_workers_die_is_left_alone(database: Database) -> None:
    sweep = await added(database, replace(SPEC, trials=8))
    for attempt in (1, 2, 3):
        assert (await taken(database, DEAD)).step.attempt == attempt
    assert await claimed(database, DEAD) is None
    async with database.single() as connection:
        buried = await work.bury(connection, DEAD, {"status": 500, "code": "x", "detail": "y"})
    assert [each.id for each in buried] == [sweep.id]
    assert (await found(database, sweep)).status is Status.FAILED


async def test_what_is_given_back_is_no_death(database: Database) -> None:
    await added(database, replace(SPEC, trials=8))
    for _ in range(5):
        task = await taken(database)
        assert task.step.first == 0
        async with database.single() as connection:
            await work.give_back(connection, task.step)
    assert await completed(database, await taken(database))


async def test_nobody_works_on_what_is_cancelled(database: Database) -> None:
    sweep = await added(database)
    task = await taken(database)
    async with database.single() as connection:
        assert await store.cancel(connection, sweep.sweep_id)
        assert not await store.cancel(connection, sweep.sweep_id)
        assert not await work.beat(connection, task.step)
        assert await work.free(connection, DEAD) == 0
        assert not await work.fail(connection, task.step, {})
    assert not await completed(database, task)
    assert await claimed(database, DEAD) is None
    assert (await found(database, sweep)).done == 0


async def test_a_batch_is_asked_for_when_the_one_before_is_done(database: Database) -> None:
    await added(database, replace(SPEC, method=Method.TPE, trials=20))
    ask = await taken(database)
    assert (ask.step.kind, ask.step.first, ask.step.configs) == (StepKind.ASK, 0, 16)
    assert await claimed(database) is None
    async with database.transaction() as connection:
        assert await work.complete_ask(connection, ask.step, [[{"a": 1}] * 8, [{"a": 2}] * 8])
        assert not await work.complete_ask(connection, ask.step, [[{"a": 1}] * 16])
    one, two = await taken(database), await taken(database)
    assert (one.step.first, two.step.first, two.step.points) == (0, 8, [{"a": 2}] * 8)
    assert await completed(database, one)
    assert await claimed(database) is None
    assert await completed(database, two)
    again = await taken(database)
    assert (again.step.kind, again.step.first, again.step.configs) == (StepKind.ASK, 16, 4)


async def test_the_sweep_served_longest_ago_is_next(database: Database) -> None:
    one, two = await added(database, sweep_id="a"), await added(database, sweep_id="b")
    assert [(await taken(database)).sweep.id for _ in range(4)] == [one.id, two.id, one.id, two.id]


def test_a_controller_that_is_not_bundled_is_refused() -> None:
    own = replace(SPEC, base=replace(BASE, config={"controller_name": "my_own"}))
    with pytest.raises(Unprocessable, match="my_own"):
        search_of(own)


async def test_the_newest_are_kept(database: Database) -> None:
    sweeps = [await added(database, sweep_id=str(number)) for number in range(4)]
    async with database.single() as connection:
        for sweep in sweeps[:3]:
            await store.cancel(connection, sweep.sweep_id)
        assert await work.forget_oldest(connection, sweeps=2, size=1000) == 1
        kept = await store.page(connection, None, 10, None)
    assert [each.sweep_id for each in kept.rows] == ["3", "2", "1"]


async def test_the_first_to_find_the_terms_has_found_them_for_all(database: Database) -> None:
    sweep = await added(database)
    assert sweep.venue_terms is None
    first, second = (VenueTerms(warnings=(each,)) for each in ("first", "second"))
    for terms in (first, second):
        async with database.single() as connection:
            kept = await work.share_terms(connection, sweep.id, terms.model_dump(mode="json"))
        assert VenueTerms.model_validate(kept) == first
    assert (await found(database, sweep)).venue_terms == first
