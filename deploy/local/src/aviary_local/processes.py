"""What the system knows about processes: who listens on a port, and what a process with its children costs."""

import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

_SAMPLE_S = 0.25


@dataclass(frozen=True)
class Holder:
    pid: int
    name: str


@dataclass(frozen=True)
class Cost:
    """Proportional memory (shared pages divided among those who share them), and CPU in percent of one core."""

    memory_bytes: int = 0
    cpu_percent: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.memory_bytes + other.memory_bytes, round(self.cpu_percent + other.cpu_percent, 1))


def holder(port: int) -> Holder | None:
    """Who listens on `port`, when the system tells us."""
    try:
        connections = psutil.net_connections(kind="tcp")
        listening = (each for each in connections if each.status == psutil.CONN_LISTEN and each.laddr.port == port)
        pid = next((each.pid for each in listening if each.pid), None)
        return Holder(pid, psutil.Process(pid).name()) if pid else None
    except psutil.Error:
        return None


def measure(pids: list[int], alone: int) -> dict[int, Cost]:
    """The cost of each process with all its children, and of `alone` without them (they are on the list themselves)."""
    families = {pid: family_of(pid) for pid in pids} | {alone: [alone]}
    before = {pid: _cpu_seconds(family) for pid, family in families.items()}
    began = time.monotonic()
    time.sleep(_SAMPLE_S)
    elapsed = time.monotonic() - began
    return {
        pid: Cost(
            sum(_proportional_memory(each) for each in family),
            round(100 * max(0.0, _cpu_seconds(family) - before[pid]) / elapsed, 1),
        )
        for pid, family in families.items()
    }


def family_of(pid: int) -> list[int]:
    """The process, its children and theirs; empty when it is gone."""
    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def _cpu_seconds(family: list[int]) -> float:
    total = 0.0
    for pid in family:
        try:
            times = psutil.Process(pid).cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


def _proportional_memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
