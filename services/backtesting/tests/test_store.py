"""What only the database decides: who has a run, and what is kept."""

import os
from collections.abc import AsyncIterator
from unittest.mock import patch

import httpx
import pytest
from sqlalchemy import text

from aviary_backtesting.results import large
from aviary_backtesting.runs import store, work
from aviary_backtesting.runs.run import Kind, Run
from aviary_backtesting.runs.service import new_id
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.runs.states import NEXT, Phase, Status, before
from aviary_backtesting.runs.work import Findings, Limits, Part
from aviary_common.database import Database
from aviary_common.settings import DatabaseSettings, load
from aviary_local.testing import Servers
from aviary_testing.schema import differences

SPEC = RunSpec({"controller_name": "bollinger_v1"}, 0.0, 60.0, "1m", "honest", {}, 0.95)
FOUND = Findings("1", "candles", "digest", {"net_pnl_quote": 1.0}, {}, {}, {})
LIMITS = Limits(dead_after_s=60, attempts=3)
DEAD = Limits(dead_after_s=-1, attempts=3)
"""Everybody was silent for too long."""
EXECUTORS = Part("executors", 1, b"parquet")


@pytest.fixture
async def database(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Database]:
    with patch.dict(os.environ, servers.environment("backtesting")):
        opened = Database(load(DatabaseSettings))
    yield opened
    async with opened.single() as connection:
        await connection.execute(text("delete from run"))
    await opened.close()


async def added(database: Database) -> Run:
    async with database.single() as connection:
        return await store.add(connection, new_id(), Kind.RUN, SPEC)


async def claimed(database: Database, limits: Limits = LIMITS) -> Run | None:
    async with database.single() as connection:
        return await work.claim(connection, "somebody", limits)


async def found(database: Database, run: Run) -> Run:
    async with database.single() as connection:
        now = await store.find(connection, run.run_id)
    assert now is not None
    return now


async def completed(database: Database, run: Run) -> bool:
    async with database.transaction() as connection:
        return await work.complete(connection, run, FOUND, [EXECUTORS])


def test_what_has_ended_stays_so() -> None:
    assert {status for status in Status if status.has_ended} == {Status.COMPLETED, Status.FAILED, Status.CANCELLED}
    assert before(Status.COMPLETED) == (Status.RUNNING,)
    assert set(NEXT) == set(Status)


async def test_the_migrations_make_the_tables_that_the_code_uses(api: httpx.AsyncClient, servers: Servers) -> None:
    import aviary_backtesting.candles.tables
    from aviary_backtesting.metadata import metadata

    assert aviary_backtesting.candles.tables.upload_table.name in metadata.tables
    assert differences(servers.database_url("backtesting"), metadata) == []


async def test_a_run_has_one_taker(database: Database) -> None:
    first, second = await added(database), await added(database)
    taken = [await claimed(database) for _ in range(3)]
    assert [run and run.run_id for run in taken] == [first.run_id, second.run_id, None]


async def test_whoever_was_taken_for_dead_writes_nothing(database: Database) -> None:
    await added(database)
    old, new = await claimed(database), await claimed(database, DEAD)
    assert old is not None
    assert new is not None
    assert (old.run_id, new.attempt) == (new.run_id, old.attempt + 1)
    async with database.single() as connection:
        assert not await work.beat(connection, old, Phase.RUNNING, 0.5)
        assert not await work.fail(connection, old, {"status": 500, "code": "x", "detail": "y"})
        await work.give_back(connection, old)
    assert not await completed(database, old)
    assert await completed(database, new)
    assert not await completed(database, new)
    assert (await found(database, new)).status is Status.COMPLETED


async def test_nothing_is_written_of_a_run_that_was_cancelled(database: Database) -> None:
    await added(database)
    run = await claimed(database)
    assert run is not None
    async with database.single() as connection:
        assert await store.cancel(connection, run.run_id)
        assert not await work.beat(connection, run, Phase.RUNNING, 0.5)
    assert not await completed(database, run)
    async with database.single() as connection:
        assert await store.part(connection, run.id, "executors") is None


async def test_a_worker_that_died_over_the_larger_parts_is_followed_by_another(database: Database) -> None:
    await added(database)
    run = await claimed(database)
    assert run is not None
    assert await completed(database, run)
    assert await claimed(database) is None
    follower = await claimed(database, DEAD)
    assert follower is not None
    assert (follower.status, follower.digest) == (Status.COMPLETED, "digest")
    async with database.transaction() as connection:
        assert not await work.add_parts(connection, run, [Part("series", 2, b"old")])
        await work.seal(connection, run)
        assert not (await found(database, run)).saved
        assert await work.add_parts(connection, follower, [Part("series", 2, b"new")])
        await work.seal(connection, follower)
    async with database.single() as connection:
        assert await store.part(connection, run.id, "series") == b"new"
        assert await store.part(connection, run.id, "executors") == EXECUTORS.content
    assert (await found(database, run)).saved
    assert await claimed(database, DEAD) is None


async def test_a_part_of_many_pieces_comes_back_whole_and_stays_as_it_was_first_written(database: Database) -> None:
    await added(database)
    run = await claimed(database)
    assert run is not None
    assert await completed(database, run)
    for length in (0, large.PIECE_BYTES, 2 * large.PIECE_BYTES + 1):
        name, content = f"of {length}", os.urandom(length)
        for written in (content, b"something else"):
            async with database.transaction() as connection:
                assert await work.add_parts(connection, run, [Part(name, 1, written)])
        async with database.single() as connection:
            assert await store.part(connection, run.id, name) == content


async def test_too_many_deaths_end_a_run_but_not_those_who_gave_it_back(database: Database) -> None:
    await added(database)
    for _ in range(5):
        run = await claimed(database)
        assert run is not None
        async with database.single() as connection:
            await work.give_back(connection, run)
    for _ in range(3):
        assert await claimed(database, DEAD) is not None
    assert await claimed(database, DEAD) is None
    error = {"status": 500, "code": "worker_died", "detail": "three of them"}
    async with database.single() as connection:
        (buried,) = await work.bury(connection, DEAD, error)
        assert await work.bury(connection, DEAD, error) == []
    assert (buried.status, buried.error) == (Status.FAILED, error)


async def test_the_newest_results_are_kept(database: Database) -> None:
    runs = []
    for _ in range(4):
        await added(database)
        run = await claimed(database)
        assert run is not None
        await completed(database, run)
        async with database.transaction() as connection:
            await work.add_parts(connection, run, [Part("series", 1, b"x" * 93)])
            await work.seal(connection, run)
        runs.append(run)
    waiting = await added(database)

    async def left() -> list[str]:
        async with database.single() as connection:
            kept = await store.newest(connection, store.Filter(), 10)
        return [run.run_id for run in kept]

    newest = [waiting.run_id, *(run.run_id for run in reversed(runs))]
    async with database.single() as connection:
        assert await work.forget_oldest(connection, runs=3, size=10_000) == 1
        assert await left() == newest[:4]
        assert await work.forget_oldest(connection, runs=3, size=250) == 1
        assert await left() == newest[:3]
        assert await store.part(connection, runs[0].id, "series") is None
