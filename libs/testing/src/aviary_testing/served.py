"""A service in a process of its own, for tests that kill it."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from aviary_local.ports import free_ports
from aviary_testing.waiting import eventually


@dataclass(frozen=True)
class Served:
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """kill -9: no goodbye to anybody."""
        self.process.kill()
        self.process.wait(10)


@asynccontextmanager
async def served(package: str, variables: Mapping[str, str], *, port: int | None = None) -> AsyncIterator[Served]:
    """Ready when entered; told to end (SIGTERM) when left, unless it has ended before."""
    chosen = port or free_ports(1)[0]
    url = f"http://127.0.0.1:{chosen}"
    process = _start(package, {**os.environ, **variables, "AVIARY_LISTEN": f"127.0.0.1:{chosen}"})
    try:
        async with httpx.AsyncClient() as client:
            await eventually(lambda: _is_ready(client, url), within_s=30)
        yield Served(url, process)
    finally:
        process.terminate()
        process.wait(30)


def _start(package: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "aviary_common.serve", package],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/readyz")).status_code == 200
    except httpx.TransportError:
        return False
