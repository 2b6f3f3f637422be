"""An installation in containers, as `make up` makes it; for tests of the edge and beyond it is what ``Stack`` is."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from aviary_local.ports import free_ports
from aviary_local.secrets import parse
from tests.stack import wait_for

ROOT = Path(__file__).parents[2]
PASSPHRASE = "correct horse battery staple"


@dataclass
class ContainerStack:
    """``told`` is its environment; ``values`` what .env says after ``up``."""

    home: Path
    port: int
    told: Mapping[str, str]
    values: dict[str, str] = field(default_factory=dict)
    _killed: dict[int, str] = field(default_factory=dict)
    """Containers by the process id that they had."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{self.address('sandbox-exchange')}:8000"

    @property
    def login(self) -> tuple[str, str]:
        return self.values["AVIARY_USERNAME"], self.values["AVIARY_PASSWORD"]

    @property
    def bots(self) -> Path:
        return self.home / "aviary-data" / "bots"

    def up(self) -> None:
        self.run("deploy/docker/up")
        self.values = parse((self.home / ".env").read_text())

    def down(self, *more: str) -> None:
        self.compose("--profile", "*", "down", *more)

    def compose(self, *arguments: str) -> str:
        return self.run(str(ROOT / ".venv/bin/docker-compose"), *arguments)

    def container(self, service: str) -> str:
        return self.compose("ps", "--all", "--quiet", service).split()[0]

    def address(self, service: str) -> str:
        """On its first network, which this machine reaches."""
        networks = inspected(self.container(service))["NetworkSettings"]["Networks"]
        return str(next(iter(networks.values()))["IPAddress"])

    def of_this_machine(self, network: str) -> str:
        """The address under which containers in a network reach what runs outside."""
        project = {**self.values, **self.told}["COMPOSE_PROJECT_NAME"]
        found = json.loads(docker("network", "inspect", f"{project}_{network}").stdout)
        return str(found[0]["IPAM"]["Config"][0]["Gateway"])

    def set(self, **settings: str) -> None:
        """For the services; takes effect at once."""
        with (self.home / ".env").open("a") as env:
            env.writelines(f"{name}={value}\n" for name, value in settings.items())
        self.up()

    def kill(self, service: str) -> int:
        """``kill -9``; the process id that it had."""
        container = self.container(service)
        pid = int(inspected(container)["State"]["Pid"])
        os.kill(pid, signal.SIGKILL)
        self._killed[pid] = container
        return pid

    def is_back(self, dead: int) -> bool:
        """Whether the container of what was killed has another process, and is healthy."""
        state = inspected(self._killed[dead])["State"]
        return state["Pid"] not in (0, dead) and state["Health"]["Status"] == "healthy"

    def wait_until_ready(self, *, but_not: int) -> None:
        wait_for(lambda: self.is_back(but_not), "not healthy again", 90)

    def run(self, *command: str) -> str:
        done = self.attempt(*command)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def attempt(self, *command: str) -> subprocess.CompletedProcess[str]:
        told = {
            **self.told,
            "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}",
            "AVIARY_BACKUP_PASSPHRASE": PASSPHRASE,
        }
        return subprocess.run(
            command, cwd=self.home, env={**os.environ, **told}, capture_output=True, text=True, timeout=400, check=False
        )

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, auth=self.login, timeout=30)


@contextmanager
def installation(home: Path, told: Mapping[str, str]) -> Iterator[ContainerStack]:
    """One of its own: what `make up` reads, and nothing of the checkout's .env or data."""
    shutil.copy(ROOT / "docker-compose.yml", home)
    shutil.copytree(ROOT / "deploy", home / "deploy", ignore=shutil.ignore_patterns("tests", "__pycache__", "src"))
    port = free_ports(1)[0]
    stack = ContainerStack(home, port, {"AVIARY_PORT": str(port), "COMPOSE_FILE": "docker-compose.yml", **told})
    try:
        yield stack
    finally:
        stack.down("--volumes")


def docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=60, check=False)


def inspected(container: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(docker("inspect", container).stdout)[0]
    return found
