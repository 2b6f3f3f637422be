"""A fixed share of one core for a process, by a control group: replicas then cost the same however busy the machine is.

Linux only, as root, with the cpu controller of cgroup version 1 or 2 to be written to; what cannot be had raises
``Unlimitable``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PERIOD_US: Final = 20_000
_V1: Final = Path("/sys/fs/cgroup/cpu")
_V2: Final = Path("/sys/fs/cgroup")


class Unlimitable(Exception):
    """No control group could be made here."""


@contextmanager
def limited(pids: list[int], share: float, core: int, name: str) -> Iterator[None]:
    """Each process on this core, for this share of every 20 ms, before whatever else wants the core."""
    made: list[Path] = []
    before = {pid: os.sched_getaffinity(pid) for pid in pids}
    try:
        for number, pid in enumerate(pids):
            made.append(_group(f"{name}-{number}", share))
            _write(made[-1] / "cgroup.procs", str(pid))
            _pin(pid, {core})
        yield
    finally:
        for pid, cores in before.items():
            if Path(f"/proc/{pid}").exists():
                _write(_root() / "cgroup.procs", str(pid))
                _pin(pid, cores)
        for group in made:
            group.rmdir()


@contextmanager
def pinned(pids: list[int], core: int) -> Iterator[None]:
    before = {pid: os.sched_getaffinity(pid) for pid in pids}
    for pid in pids:
        _pin(pid, {core})
    try:
        yield
    finally:
        for pid, cores in before.items():
            if Path(f"/proc/{pid}").exists():
                _pin(pid, cores)


def _pin(pid: int, cores: set[int]) -> None:
    """Every thread of it."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), cores)


def _root() -> Path:
    return _V1 if (_V1 / "cgroup.procs").exists() else _V2


def _group(name: str, share: float) -> Path:
    group = _root() / name
    quota = int(PERIOD_US * share)
    try:
        group.mkdir()
    except OSError as error:
        raise Unlimitable(str(error)) from error
    if _root() == _V1:
        _write(group / "cpu.cfs_period_us", str(PERIOD_US))
        _write(group / "cpu.cfs_quota_us", str(quota))
        _write(group / "cpu.shares", "102400")
    else:
        _write(group / "cpu.max", f"{quota} {PERIOD_US}")
        _write(group / "cpu.weight", "10000")
    return group


def _write(path: Path, value: str) -> None:
    try:
        path.write_text(value)
    except OSError as error:
        raise Unlimitable(f"{path}: {error}") from error
