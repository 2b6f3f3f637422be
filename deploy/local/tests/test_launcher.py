"""The launcher as a process: four real servers, three fake services, real signals."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aviary_local import state

FAKE_LAUNCHER = Path(__file__).with_name("fake_launcher.py")

Until = Callable[[Callable[[], object]], None]


def test_starts_serves_tells_and_stops(stack: Any, until: Until) -> None:
    launcher = stack.launch()
    until(stack.is_ready)
    assert stack.get("/trading/orders").json()["service"] == "trading"

    told = stack.cli("status")
    assert told.returncode == 0
    assert all(name in told.stdout for name in ("postgres", "valkey", "nats", "traefik", "trading", "7/7 ready"))

    again = stack.cli("up", "--detach")
    assert again.returncode == 1
    assert f"already running here (process {launcher.pid})" in again.stderr

    assert "has stopped" in stack.cli("down").stdout
    assert launcher.wait(20) == 0
    assert stack.cli("status").returncode == 1


def test_logs_hold_no_secret(stack: Any, until: Until) -> None:
    stack.launch()
    until(stack.is_ready)
    values = dict(line.split("=", 1) for line in stack.home.secrets.read_text().splitlines() if "=" in line)
    public = {"AVIARY_USERNAME", "AVIARY_NATS_CALLOUT_ISSUER"}
    text = "".join(file.read_text() for file in stack.home.logs.glob("*.log"))
    assert "trading knows ***" in text
    assert not [name for name, value in values.items() if name not in public and value in text]
    for pid in stack.pids().values():
        with open(f"/proc/{pid}/cmdline") as file:  # noqa: PTH123
            line = file.read()
        assert not [name for name, value in values.items() if name not in public and value in line]
    assert "│" in stack.cli("logs", "trading").stdout


def test_every_killed_process_comes_back(stack: Any, until: Until) -> None:
    stack.launch()
    until(stack.is_ready)
    before = stack.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    until(lambda: stack.pids().keys() == before.keys() and not set(stack.pids().values()) & set(before.values()))
    until(stack.is_ready)
    until(lambda: stack.get("/accounts").status_code == 200)
    assert all(each.restarts >= 1 for each in stack.report().processes)


def test_killed_launcher_leaves_nothing_and_the_next_start_works(stack: Any, until: Until) -> None:
    first = stack.launch()
    until(stack.is_ready)
    left = [state.Running(name, pid, state.born(pid) or 0) for name, pid in stack.pids().items()]
    first.kill()
    first.wait()
    until(lambda: not any(state.is_alive(each) for each in left))

    stack.launch()
    until(stack.is_ready)
    assert stack.get("/accounts").json()["service"] == "accounts"


def test_start_right_after_everything_was_killed(stack: Any, until: Until) -> None:
    first = stack.launch()
    until(stack.is_ready)
    pids = list(stack.pids().values())
    for pid in (first.pid, *pids):
        with contextlib.suppress(ProcessLookupError):  # dead already, with the launcher
            os.kill(pid, signal.SIGKILL)
    first.wait()
    stack.launch()
    until(stack.is_ready)


def test_a_failing_service_leaves_the_rest_up(stack: Any, until: Until) -> None:
    stack.environment["AVIARY_FAKE_BROKEN"] = "trading"
    stack.launch()
    until(stack.is_settled)
    assert [each.name for each in stack.report().unready] == ["trading"]
    assert stack.report().unready[0].state == "failing"
    until(lambda: stack.get("/trading/orders").status_code == 503)
    assert stack.get("/trading/orders").json() == {"detail": "trading is not available", "code": "unavailable"}
    assert stack.get("/accounts").status_code == 200
    assert stack.cli("status").returncode == 1


def test_scale_up_and_down_while_it_runs(stack: Any, until: Until) -> None:
    stack.launch("--scale", "trading=2")
    until(stack.is_ready)
    ports = {stack.get("/trading/x").json()["port"] for _ in range(6)}
    assert len(ports) == 2

    assert stack.cli("up", "--scale", "trading=3").returncode == 0
    assert {"trading", "trading-2", "trading-3"} <= stack.pids().keys()
    until(lambda: len({stack.get("/trading/x").json()["port"] for _ in range(9)}) == 3)

    assert stack.cli("up", "--scale", "trading=1").returncode == 0
    assert "trading-2" not in stack.pids()
    assert {stack.get("/trading/x").status_code for _ in range(20)} == {200}

    refused = stack.cli("up", "--scale", "trading=99")
    assert refused.returncode == 1
    assert "1 to 10 replicas" in refused.stderr


def test_weak_password_is_refused_before_anything_starts(stack: Any) -> None:
    stack.environment["AVIARY_PASSWORD"] = "admin"
    refused = stack.cli("up", "--detach")
    assert refused.returncode == 1
    assert "AVIARY_PASSWORD is one of the passwords everybody tries first" in refused.stderr
    assert not stack.home.secrets.exists()


def in_background(stack: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`aviary up --detach`, with the fake launcher in the place of the real one."""
    program = (
        "import sys; from aviary_local import up; from functools import partial; "
        f"up._BACKGROUND = (sys.executable, {str(FAKE_LAUNCHER)!r}); "
        "up.in_background.__defaults__ = (up._BACKGROUND,); "
        "from aviary_local.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "up", "--detach", *arguments],
        env=stack.environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_detached_start_returns_when_ready_and_shows_the_login_once(stack: Any) -> None:
    first = in_background(stack)
    assert first.returncode == 0, first.stdout + first.stderr
    values = dict(line.split("=", 1) for line in stack.home.secrets.read_text().splitlines() if "=" in line)
    assert first.stdout.count(values["AVIARY_PASSWORD"]) == 1
    assert f"at http://localhost:{stack.ports.edge}" in first.stdout
    assert stack.get("/docs").status_code == 200
    assert stack.cli("down").returncode == 0
    assert stack.report() is None

    again = in_background(stack, "--scale", "trading=2")
    assert again.returncode == 0
    assert values["AVIARY_PASSWORD"] not in again.stdout
    assert "trading-2" in stack.pids()
    doctor = stack.cli("doctor")
    assert "answers on" in doctor.stdout
    assert not [name for name, value in values.items() if name != "AVIARY_USERNAME" and value in doctor.stdout]
    assert stack.cli("down").returncode == 0


def test_detached_start_that_fails_says_why_and_leaves_nothing(stack: Any) -> None:
    stack.environment["AVIARY_FAKE_BROKEN"] = "accounts"
    failed = in_background(stack)
    assert failed.returncode == 1
    assert "this service is broken on purpose" in failed.stdout
    assert stack.report() is None
    assert not stack.home.state.exists()


def test_a_taken_port_is_told_before_anything_starts(stack: Any) -> None:
    with socket.create_server(("127.0.0.1", stack.ports.of("valkey"))):
        refused = in_background(stack)
    assert refused.returncode == 1
    assert f"Port {stack.ports.of('valkey')}, wanted by valkey, is taken by" in refused.stderr
    assert not stack.home.state.exists()
