"""What is running, on disk: one launcher per checkout (a lock the kernel drops), and the pids to end after a crash."""

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aviary_local.errors import AlreadyRunning, LaunchError
from aviary_local.files import write_private
from aviary_local.home import Home


@dataclass(frozen=True)
class Running:
    """One process; `born` is the kernel's start time in ticks, which tells a reused pid from the one that was meant."""

    name: str
    pid: int
    born: int


@contextmanager
def lock(home: Home) -> Iterator[None]:
    """AlreadyRunning, with the pid, when another launcher holds this checkout. Dies with its holder."""
    descriptor = os.open(_lock_file(home), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"Aviary is already running here (process {launcher_pid(home)}).") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def launcher_pid(home: Home) -> int | None:
    """The process that holds the lock, or None."""
    try:
        descriptor = os.open(_lock_file(home), os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.pread(descriptor, 32, 0)
        return int(text) if text.isdigit() else 0
    else:
        return None
    finally:
        os.close(descriptor)


def write(home: Home, running: Iterable[tuple[str, int]]) -> None:
    found = (Running(name, pid, birth) for name, pid in running if (birth := born(pid)) is not None)
    write_private(home.state, json.dumps([asdict(each) for each in found]))


def clear_leftovers(home: Home, timeout_s: float = 10) -> list[str]:
    """After a launcher that died without a word: wait for its processes to follow it, kill what stays. Names them."""
    left = [each for each in _read(home) if is_alive(each)]
    if not left:
        return []
    for each in left:
        # Fast shutdown for PostgreSQL, a polite end for the rest.
        _signal(each, signal.SIGINT if each.name == "postgres" else signal.SIGTERM)
    if not _gone(left, timeout_s):
        for each in left:
            _signal(each, signal.SIGKILL)
        if not _gone(left, timeout_s):
            names = ", ".join(f"{each.name} (process {each.pid})" for each in left if is_alive(each))
            raise LaunchError(f"Left over from an earlier start and not to be ended: {names}.")
    home.state.unlink(missing_ok=True)
    return [each.name for each in left]


def is_alive(process: Running) -> bool:
    return born(process.pid) == process.born


def born(pid: int) -> int | None:
    """Start time in clock ticks since boot; None when it is gone or a zombie nobody has reaped yet."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def _gone(processes: list[Running], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while any(is_alive(each) for each in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _signal(process: Running, number: signal.Signals) -> None:
    if is_alive(process):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)


def _read(home: Home) -> list[Running]:
    try:
        entries: list[dict[str, Any]] = json.loads(home.state.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    return [Running(**entry) for entry in entries]


def _lock_file(home: Home) -> Path:
    return home.run / "lock"
