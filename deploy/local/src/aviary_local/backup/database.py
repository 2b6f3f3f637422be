"""The database as a backup sees it: a stream out, a file in."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import psycopg
from psycopg import sql

from aviary_local import postgres_binaries
from aviary_local.backup.errors import BackupError
from aviary_local.ports import LOOPBACK
from aviary_local.topology import DATABASE, SUPERUSER

DUMP: Final = ("--format=custom", "--compress=gzip:1", "--no-password", f"--username={SUPERUSER}", DATABASE)
"""``gzip`` is what every build of pg_restore can read; level 1 keeps up with a disk."""
RESTORE: Final = (
    "--clean", "--if-exists", "--exit-on-error", "--no-password", f"--username={SUPERUSER}", f"--dbname={DATABASE}",
)  # fmt: skip
"""``--clean``: the roles are made together with their empty schemas."""
_AT_ONCE: Final = 2
_LOADING: Final = "-c maintenance_work_mem=192MB -c synchronous_commit=off"
"""Indexes are most of the work; and what has not ended well is begun anew."""


@dataclass
class Dump:
    """A block around the dump's stream; ``BackupError`` at its end unless the whole of it was read well."""

    argv: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)

    @contextmanager
    def stream(self) -> Iterator[IO[bytes]]:
        with tempfile.TemporaryFile() as complaints, _started(self, complaints) as process:
            assert process.stdout is not None  # noqa: S101
            yield process.stdout
            if process.wait():
                complaints.seek(0)
                raise BackupError(f"The database could not be read: {last_words(complaints.read())}")


@dataclass(frozen=True)
class Database:
    """A server within reach, asked as the superuser and with the programs of the wheel."""

    port: int
    password: str = field(repr=False)
    host: str = LOOPBACK

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=SUPERUSER,
            password=self.password,
            dbname=DATABASE,
            autocommit=True,
            connect_timeout=5,
        )

    def revisions(self) -> Mapping[str, str]:
        """By schema, the newest migration that it has seen."""
        with self.connect() as connection:
            schemas = connection.execute(
                "select schemaname from pg_tables where tablename = 'alembic_version' order by 1"
            ).fetchall()
            return {
                schema: str(row[0])
                for (schema,) in schemas
                if (row := connection.execute(_REVISION.format(sql.Identifier(schema))).fetchone())
            }

    def dumped(self) -> Dump:
        """All schemas as of one moment, in pg_dump's custom format, while others go on writing."""
        return Dump((_program("pg_dump"), *self._server(), *DUMP), self._environment())

    def load(self, dump: Path) -> None:
        """Into a database that holds nothing but empty schemas."""
        argv = (_program("pg_restore"), *self._server(), f"--jobs={_AT_ONCE}", *RESTORE, str(dump))
        done = subprocess.run(  # noqa: S603
            argv, env=self._environment() | {"PGOPTIONS": _LOADING}, capture_output=True, check=False
        )
        if done.returncode:
            raise BackupError(f"The database could not be restored: {last_words(done.stderr)}")
        self._analyze()

    def _analyze(self) -> None:
        """A dump has no statistics, and plans without them are poor."""
        with self.connect() as connection:
            connection.execute("analyze")

    def _server(self) -> tuple[str, str]:
        return f"--host={self.host}", f"--port={self.port}"

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LANG": "C.UTF-8", "PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "5"}


_REVISION: Final = sql.SQL("select version_num from {}.alembic_version")


def _program(name: str) -> str:
    return postgres_binaries.find().program(name)


@contextmanager
def _started(dump: Dump, complaints: IO[bytes]) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(dump.argv, env=dict(dump.environment), stdout=subprocess.PIPE, stderr=complaints) as process:  # noqa: S603
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def last_words(text: bytes) -> str:
    return text.decode(errors="replace").strip()[-500:]
