"""The data of each release that was, under today's migrations."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import Engine, event

from aviary_accounts.app import create as accounts
from aviary_backtesting.app import create as backtesting
from aviary_common.database.migrations import migrate
from aviary_local import postgres_binaries
from aviary_local.ports import LOOPBACK
from aviary_local.postgres_schemas import Schemas
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_local.topology import DATABASE, SUPERUSER, TRADING, Service, with_schema
from aviary_market_data.app import create as market_data
from aviary_testing.apps import environment, running_app
from aviary_testing.sandbox import Sandbox
from aviary_trading.app import create as trading

RELEASES = sorted(folder for folder in Path(__file__).with_name("releases").iterdir() if folder.is_dir())
APPS = {"accounts": accounts, "trading": trading, "market-data": market_data, "backtesting": backtesting}


@dataclass(frozen=True)
class Upgraded:
    """``in_use`` are the release's own tables, ``statements`` what the migrations from it to today have said."""

    servers: Servers
    account: str
    config_password: str
    in_use: frozenset[str]
    statements: list[str]
    schema: str
    fresh_schema: str
    trading_by_replicas: str
    trading: str


@pytest.fixture(scope="session", params=RELEASES, ids=lambda folder: folder.name)
async def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Upgraded]:
    release: Path = request.param
    about = json.loads((release / "about.json").read_text())
    with start_servers(tmp_path_factory.mktemp(release.name)) as servers:
        await migrate_everything(servers)
        fresh = schema_of(servers)
        load(servers, release / "database.sql")
        migrate_in_processes(servers, TRADING, 3)
        together = schema_of(servers, TRADING)
        load(servers, release / "database.sql")
        in_use = tables(servers)
        with statements_told() as statements:
            await migrate_everything(servers)
        schema = schema_of(servers)
        account, password = about["account"], about["config_password"]
        yield Upgraded(
            servers, account, password, in_use, statements, schema, fresh, together, schema_of(servers, TRADING)
        )


@pytest.fixture(scope="session")
async def apis(upgraded: Upgraded, sandbox: Sandbox) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Today's services on that data, with that release's config password."""
    async with AsyncExitStack() as running:
        clients = {}
        for name, create in APPS.items():
            variables = environment(upgraded.servers, name, sandbox)
            if "AVIARY_CONFIG_PASSWORD" in variables:
                variables["AVIARY_CONFIG_PASSWORD"] = upgraded.config_password
            clients[name] = await running.enter_async_context(running_app(create, variables))
        yield clients


async def migrate_everything(servers: Servers) -> None:
    """Alembic does one thing at a time in a process."""
    for service in with_schema():
        await migrate(SecretStr(servers.database_url(service.name)), migrations_of(service))


def migrate_in_processes(servers: Servers, service: Service, number: int) -> None:
    """As that many replicas do that start at once."""
    argv = [sys.executable, "-m", "tests.upgrade.replica", str(migrations_of(service))]
    environment = {**os.environ, "AVIARY_DATABASE_URL": servers.database_url(service.name)}
    replicas = [
        subprocess.Popen(argv, env=environment, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        for _ in range(number)
    ]
    complaints = [replica.communicate(timeout=60)[1] for replica in replicas]
    assert [replica.returncode for replica in replicas] == [0] * number, complaints


def migrations_of(service: Service) -> Path:
    found = importlib.util.find_spec(service.package)
    assert found is not None
    assert found.origin is not None
    return next(path for path in Path(found.origin).parents if (path / "migrations").is_dir()) / "migrations"


@contextmanager
def statements_told() -> Iterator[list[str]]:
    told: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    yield told
    event.remove(Engine, "before_cursor_execute", listen)


def connect(servers: Servers) -> psycopg.Connection:
    return psycopg.connect(
        host=LOOPBACK,
        port=servers.postgres.port,
        user=SUPERUSER,
        password=servers.secrets.postgres_password,
        dbname=DATABASE,
        autocommit=True,
    )


def load(servers: Servers, dump: Path) -> None:
    """In the place of what is there; schemas of services that came later are made as the launcher does."""
    with connect(servers) as connection:
        for service in with_schema():
            connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(str(service.schema))))
    program(servers, "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dump}", DATABASE)
    Schemas(servers.postgres.port, servers.secrets).ensure()


def tables(servers: Servers) -> frozenset[str]:
    with connect(servers) as connection:
        schemas = [str(service.schema) for service in with_schema()]
        rows = connection.execute("select tablename from pg_tables where schemaname = any(%s)", [schemas])
        return frozenset(name for (name,) in rows) - {"alembic_version"}


def schema_of(servers: Servers, service: Service | None = None) -> str:
    """Without the casts and brackets that PostgreSQL writes otherwise once an expression was dumped and loaded."""
    only = [f"--schema={service.schema}"] if service else []
    dumped = program(servers, "pg_dump", "--schema-only", "--restrict-key=aviary", *only, DATABASE)
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", dumped)


def program(servers: Servers, name: str, *arguments: str) -> str:
    server = (f"--host={LOOPBACK}", f"--port={servers.postgres.port}", f"--username={SUPERUSER}")
    environment = {"PATH": os.defpath, "PGPASSWORD": servers.secrets.postgres_password}
    argv = [postgres_binaries.find().program(name), *server, *arguments]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
