"""A whole Aviary of its own for a test session or a bench: other ports, other data, the same command as a user's."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import httpx

from aviary_local import control, processes, state
from aviary_local.home import Home
from aviary_local.report import ProcessReport, StackReport
from aviary_local.topology import SERVICES, Service

AVIARY = str(Path(sys.executable).with_name("aviary"))
BLOCK = 200
"""How many ports above its base a stack uses."""
UNAVAILABLE = {502, 503, 504}


@dataclass(frozen=True)
class Stack:
    home: Path
    port: int
    port_base: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def straight(self, service: Service, replica: int = 0) -> str:
        """Past the edge."""
        return f"http://127.0.0.1:{self.port_base + service.port + replica}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.port_base + 90}"

    @property
    def data(self) -> Path:
        return self.home / ".aviary"

    @property
    def bots(self) -> Path:
        return self.data / "bots"

    @property
    def secrets(self) -> dict[str, str]:
        lines = (self.data / "secrets.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    @property
    def login(self) -> tuple[str, str]:
        return self.secrets["AVIARY_USERNAME"], self.secrets["AVIARY_PASSWORD"]

    def run(
        self, *arguments: str, check: bool = True, settings: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One ``aviary`` command on this stack; ``settings`` are for the services that it starts."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AVIARY_")}
        environment |= {
            "AVIARY_HOME": str(self.home),
            "AVIARY_PORT": str(self.port),
            "AVIARY_PORT_BASE": str(self.port_base),
            **(settings or {}),
        }
        done = subprocess.run([AVIARY, *arguments], env=environment, capture_output=True, text=True, timeout=180)
        if check and done.returncode:
            raise AssertionError(
                f"aviary {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self.run("status", "--json", check=False).stdout)
        return status

    def report(self) -> StackReport:
        """The same from the launcher itself, without a process of its own for the question."""
        return StackReport.from_json(control.ask(Home(self.home), "status"))

    def part(self, name: str) -> ProcessReport:
        return next(each for each in self.report().processes if each.name == name)

    def kill(self, name: str) -> int:
        """``kill -9``; the process id that it had."""
        pid = self.part(name).pid
        if pid is None:
            raise AssertionError(f"{name} does not run")
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_until_ready(self, *, but_not: int | None = None, within_s: float = 30) -> float:
        """Until every part is ready, none of them the process ``but_not``, and the edge has noticed; the seconds."""
        return wait_for(lambda: self._is_ready(but_not), "not ready again", within_s)

    def _is_ready(self, but_not: int | None) -> bool:
        report = self.report()
        return report.ready and all(each.pid != but_not for each in report.processes) and self._is_served()

    def _is_served(self) -> bool:
        """The edge looks for a service that was away twice a second, so it may be ready before it is reached."""
        paths = [prefix for service in SERVICES for prefix in service.prefixes if not prefix.startswith("/ws")]
        try:
            with httpx.Client(base_url=self.url, auth=self.login, timeout=5) as client:
                return all(client.get(path).status_code not in UNAVAILABLE for path in paths)
        except httpx.TransportError:
            return False

    @contextmanager
    def held_down(self, name: str, *, pid: int | None = None) -> Iterator[int]:
        """Kill a part and keep it dead: the launcher, which would start it again, is stopped meanwhile.

        Ready again afterwards.
        """
        report = self.report()
        dead = pid or self.part(name).pid
        if dead is None:
            raise AssertionError(f"{name} does not run")
        os.kill(report.pid, signal.SIGSTOP)
        try:
            left = processes.family_of(dead)
            os.kill(dead, signal.SIGKILL)
            wait_for(lambda: not any(state.born(pid) for pid in left), f"what {name} had started is still there")
            yield dead
        finally:
            os.kill(report.pid, signal.SIGCONT)
            self.wait_until_ready(but_not=dead)

    def pids(self) -> list[int]:
        """The launcher, its parts, and theirs."""
        report = self.report()
        roots = [report.pid, *(each.pid for each in report.processes if each.pid)]
        return sorted({pid for root in roots for pid in processes.family_of(root)})

    def logs(self, name: str) -> str:
        return "".join(path.read_text() for path in sorted((self.data / "logs").glob(f"{name}*.log*")))


def wait_for(condition: Callable[[], object], complaint: str, within_s: float = 30) -> float:
    """Until it is true; the seconds that it took."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > within_s:
            raise AssertionError(f"{complaint} within {within_s:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - started


@contextmanager
def running_stack(home: Path, *options: str, settings: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """Up, ready, and down again at the end whatever happens; ``settings`` are for its services."""
    base = _free_block()
    stack = Stack(home, base + BLOCK - 1, base)
    try:
        stack.run("up", "--detach", *options, settings=settings)
        yield stack
    finally:
        stack.run("down", check=False)
        _forget_postgres(Home(home))


def _forget_postgres(home: Home) -> None:
    """Root keeps it outside a closed temporary folder."""
    link = home.folder("postgres")
    if link.is_symlink():
        shutil.rmtree(link.readlink().parent)


def _free_block() -> int:
    """A base whose whole block nobody listens on now; stacks beside each other start looking at different places."""
    start = 20_000 + (os.getpid() * 7 % 50) * BLOCK
    for base in chain(range(start, 31_000 - BLOCK, BLOCK), range(20_000, start, BLOCK)):
        if all(_is_free(base + offset) for offset in (1, 22, 23, 24, 32, 79, 83, 90, *range(100, 190), BLOCK - 1)):
            return base
    raise RuntimeError("no free ports for a stack")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
