"""PostgreSQL without the rest of the stack, for as long as a block takes."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aviary_local.errors import ServerFailed
from aviary_local.postgres import Postgres

_START_TIMEOUT_S = 120.0
"""It may have a crash to recover from."""


@contextmanager
def running_alone(postgres: Postgres, log: Path) -> Iterator[None]:
    """Ready, with every service's role and schema."""
    postgres.prepare()
    command = postgres.command()
    with log.open("ab") as words:
        process = subprocess.Popen(  # noqa: S603
            command.guarded_argv(),
            cwd=command.cwd,
            env=dict(command.env),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        _wait(postgres, process, log)
        postgres.provision()
        yield
    finally:
        process.send_signal(command.stop_signal)
        try:
            process.wait(command.stop_timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(postgres: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while not postgres.is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerFailed(f"PostgreSQL did not start; its last words are in {log}.")
        time.sleep(0.05)
