import asyncio
import contextlib
import gc
import random
import warnings
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SAWarning

from aviary_common.cancelling import end
from aviary_common.database import Database
from aviary_common.database.migrations import migrate
from aviary_common.errors import Unavailable
from aviary_local.testing import Servers

MIGRATION = '''"""A table."""
from alembic import op
import sqlalchemy as sa
revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None
def upgrade() -> None:
    op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True))
def downgrade() -> None:
    op.drop_table("{table}")
'''


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.py").write_text(MIGRATION.format(revision="0001", down=None, table="first"))
    return tmp_path


@pytest.fixture
async def empty_schema(database: Database) -> None:
    async with database.transaction() as connection:
        for table in ("first", "second", "alembic_version", "probe"):
            await connection.execute(text(f"drop table if exists {table}"))


async def tables(database: Database) -> set[str]:
    async with database.single() as connection:
        query = text("select tablename from pg_tables where schemaname = current_schema()")
        return set(await connection.scalars(query))


@pytest.mark.usefixtures("empty_schema")
async def test_replicas_that_start_together_migrate_once(servers: Servers, database: Database, versions: Path) -> None:
    url = SecretStr(servers.database_url("backtesting"))
    await asyncio.gather(*(migrate(url, versions) for _ in range(4)))
    assert "first" in await tables(database)


@pytest.mark.usefixtures("empty_schema")
async def test_a_new_revision_is_applied_to_an_old_schema(servers: Servers, database: Database, versions: Path) -> None:
    url = SecretStr(servers.database_url("backtesting"))
    await migrate(url, versions)
    (versions / "0002_second.py").write_text(MIGRATION.format(revision="0002", down='"0001"', table="second"))
    await migrate(url, versions)
    assert {"first", "second"} <= await tables(database)


@pytest.mark.usefixtures("empty_schema")
async def test_a_failed_block_leaves_nothing(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("create table probe (id int)"))
    with contextlib.suppress(RuntimeError):
        async with database.transaction() as connection:
            await connection.execute(text("insert into probe values (1)"))
            raise RuntimeError
    async with database.single() as connection:
        assert await connection.scalar(text("select count(*) from probe")) == 0


async def test_a_killed_database_is_an_outage_and_heals(servers: Servers, database: Database) -> None:
    await database.ping()
    servers.postgres.kill()
    with pytest.raises(Unavailable, match="database"):
        await database.ping()
    servers.postgres.start()
    await database.ping()


@pytest.mark.parametrize("use", ["single", "transaction"])
async def test_a_cancelled_caller_leaves_no_connection_behind(database: Database, use: str) -> None:
    async def ask_forever() -> None:
        while True:
            async with getattr(database, use)() as connection:
                await connection.execute(text("select 1"))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SAWarning)
        for _ in range(20):
            tasks = [asyncio.create_task(ask_forever()) for _ in range(8)]
            await asyncio.sleep(random.uniform(0.002, 0.02))  # cancel at a moment that nobody chose
            await end(*tasks)
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


async def test_a_mistake_of_ours_is_no_outage(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.single() as connection:
            await connection.execute(text("select nonsense"))


async def test_times_come_back_in_utc(database: Database) -> None:
    async with database.single() as connection:
        moment = await connection.scalar(text("select timestamptz '2026-01-01 12:00+02'"))
    assert moment.isoformat() == "2026-01-01T10:00:00+00:00"
