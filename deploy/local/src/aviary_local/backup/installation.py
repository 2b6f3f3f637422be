"""Where an installation keeps what a backup holds: `.aviary` here. What runs in containers keeps it elsewhere."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aviary_local import control, secrets, state
from aviary_local.backup.database import Database
from aviary_local.backup.errors import BackupError
from aviary_local.errors import NotRunning
from aviary_local.home import Home
from aviary_local.ports import free_ports
from aviary_local.postgres import Postgres
from aviary_local.postgres_alone import running_alone
from aviary_local.report import StackReport
from aviary_local.topology import FOLDERS, POSTGRES


class Installation(Protocol):
    """``folders`` are those that exist, by the names of ``FOLDERS``."""

    @property
    def secrets(self) -> bytes:
        """As a file of its own has them."""
        ...

    @property
    def folders(self) -> Mapping[str, Path]: ...

    def database(self) -> AbstractContextManager[Database]:
        """For as long as a block takes."""
        ...


@dataclass(frozen=True)
class LocalInstallation:
    home: Home

    @property
    def secrets(self) -> bytes:
        return self.home.secrets.read_bytes()

    @property
    def folders(self) -> Mapping[str, Path]:
        return {name: self.home.folder(name) for name in FOLDERS if self.home.folder(name).is_dir()}

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The running stack's, or one that is started for the purpose."""
        if not self.home.secrets.exists():
            raise BackupError(f"There is no installation in {self.home.data}.")
        try:
            report = StackReport.from_json(control.ask(self.home, "status"))
        except NotRunning:
            with self._alone() as database:
                yield database
            return
        password = secrets.load(self.home.secrets, {}).postgres_password
        port = next(each.port for each in report.processes if each.name == POSTGRES.name)
        yield Database(port, password)

    @contextmanager
    def _alone(self) -> Iterator[Database]:
        with state.lock(self.home):
            state.clear_leftovers(self.home)
            with database_alone(self.home) as database:
                yield database


@contextmanager
def database_alone(home: Home) -> Iterator[Database]:
    """The home's own server and nothing else, on a port that is free."""
    made = secrets.load(home.secrets, {})
    (port,) = free_ports(1)
    with running_alone(Postgres(home.folder("postgres"), port, made), home.logs / "postgres.log"):
        yield Database(port, made.postgres_password)
