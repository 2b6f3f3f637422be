"""The portal, and services as processes on ports of their own; those chosen need nothing but Valkey."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from aviary_local.testing import Servers
from aviary_portal.app import create
from aviary_testing.apps import environment, running_app

STARTS_WITHIN_S = 30.0


@dataclass
class Process:
    """A service that a test may kill and start again; its port stays."""

    package: str
    port: int
    variables: dict[str, str]
    log: Path
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "aviary_common.serve", self.package],
                env={**os.environ, **self.variables, "AVIARY_LISTEN": f"127.0.0.1:{self.port}"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_ready(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError(f"{self.package} did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(15)


@pytest.fixture(scope="session")
def behind(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Process]]:
    """Three services by name."""
    directory = tmp_path_factory.mktemp("services")
    processes = {
        name: Process(f"aviary_{name}".replace("-", "_"), free_port(), environment(servers, name), directory / name)
        for name in ("orchestration", "gateway-proxy", "backtesting")
    }
    try:
        for process in processes.values():
            process.launch()
        for process in processes.values():
            process.wait_ready()
        yield processes
    finally:
        for process in processes.values():
            process.kill()


@pytest.fixture
async def portal(servers: Servers, behind: dict[str, Process]) -> AsyncIterator[httpx.AsyncClient]:
    directory = json.dumps({name: process.url for name, process in behind.items()})
    common = environment(servers, "portal")
    variables = common | {"AVIARY_PORTAL_SERVICES": directory}
    async with running_app(create, variables) as client:
        yield client


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
