"""Roles, schemas and the folder of PostgreSQL, against the real server."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from aviary_local import postgres_binaries, postgres_home
from aviary_local.command import RunAs
from aviary_local.postgres_schemas import Schemas
from aviary_local.testing import Servers


def connect(servers: Servers, service: str) -> psycopg.Connection:
    return psycopg.connect(servers.database_url(service).replace("+psycopg", ""), autocommit=True)


def test_each_service_works_in_its_own_schema(real_servers: Servers) -> None:
    with connect(real_servers, "market-data") as own:
        assert own.execute("select current_user, current_schema").fetchone() == ("aviary_market_data", "market_data")
        own.execute("create table candle (at int)")
        own.execute("drop table candle")


def test_a_service_cannot_look_into_anothers_schema(real_servers: Servers) -> None:
    with connect(real_servers, "accounts") as accounts:
        accounts.execute("create table if not exists credential (secret text)")
    with connect(real_servers, "trading") as trading:
        for attempt in (
            "select * from accounts.credential",
            "create table accounts.mine (x int)",
            "create table public.mine (x int)",
            "set role aviary_accounts",
            "create schema mine",
            "create role mine",
        ):
            with pytest.raises(InsufficientPrivilege):
                trading.execute(attempt)


def test_a_service_cannot_enter_other_databases(real_servers: Servers) -> None:
    url = real_servers.database_url("trading").replace("+psycopg", "").removesuffix("aviary") + "postgres"
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(url)


def test_a_wrong_password_is_refused(real_servers: Servers) -> None:
    url = real_servers.database_url("trading").replace("+psycopg", "")
    user, rest = url.split("://")[1].split(":", 1)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://{user}:wrong@{rest.split('@')[1]}")


def test_provisioning_again_changes_nothing(real_servers: Servers) -> None:
    Schemas(real_servers.postgres.port, real_servers.secrets).ensure()
    with connect(real_servers, "trading") as trading:
        assert trading.execute("select 1").fetchone() == (1,)


def test_data_survives_a_crash(real_servers: Servers) -> None:
    with connect(real_servers, "backtesting") as own:
        own.execute("create table kept (x int)")
    real_servers.postgres.kill()
    real_servers.postgres.start()
    with connect(real_servers, "backtesting") as own:
        assert own.execute("select count(*) from kept").fetchone() == (0,)


def test_binaries_are_of_the_one_major_that_reads_our_data() -> None:
    assert postgres_binaries.find().major == postgres_binaries.MAJOR


def test_mode_bits_tell_who_may_enter(tmp_path: Path) -> None:
    stranger = RunAs(54_321, 54_321)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not postgres_binaries.can_enter(closed, stranger)
    assert postgres_binaries.can_enter(Path("/usr"), stranger)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_keeps_the_data_outside_a_closed_checkout_and_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_home, "SHARED", tmp_path / "shared")
    home = tmp_path / "checkout" / ".aviary"
    home.mkdir(parents=True, mode=0o700)
    (tmp_path / "checkout").chmod(0o700)
    nobody = postgres_home.unprivileged()
    assert nobody
    data = postgres_home.settle(home / "postgres", nobody)
    assert data.is_relative_to(tmp_path / "shared")
    assert (home / "postgres").resolve() == data
    assert data.stat().st_uid == nobody.uid
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "checkout").stat().st_mode) == 0o700
    assert postgres_home.settle(home / "postgres", nobody) == data

    (home / "postgres").unlink()
    (data / "PG_VERSION").write_text("18")
    fresh = postgres_home.settle(home / "postgres", nobody)
    assert not list(fresh.iterdir())
    assert len(list(fresh.parent.glob("postgres-*"))) == 1
