"""`aviary up`: in the foreground until Ctrl-C, or in the background with an answer once everything is ready."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console

from aviary_local import control, launcher, logs, state, view
from aviary_local.errors import LaunchError, NotRunning
from aviary_local.home import Home
from aviary_local.launcher import Launcher
from aviary_local.ports import Ports
from aviary_local.report import StackReport

_BACKGROUND = (sys.executable, "-m", "aviary_local.background")
_POLL_S = 0.1
_ANSWER_TIMEOUT_S = 10.0
_SCALE_TIMEOUT_S = 120.0
_STOP_TIMEOUT_S = 90.0


def rescale(home: Home, scale: Mapping[str, int]) -> StackReport:
    """Change a running stack."""
    return StackReport.from_json(control.ask(home, "scale", _SCALE_TIMEOUT_S, replicas=dict(scale)))


def in_foreground(console: Console, home: Home, ports: Ports, scale: Mapping[str, int]) -> int:
    """Shows the start, then the logs. 1 when a component did not start; a failing service leaves the stack up."""
    _prepare(console, home, ports, scale)
    return asyncio.run(_Foreground(console, home, ports, scale).run())


class _Foreground:
    def __init__(self, console: Console, home: Home, ports: Ports, scale: Mapping[str, int]) -> None:
        self._console = console
        self._home = home
        self._began = time.monotonic()
        self._view = view.StartView(console)
        self._starting = True
        self._exit_code = 0
        self._launcher = Launcher(home, ports, os.environ, scale)
        self._launcher.on_report = self._on_report
        self._launcher.listener = self._on_line

    async def run(self) -> int:
        with self._view:
            await self._launcher.run()
        self._console.print("Aviary has stopped.")
        return self._exit_code

    def _on_report(self, report: StackReport) -> None:
        if not self._starting:
            return
        self._view.show(report)
        if report.settled:
            self._starting = False
            self._view.__exit__()
            self._tell_outcome(report)

    def _tell_outcome(self, report: StackReport) -> None:
        if report.ready:
            view.print_ready(self._console, report, self._seconds(), self._home, "Ctrl-C stops it")
            return
        view.print_not_ready(self._console, report, self._home)
        if any(process.essential for process in report.unready):
            self._console.print("[red]Aviary cannot run without it.[/]")
            self._exit_code = 1
            self._launcher.finish()
        else:
            self._console.print("[yellow]Aviary is up without it, and keeps trying.[/] Ctrl-C stops it.")

    def _on_line(self, name: str, line: str) -> None:
        if not self._starting:
            self._console.print(view.log_line(name, line, datetime.now()), highlight=False, soft_wrap=True)  # noqa: DTZ005

    def _seconds(self) -> float:
        return time.monotonic() - self._began


def in_background(
    console: Console, home: Home, ports: Ports, scale: Mapping[str, int], program: Sequence[str] = _BACKGROUND
) -> int:
    """0 once everything is ready; otherwise says why not, stops what it started, and 1."""
    began = time.monotonic()
    _prepare(console, home, ports, scale)
    process = _start_launcher(home, scale, program)
    with view.StartView(console) as starting:
        report = _follow(home, process, starting)
    if report.ready:
        aviary = "aviary" if shutil.which("aviary") else os.path.relpath(Path(sys.executable).with_name("aviary"))
        next_command = f"{aviary} status, {aviary} logs -f, {aviary} down"
        view.print_ready(console, report, time.monotonic() - began, home, next_command)
        return 0
    view.print_not_ready(console, report, home)
    down(home)
    console.print("[red]Aviary did not start[/]; what was started has been stopped.")
    return 1


def down(home: Home) -> list[str]:
    """Stop the stack and wait for its end; names what a launcher that died had left, when there was something."""
    pid = state.launcher_pid(home)
    if pid is None:
        if not home.run.exists():
            return []
        with state.lock(home):
            return state.clear_leftovers(home)
    control.ask(home, "stop")
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    while state.launcher_pid(home) is not None:
        if time.monotonic() > deadline:
            raise LaunchError(f"The launcher (process {pid}) is still stopping; its log is {home.logs}/launcher.log.")
        time.sleep(_POLL_S / 2)
    return []


def _prepare(console: Console, home: Home, ports: Ports, scale: Mapping[str, int]) -> None:
    """Refuse here, where the user looks, what the launcher would refuse; and show a login that was just made."""
    with launcher.admitted(home, ports, os.environ, scale) as secrets:
        if secrets.created:
            view.print_login(console, secrets, home, f"http://localhost:{ports.edge}")


def _start_launcher(home: Home, scale: Mapping[str, int], program: Sequence[str]) -> subprocess.Popen[bytes]:
    """A session of its own, so that it outlives this terminal."""
    wishes = [part for name, count in scale.items() for part in ("--scale", f"{name}={count}")]
    words = home.logs / "launcher.log"
    words.touch(mode=0o600)
    with words.open("ab") as log:
        return subprocess.Popen(  # noqa: S603
            [*program, *wishes],
            cwd="/",
            env={**os.environ, "AVIARY_HOME": str(home.root)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _follow(home: Home, process: subprocess.Popen[bytes], starting: view.StartView) -> StackReport:
    """Until the launcher says that all is settled; LaunchError with its last words when it ends before."""
    while True:
        try:
            report = StackReport.from_json(control.ask(home, "status", _ANSWER_TIMEOUT_S))
        except NotRunning:
            if process.poll() is not None:
                words = "\n".join(logs.tail(home.logs / "launcher.log", 10))
                raise LaunchError(f"The launcher ended with {process.returncode}:\n{words}") from None
        else:
            starting.show(report)
            if report.settled:
                return report
        time.sleep(_POLL_S)
