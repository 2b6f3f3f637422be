"""An installation that Docker Compose runs: PostgreSQL inside its network, folders of the host.

``LocalInstallation``'s counterpart for ``making.make``: its database is asked through its own container.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aviary_local.backup.database import DUMP, RESTORE, Database, Dump, last_words
from aviary_local.backup.errors import BackupError
from aviary_local.topology import DATABASE, FOLDERS, POSTGRES, SUPERUSER

_REVISIONS: Final = r"""
select format('select %L, version_num from %I.alembic_version', schemaname, schemaname)
from pg_tables where tablename = 'alembic_version' order by 1 \gexec
"""


@dataclass(frozen=True)
class ComposeDatabase:
    """``project`` is the folder of docker-compose.yml. The container trusts whoever may enter it."""

    project: Path

    def revisions(self) -> Mapping[str, str]:
        psql = ("psql", f"--username={SUPERUSER}", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1", DATABASE)
        done = subprocess.run(  # noqa: S603
            self._inside(*psql), input=_REVISIONS.encode(), capture_output=True, check=False
        )
        if done.returncode:
            raise BackupError(f"The database could not be asked: {last_words(done.stderr)}")
        pairs = (line.split("|", 1) for line in done.stdout.decode().splitlines() if line)
        return dict(pairs)

    def dumped(self) -> Dump:
        return Dump(self._inside("pg_dump", *DUMP), os.environ)

    def load(self, dump: Path) -> None:
        with dump.open("rb") as file:
            done = subprocess.run(self._inside("pg_restore", *RESTORE), stdin=file, capture_output=True, check=False)  # noqa: S603
        if done.returncode:
            raise BackupError(f"The database could not be restored: {last_words(done.stderr)}")

    def _inside(self, *program: str) -> tuple[str, ...]:
        compose = ("docker", "compose", "--project-directory", str(self.project))
        return (*compose, "exec", "-T", POSTGRES.name, *program)


@dataclass(frozen=True)
class ComposeInstallation:
    """``data`` is the host's folder above the services' own."""

    project: Path
    data: Path

    @property
    def secrets(self) -> Path:
        return self.project / ".env"

    @property
    def folders(self) -> Mapping[str, Path]:
        return {name: self.data / name for name in FOLDERS if (self.data / name).is_dir()}

    @contextmanager
    def database(self) -> Iterator[Database]:
        yield ComposeDatabase(self.project)
