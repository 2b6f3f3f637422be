"""PostgreSQL: the record. Its programs are run directly, over TCP on loopback, with SCRAM passwords for everybody."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aviary_local import postgres_binaries, postgres_home
from aviary_local.command import Command, RunAs
from aviary_local.errors import ServerFailed
from aviary_local.ports import LOOPBACK
from aviary_local.postgres_schemas import Schemas
from aviary_local.probes import postgres_answers
from aviary_local.secrets import Secrets
from aviary_local.topology import DATABASE, SUPERUSER, Service

_TUNING = {
    "shared_buffers": "64MB",
    "max_connections": "120",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "512MB",
    "log_connections": "",
    "log_min_error_statement": "panic",  # a statement in the log could hold somebody's data
    "unix_socket_directories": "",
    "listen_addresses": LOOPBACK,
}
_VOLATILE = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """`folder` is where the data should be; as root it may be kept elsewhere. `durable` is off in tests only."""

    folder: Path
    port: int
    secrets: Secrets
    durable: bool = True
    host: str = LOOPBACK

    def url(self, service: Service) -> str:
        password = self.secrets.database_password(service)
        return f"postgresql+psycopg://{service.role}:{password}@{self.host}:{self.port}/{DATABASE}"

    def prepare(self) -> None:
        """Make the cluster at the first start. Interrupted half-way, it starts over the next time."""
        data = self._data()
        if (data / "PG_VERSION").exists():
            self._refuse_other_major(data)
            return
        self._initdb(data)

    def command(self) -> Command:
        data = self._data()
        settings = {"port": str(self.port), **_TUNING, **({} if self.durable else _VOLATILE)}
        options = (part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        return Command(
            (self._program("postgres"), "-D", str(data), *options),
            env={"LANG": "C.UTF-8"},
            run_as=self._run_as(),
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            stop_timeout_s=30,
        )

    def is_ready(self) -> bool:
        """Accepts connections; the schemas are made next, by `provision`."""
        return postgres_answers(self.port, SUPERUSER, self.secrets.postgres_password, "postgres")

    def provision(self) -> None:
        Schemas(self.port, self.secrets, self.host).ensure()

    def _data(self) -> Path:
        return postgres_home.settle(self.folder, postgres_home.unprivileged()) / "data"

    def _run_as(self) -> RunAs | None:
        """Whoever owns the data already, so that a system user created later does not lock us out."""
        return None if os.geteuid() != 0 else postgres_home.owner(self._data().parent)

    def _program(self, name: str) -> str:
        return postgres_binaries.reachable_by(postgres_binaries.find(), self._run_as()).program(name)

    def _refuse_other_major(self, data: Path) -> None:
        major = (data / "PG_VERSION").read_text().strip()
        if major != str(postgres_binaries.MAJOR):
            raise ServerFailed(
                f"The data in {self.folder} is of PostgreSQL {major}, and this is {postgres_binaries.MAJOR}: "
                "move it away, or upgrade it with pg_upgrade."
            )

    def _initdb(self, data: Path) -> None:
        draft = data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        options = ["-U", SUPERUSER, "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
        if not self.durable:
            options.append("--no-sync")
        with self._password_pipe() as pipe:
            command = Command(
                (self._program("initdb"), "-D", str(draft), *options, f"--pwfile=/dev/fd/{pipe}"), run_as=self._run_as()
            )
            done = subprocess.run(  # noqa: S603
                command.guarded_argv(),
                cwd=command.cwd,
                env={"LANG": "C.UTF-8", "PATH": os.defpath},
                pass_fds=[pipe],
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            raise ServerFailed(f"initdb failed: {done.stderr.strip()}")
        draft.rename(data)

    @contextmanager
    def _password_pipe(self) -> Iterator[int]:
        """initdb wants a password file; a pipe is one that never exists on a disk."""
        read_end, write_end = os.pipe()
        os.write(write_end, self.secrets.postgres_password.encode() + b"\n")
        os.close(write_end)
        if run_as := self._run_as():
            os.fchown(read_end, run_as.uid, run_as.gid)
        try:
            yield read_end
        finally:
            os.close(read_end)
