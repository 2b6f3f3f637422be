"""What to run: a program with its environment, its user and the signals it understands."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_CHILD = Path(__file__).with_name("child.py")

Probe = Callable[[], bool]
"""True once the process can do its work. Blocking, at most a couple of seconds; never raises for "not yet"."""


@dataclass(frozen=True)
class RunAs:
    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """`death_signal` is what the kernel sends when the launcher dies without a word; secrets travel in `env` only."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    cwd: Path = Path("/")
    run_as: RunAs | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    stop_timeout_s: float = 10

    def guarded_argv(self) -> list[str]:
        """The command wrapped so that it dies with this process; to be spawned from the main thread."""
        run_as = self.run_as or RunAs(-1, -1)
        numbers = (os.getpid(), int(self.death_signal), run_as.uid, run_as.gid)
        return [sys.executable, "-I", "-S", str(_CHILD), *map(str, numbers), *self.argv]
