"""Migrations against the real PostgreSQL, while others use the tables."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from aviary_common.database import migrations
from aviary_common.database.migrations import migrate
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers

SERVICE = "market-data"
FIRST = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "0001", None, None, None
def upgrade():
    op.execute("create table busy (id bigint)")
"""
SECOND = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None
def upgrade():
    op.execute("alter table busy add column note text")
"""
CONCURRENT = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "0003", "0002", None, None
def upgrade():
    with op.get_context().autocommit_block():
        op.execute("create index concurrently busy_id on busy (id)")
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Of its own: the service's real tables are elsewhere."""
    with start_servers(tmp_path_factory.mktemp("migrations")) as running:
        yield running


@pytest.fixture
async def folder(servers: Servers, tmp_path: Path) -> Path:
    (tmp_path / "0001_first.py").write_text(FIRST)
    with connect(servers) as connection:
        connection.execute("drop table if exists busy, alembic_version")
    await migrate(url(servers), tmp_path)
    (tmp_path / "0002_second.py").write_text(SECOND)
    return tmp_path


def url(servers: Servers) -> SecretStr:
    return SecretStr(servers.database_url(SERVICE))


def connect(servers: Servers) -> psycopg.Connection:
    return psycopg.connect(servers.database_url(SERVICE).replace("+psycopg", ""), autocommit=True)


def revision(servers: Servers) -> str:
    with connect(servers) as connection:
        row = connection.execute("select version_num from alembic_version").fetchone()
    assert row is not None
    return str(row[0])


async def test_nobody_waits_long_behind_a_migration_that_cannot_have_its_table(
    servers: Servers, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long reader keeps the migration waiting, and without a timeout everybody after it too."""
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT_S", 1)
    with connect(servers) as reader, reader.transaction():
        reader.execute("select * from busy")
        migrating = asyncio.create_task(migrate(url(servers), folder))
        await asyncio.to_thread(wait_until_it_waits, servers)
        with connect(servers) as other:
            other.execute("set statement_timeout = '20s'")
            await asyncio.to_thread(other.execute, "select * from busy")
        assert not migrating.done()
    await migrating
    assert revision(servers) == "0002"


def wait_until_it_waits(servers: Servers) -> None:
    with connect(servers) as connection:
        connection.execute("set statement_timeout = '20s'")
        connection.execute(
            "do $$ begin while not exists (select from pg_locks where not granted and mode = 'AccessExclusiveLock')"
            " loop perform pg_sleep(0.01); end loop; end $$"
        )


async def test_an_index_can_be_made_while_others_write(servers: Servers, folder: Path) -> None:
    (folder / "0003_index.py").write_text(CONCURRENT)
    with connect(servers) as connection:
        connection.execute("insert into busy values (1)")
    await migrate(url(servers), folder)
    assert revision(servers) == "0003"
    with connect(servers) as connection:
        assert connection.execute("select indisvalid from pg_index where indexrelid = 'busy_id'::regclass").fetchone()
