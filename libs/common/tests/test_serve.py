"""A process that is asked to end: it goes on serving until the edge knows, and finishes what it has begun."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from aviary_local.ports import free_ports

HERE = Path(__file__).parent
PATIENCE_S = 30.0
ENDED = (0, -signal.SIGTERM)
"""uvicorn ends with the signal that it was asked with."""

Start = Callable[[float], tuple[subprocess.Popen[bytes], httpx.Client]]


@pytest.fixture
def start() -> Iterator[Start]:
    processes: list[subprocess.Popen[bytes]] = []

    def started(drain_s: float) -> tuple[subprocess.Popen[bytes], httpx.Client]:
        listen = f"127.0.0.1:{free_ports(1)[0]}"
        told = {"AVIARY_LISTEN": listen, "AVIARY_DRAIN_S": str(drain_s), "PYTHONPATH": str(HERE)}
        command = [sys.executable, "-m", "aviary_common.serve", "served"]
        processes.append(subprocess.Popen(command, env={**os.environ, **told}))
        client = httpx.Client(base_url=f"http://{listen}", timeout=PATIENCE_S)
        _until(lambda: _status(client, "/readyz") == 200)
        return processes[-1], client

    yield started
    for process in processes:
        process.kill()
        process.wait()


def test_asked_to_end_it_serves_on_and_says_that_it_is_ending(start: Start) -> None:
    process, client = start(1.0)
    assert "connection" not in client.get("/wait?seconds=0").headers
    process.send_signal(signal.SIGTERM)
    _until(lambda: _status(client, "/healthz") == 503)
    assert client.get("/readyz").status_code == 503
    answer = client.get("/wait?seconds=0")
    assert answer.status_code == 200
    assert answer.headers["connection"] == "close"
    assert process.wait(PATIENCE_S) == 0


def test_what_has_begun_is_finished(start: Start) -> None:
    process, client = start(0.2)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(client.get, "/wait?seconds=1.5")
        _until(lambda: _in_flight(client) >= 1)
        process.send_signal(signal.SIGTERM)
        assert answer.result(PATIENCE_S).text == '"waited"'
    assert process.wait(PATIENCE_S) == 0


def test_without_a_time_to_drain_it_ends_at_once(start: Start) -> None:
    process, _ = start(0.0)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) in ENDED


def test_asked_twice_it_does_not_wait(start: Start) -> None:
    process, client = start(3600.0)
    process.send_signal(signal.SIGTERM)
    _until(lambda: _status(client, "/healthz") == 503)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) in ENDED


def _status(client: httpx.Client, path: str) -> int:
    try:
        return client.get(path).status_code
    except httpx.TransportError:
        return 0


def _in_flight(client: httpx.Client) -> int:
    """Connections of the client that wait for an answer."""
    transport = client._transport
    connections = transport._pool.connections  # type: ignore[attr-defined]
    return sum(not each.is_idle() for each in connections)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)
