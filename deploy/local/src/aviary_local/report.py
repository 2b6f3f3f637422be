"""What the launcher tells about itself over its control socket."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class ProcessReport:
    """`started_at` is in seconds since the epoch, `ready_in_s` how long the first readiness took."""

    name: str
    group: str
    replica: int
    state: str
    port: int
    pid: int | None
    started_at: float | None
    restarts: int
    ready_in_s: float | None
    essential: bool


@dataclass(frozen=True)
class StackReport:
    """`settled` once every part is ready or given up waiting for; `problem` when the stack had to end."""

    pid: int
    url: str
    started_at: float
    settled: bool
    processes: tuple[ProcessReport, ...]

    @property
    def ready(self) -> bool:
        return self.settled and not self.unready

    @property
    def unready(self) -> tuple[ProcessReport, ...]:
        return tuple(process for process in self.processes if process.state != "ready")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "StackReport":
        processes = tuple(ProcessReport(**each) for each in document["processes"])
        return cls(**{**document, "processes": processes})
