import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from aviary_local import control, state
from aviary_local.errors import LaunchError, NotRunning
from aviary_local.home import Home
from aviary_local.ports import Ports, is_free, wanted
from aviary_local.report import StackReport
from aviary_local.testing import Servers, servers

HERE = Path(__file__).parent
DEADLINE_S = 30.0

Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def until() -> Until:
    """Wait for a condition; fails when it does not come true in time."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def real_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


def free_stack_ports() -> Ports:
    """Ports for a whole stack, in a block of this process' own."""
    start = 20_000 + (os.getpid() * 400) % 10_000
    for base in (start + 200 * number for number in range(40)):
        ports = Ports(edge=base + 199, base=base)
        if all(is_free(each.port) for each in wanted(ports, {"trading": 3})):
            return ports
    raise LaunchError("no free block of ports")


@dataclass
class Stack:
    """A checkout with a launcher of its own, fake services, real servers."""

    home: Home
    ports: Ports
    environment: dict[str, str]
    launchers: list[subprocess.Popen[str]] = field(default_factory=list)

    def launch(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "fake_launcher.py"), *arguments],
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.launchers.append(process)
        return process

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from aviary_local.cli import main; main()", *arguments]
        return subprocess.run(command, env=self.environment, text=True, capture_output=True, timeout=60, check=False)

    def report(self) -> StackReport | None:
        try:
            return StackReport.from_json(control.ask(self.home, "status"))
        except (NotRunning, FileNotFoundError):
            return None

    def is_settled(self) -> bool:
        report = self.report()
        return report is not None and report.settled

    def is_ready(self) -> bool:
        report = self.report()
        return report is not None and report.ready

    def pids(self) -> dict[str, int]:
        report = self.report()
        assert report
        return {each.name: each.pid for each in report.processes if each.pid}

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.ports.edge}{path}", timeout=5)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    ports = free_stack_ports()
    environment = {
        **os.environ,
        "AVIARY_HOME": str(tmp_path / "home"),
        "AVIARY_PORT": str(ports.edge),
        "AVIARY_PORT_BASE": str(ports.base),
        "COLUMNS": "160",
    }
    environment.pop("AVIARY_PASSWORD", None)
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.create(None)
    made = Stack(home, ports, environment)
    yield made
    for process in made.launchers:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        assert process.stdout
        process.stdout.close()
    state.clear_leftovers(home)
    forget_postgres(home)


def forget_postgres(home: Home) -> None:
    """Root keeps it outside a closed temporary folder."""
    link = home.folder("postgres")
    if link.is_symlink():
        outside = link.readlink()
        shutil.rmtree(outside.parent)
