"""Keeps one process alive: start, wait until it works, watch, and start again when it dies."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from enum import StrEnum

from aviary_local.backoff import Backoff
from aviary_local.command import Command
from aviary_local.errors import LaunchError
from aviary_local.logs import Journal, LineSplitter
from aviary_local.part import Part

_PROBE_INTERVAL_S = 0.05


class State(StrEnum):
    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    FAILING = "failing"
    STOPPING = "stopping"
    STOPPED = "stopped"


class Keeper:
    """Start it with `run()` in a task; `settled` is set once the part is ready or has failed often enough.

    `ready_in_s` is how long the first readiness took from the first spawn.
    """

    def __init__(
        self, part: Part, journal: Journal, changed: Callable[[], None], backoff: Backoff | None = None
    ) -> None:
        self.part = part
        self.state = State.WAITING
        self.pid: int | None = None
        self.started_at: float | None = None
        self.restarts = 0
        self.ready_in_s: float | None = None
        self.settled = asyncio.Event()
        self.ready = asyncio.Event()
        self._backoff = backoff or Backoff()
        self._journal = journal
        self._changed = changed
        self._command = Command(())
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`. A death, of the process or of a step around it, is a wait and another try."""
        first_try = time.monotonic()
        while not self._stopping.is_set():
            born = time.monotonic()
            try:
                reason = await self._live(first_try)
            except (LaunchError, OSError) as error:
                reason = str(error)
            if self._stopping.is_set():
                break
            pause = self._backoff.after_life_of(time.monotonic() - born)
            self._journal.note(self.part.name, f"{reason}; next try in {pause:.1f} s")
            self._become(State.FAILING if self._backoff.failing else State.STARTING)
            self.restarts += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
        self._become(State.STOPPED)

    async def stop(self) -> None:
        """Politely first; then the whole process group is killed. Returns when nothing of it is left."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        self._become(State.STOPPING)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self._command.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), self._command.stop_timeout_s)
        except TimeoutError:
            self._journal.note(self.part.name, f"still there after {self._command.stop_timeout_s:.0f} s: killed")
            _kill_group(process.pid)
            await process.wait()

    async def _live(self, first_try: float) -> str:
        """One life of the process, from the preparation to the last line of its output; tells how it ended."""
        self._become(State.FAILING if self._backoff.failing else State.STARTING)
        await asyncio.to_thread(self.part.prepare)
        if self._stopping.is_set():
            return "stopped"
        self._command = await asyncio.to_thread(self.part.command)
        process = await _spawn(self._command)
        self._process, self.pid, self.started_at = process, process.pid, time.time()
        self._changed()
        watcher = asyncio.create_task(self._watch_readiness(first_try))
        listener = asyncio.create_task(self._listen(process))
        try:
            code = await process.wait()
        finally:
            watcher.cancel()
            # Its own children, if any, must neither outlive it nor keep its output open.
            _kill_group(process.pid)
            self._process, self.pid, self.started_at = None, None, None
            self.ready.clear()
            await asyncio.gather(watcher, listener, return_exceptions=True)
        return _epitaph(code)

    async def _watch_readiness(self, first_try: float) -> None:
        while not await asyncio.to_thread(self.part.probe):
            await asyncio.sleep(_PROBE_INTERVAL_S)
        try:
            await asyncio.to_thread(self.part.after_ready)
        except Exception as error:  # noqa: BLE001 - the supervised task's boundary: a new life may do better
            self._journal.note(self.part.name, f"ready, but: {error}")
            if self._process:
                self._process.kill()
            return
        if self._stopping.is_set():
            return
        self.ready_in_s = self.ready_in_s or time.monotonic() - first_try
        self._become(State.READY)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        splitter = LineSplitter()
        stream = process.stdout
        while stream and (chunk := await stream.read(1 << 16)):
            for line in splitter.feed(chunk):
                self._journal.write(self.part.name, line)
        for line in splitter.end():
            self._journal.write(self.part.name, line)

    def _become(self, state: State) -> None:
        self.state = state
        if state is State.READY:
            self.ready.set()
        if state in (State.READY, State.FAILING, State.STOPPED):
            self.settled.set()
        self._changed()


async def _spawn(command: Command) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command.guarded_argv(),
        cwd=command.cwd,
        env=dict(command.env),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _epitaph(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exited with {code}"
