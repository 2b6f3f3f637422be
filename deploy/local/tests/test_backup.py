"""Backups and their restoration, with the real PostgreSQL and without the rest of the stack."""

import hashlib
import io
import os
import sqlite3
import stat
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO

import psycopg
import pyrage
import pytest

from aviary_local import postgres_binaries, postgres_home, secrets, state
from aviary_local.backup import compose, sealing, writing
from aviary_local.backup.commands import passphrase
from aviary_local.backup.compose import ComposeInstallation
from aviary_local.backup.errors import BackupError, BrokenBackup, NotFitting, WrongPassphrase
from aviary_local.backup.installation import LocalInstallation, database_alone
from aviary_local.backup.making import make
from aviary_local.backup.manifest import of_now
from aviary_local.backup.reading import unpack
from aviary_local.backup.restoring import restore
from aviary_local.backup.writing import backup_file
from aviary_local.errors import AlreadyRunning, LaunchError, WeakPassword
from aviary_local.home import Home
from aviary_local.ports import LOOPBACK
from aviary_local.topology import CANDLES

PASSPHRASE = "correct horse battery staple"


class Silent:
    def began(self, name: str, total: int | None) -> None:
        pass

    def advanced(self, amount: int) -> None:
        pass


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """Where also the user may enter whom root runs PostgreSQL as."""
    with tempfile.TemporaryDirectory(prefix="aviary-backup-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def installation(open_folder: Path) -> Home:
    """With rows, files of several kinds, and a bot's database that is being written to."""
    home = new_home(open_folder / "first")
    secrets.load(home.secrets, {})
    with database_alone(home) as database, database.connect() as connection:
        connection.execute("set role aviary_trading")
        connection.execute("create table trading.trading_order (id bigint primary key, amount numeric(36, 18))")
        connection.execute("insert into trading.trading_order select n, n / 7.0 from generate_series(1, 50000) n")
        connection.execute("create table trading.alembic_version (version_num varchar(32) primary key)")
        connection.execute("insert into trading.alembic_version values ('0003')")
    bot = home.folder("bots") / "instances" / "first"
    (bot / "empty").mkdir(parents=True)
    (bot / "conf_client.yml").write_text("instance_id: first\n")
    (bot / "conf_client.yml").chmod(0o640)
    (bot / "big.log").write_bytes(os.urandom(3 << 20))
    home.folder(CANDLES).mkdir()
    (home.folder(CANDLES) / "BTC.parquet").write_bytes(b"PAR1")
    return home


@pytest.fixture(scope="module")
def made(installation: Home, open_folder: Path) -> Path:
    path = open_folder / "backup.tar"
    make(LocalInstallation(installation), path, PASSPHRASE, Silent())
    return path


@pytest.fixture
def target(open_folder: Path) -> Home:
    """Another place, where nothing is yet."""
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    folder.chmod(0o755)
    return Home(folder)


def new_home(root: Path) -> Home:
    root.mkdir(mode=0o755)
    home = Home(root)
    home.create(postgres_home.unprivileged())
    return home


def contents(home: Home) -> dict[str, tuple[int, bytes]]:
    """Of the folders: mode and content by path."""
    found = {}
    for name in ("bots", CANDLES):
        for path in home.folder(name).rglob("*"):
            content = path.read_bytes() if path.is_file() else b"folder"
            found[str(path.relative_to(home.data))] = (stat.S_IMODE(path.stat().st_mode), content)
    return found


def test_everything_is_back_at_another_place(installation: Home, made: Path, target: Home) -> None:
    restored = restore(made, PASSPHRASE, target, Silent())
    assert restored.aside is None
    assert contents(target) == contents(installation)
    assert target.secrets.read_bytes() == installation.secrets.read_bytes()
    assert stat.S_IMODE(target.secrets.stat().st_mode) == 0o600
    with database_alone(target) as database, database.connect() as connection:
        rows = connection.execute("select count(*), sum(amount), max(id) from trading.trading_order").fetchone()
        owner = connection.execute("select tableowner from pg_tables where tablename = 'trading_order'").fetchone()
    with database_alone(installation) as database, database.connect() as connection:
        before = connection.execute("select count(*), sum(amount), max(id) from trading.trading_order").fetchone()
    assert rows == before
    assert owner == ("aviary_trading",)
    assert not (target.data / "database.dump").exists()
    assert [path.name for path in target.root.iterdir()] == [".aviary"]


def test_a_service_sees_its_own_schema_only_after_a_restoration(made: Path, target: Home) -> None:
    restore(made, PASSPHRASE, target, Silent())
    with database_alone(target) as database:
        login = secrets.load(target.secrets, {}).values["AVIARY_DATABASE_PASSWORD_ACCOUNTS"]
        with psycopg.connect(
            host=LOOPBACK, port=database.port, user="aviary_accounts", password=login, dbname="aviary"
        ) as connection:
            assert connection.execute("select current_schema").fetchone() == ("accounts",)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("select * from trading.trading_order")


def test_only_the_owner_may_read_the_file_and_nothing_in_it_is_readable(installation: Home, made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert [path.name for path in made.parent.iterdir() if path.name.startswith(".")] == []
    content = made.read_bytes()
    for value in secrets.load(installation.secrets, {}).all_confidential():
        assert value.encode() not in content
    assert b"conf_client" not in content


def test_the_file_opens_without_aviary(made: Path, tmp_path: Path) -> None:
    """As its README says, with the format's own tools."""
    with tarfile.open(made) as outer:
        assert outer.getnames() == ["README", "key.age", "backup.tar.age"]
        key = pyrage.passphrase.decrypt(outer.extractfile("key.age").read(), PASSPHRASE).decode().strip()  # type: ignore[union-attr]
        plain = pyrage.decrypt(
            outer.extractfile("backup.tar.age").read(),  # type: ignore[union-attr]
            [pyrage.x25519.Identity.from_str(key)],
        )
    with tarfile.open(fileobj=io.BytesIO(plain)) as inner:
        inner.extractall(tmp_path, filter="data")
    for line in (tmp_path / "checksums.sha256").read_text().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    dump = tmp_path / "dump"
    dump.write_bytes(b"".join(piece.read_bytes() for piece in sorted((tmp_path / "database").iterdir())))
    listed = subprocess.run(
        [postgres_binaries.find().program("pg_restore"), "--list", dump], capture_output=True, text=True, check=True
    )
    assert "trading_order" in listed.stdout


def test_a_bots_database_is_whole_although_it_is_written_to(open_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "bots" / "bot.sqlite"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table fill (id integer primary key)")
        connection.commit()
        connection.execute("insert into fill select value from json_each('[1, 2, 3]')")
        connection.commit()
        with backup_file(tmp_path / "one.tar", PASSPHRASE) as archive:
            archive.add_text("manifest.json", of_now({}, ["bots"], secrets=False).to_json())
            assert archive.add_folder("bots", path.parent, lambda _: None) == 1
    (tmp_path / "into").mkdir()
    unpack(tmp_path / "one.tar", PASSPHRASE, tmp_path / "into", lambda _: None)
    with closing(sqlite3.connect(f"file:{tmp_path}/into/bots/bot.sqlite?mode=ro", uri=True)) as copy:
        assert copy.execute("select count(*) from fill").fetchone() == (3,)


def changed(made: Path, path: Path, at: float) -> Path:
    content = bytearray(made.read_bytes())
    content[int(len(content) * at)] ^= 1
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("at", [0.1, 0.97])
def test_a_changed_byte_is_told_and_nothing_is_touched(made: Path, target: Home, tmp_path: Path, at: float) -> None:
    with pytest.raises(BrokenBackup):
        restore(changed(made, tmp_path / "changed.tar", at), PASSPHRASE, target, Silent())
    assert list(target.root.iterdir()) == []


@pytest.mark.parametrize("left", [300, 1 << 20, -11_000])
def test_a_cut_file_is_told_and_nothing_is_touched(made: Path, target: Home, tmp_path: Path, left: int) -> None:
    cut = tmp_path / "cut.tar"
    cut.write_bytes(made.read_bytes()[:left])
    with pytest.raises(BackupError):
        restore(cut, PASSPHRASE, target, Silent())
    assert list(target.root.iterdir()) == []


def test_a_wrong_passphrase_is_told(made: Path, target: Home) -> None:
    with pytest.raises(WrongPassphrase):
        restore(made, PASSPHRASE + "!", target, Silent())
    assert list(target.root.iterdir()) == []


def test_a_weak_passphrase_is_refused(installation: Home, tmp_path: Path) -> None:
    with pytest.raises(WeakPassword, match="passphrase"):
        make(LocalInstallation(installation), tmp_path / "weak.tar", "password1234", Silent())
    assert list(tmp_path.iterdir()) == []


def test_data_is_never_written_over(made: Path, target: Home) -> None:
    restore(made, PASSPHRASE, target, Silent())
    (target.folder("bots") / "mine").write_text("newer")
    with pytest.raises(BackupError, match="--replace"):
        restore(made, PASSPHRASE, target, Silent())
    assert (target.folder("bots") / "mine").exists()
    restored = restore(made, PASSPHRASE, target, Silent(), replace=True)
    assert restored.aside is not None
    assert (restored.aside / "bots" / "mine").read_text() == "newer"
    assert (restored.aside / "postgres").exists()
    assert not (target.folder("bots") / "mine").exists()


def test_what_the_backup_leaves_out_stays_as_it_was(installation: Home, open_folder: Path, target: Home) -> None:
    path = open_folder / "without-candles.tar"
    make(LocalInstallation(installation), path, PASSPHRASE, Silent(), without={CANDLES})
    target.folder(CANDLES).mkdir(parents=True)
    (target.folder(CANDLES) / "ETH.parquet").write_bytes(b"PAR1")
    restored = restore(path, PASSPHRASE, target, Silent())
    assert restored.kept == (CANDLES,)
    assert [each.name for each in target.folder(CANDLES).iterdir()] == ["ETH.parquet"]


def test_without_secrets_it_asks_for_those_of_its_time(installation: Home, open_folder: Path, target: Home) -> None:
    path = open_folder / "without-secrets.tar"
    make(LocalInstallation(installation), path, PASSPHRASE, Silent(), with_secrets=False)
    with pytest.raises(NotFitting, match=r"secrets\.env"):
        restore(path, PASSPHRASE, target, Silent())
    target.data.mkdir(mode=0o700)
    target.secrets.write_bytes(installation.secrets.read_bytes())
    restore(path, PASSPHRASE, target, Silent())
    assert target.secrets.read_bytes() == installation.secrets.read_bytes()


def test_a_running_stack_is_left_alone(installation: Home, made: Path) -> None:
    with state.lock(installation), pytest.raises(AlreadyRunning):
        restore(made, PASSPHRASE, installation, Silent(), replace=True)


def test_a_backup_is_not_written_over(installation: Home, made: Path) -> None:
    before = made.read_bytes()
    with pytest.raises(BackupError, match="there already"):
        make(LocalInstallation(installation), made, PASSPHRASE, Silent())
    assert made.read_bytes() == before


def written(path: Path, revisions: dict[str, str], *members: tuple[str, bytes]) -> Path:
    with backup_file(path, PASSPHRASE) as archive:
        archive.add_text("manifest.json", of_now(revisions, [], secrets=True).to_json())
        for name, content in members:
            archive.add_text(name, content)
    return path


def test_a_backup_of_a_newer_release_is_refused(tmp_path: Path, target: Home) -> None:
    path = written(tmp_path / "newer.tar", {"trading": "9999", "accounts": "0001"})
    with pytest.raises(NotFitting, match="trading 9999"):
        restore(path, PASSPHRASE, target, Silent())


@pytest.mark.parametrize("name", ["/root/outside", "bots/../../outside"])
def test_a_member_cannot_leave_its_folder(tmp_path: Path, target: Home, name: str) -> None:
    with pytest.raises(BrokenBackup, match="cannot have"):
        restore(written(tmp_path / "evil.tar", {}, (name, b"!")), PASSPHRASE, target, Silent())
    assert list(target.root.iterdir()) == []


def test_without_its_checksums_a_file_is_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHECKSUMS_NAME", "something-else")
    path = written(tmp_path / "unfinished.tar", {})
    monkeypatch.undo()
    (tmp_path / "into").mkdir()
    with pytest.raises(BrokenBackup):
        unpack(path, PASSPHRASE, tmp_path / "into", lambda _: None)


def test_an_installation_in_containers_makes_the_same_file(installation: Home, target: Home, tmp_path: Path) -> None:
    data, env, file = tmp_path / "data", tmp_path / ".env", tmp_path / "compose.tar"
    (data / "bots" / "first").mkdir(parents=True)
    (data / "bots" / "first" / "conf.yml").write_text("a: 1")
    env.write_text(f"AVIARY_DATA={data}\n{installation.secrets.read_text()}AVIARY_PORT=9000\n")
    with database_alone(installation) as server:
        make(ComposeInstallation(data, env, replace(server, password="")), file, PASSPHRASE, Silent())
    restored = restore(file, PASSPHRASE, target, Silent())
    assert restored.manifest.revisions == {"trading": "0003"}
    assert (target.folder("bots") / "first" / "conf.yml").read_text() == "a: 1"
    kept = secrets.parse(target.secrets.read_text())
    assert kept == secrets.parse(installation.secrets.read_text())
    with database_alone(target) as database, database.connect() as connection:
        assert connection.execute("select count(*) from trading.trading_order").fetchone() == (50_000,)


def test_in_containers_the_new_env_has_the_secrets_of_the_backup_and_the_settings_of_the_machine(
    installation: Home, tmp_path: Path
) -> None:
    then, other = secrets.parse(installation.secrets.read_text()), secrets.in_memory().values
    present = secrets.lines({"AVIARY_DATA": "/srv/aviary", **other, "AVIARY_PORT": "9000"})
    (tmp_path / "secrets.env").write_text(installation.secrets.read_text())
    found = secrets.parse(compose.environment(tmp_path, present))
    assert found == {"AVIARY_DATA": "/srv/aviary", "AVIARY_PORT": "9000", **then}
    (tmp_path / "secrets.env").unlink()
    assert secrets.parse(compose.environment(tmp_path, present)) == secrets.parse(present)
    with pytest.raises(NotFitting, match="without secrets"):
        compose.environment(tmp_path, "AVIARY_DATA=/srv/aviary\n")


def test_the_passphrase_can_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    monkeypatch.setenv("AVIARY_BACKUP_PASSPHRASE_FILE", str(file))
    assert passphrase(confirm=True) == PASSPHRASE


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(LaunchError, match="cannot be written"):
        write_much(full)


def write_much(target: IO[bytes]) -> None:
    with sealing.sealed(target, sealing.new_identity()) as plain:
        for _ in range(64):
            plain.write(bytes(1 << 20))
