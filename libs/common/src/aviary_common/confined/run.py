"""Run one function of ours over user code, in a process of its own.

``await run_confined("aviary_orchestration.user_code.worker:describe", payload, Limits())``
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import orjson
from prometheus_client import Histogram

from aviary_common import logs, tracing
from aviary_common.confined.errors import AnswerTooLarge, CannotConfine, WorkerFailed, WorkerKilled, WorkerTimedOut
from aviary_common.confined.limits import Limits
from aviary_common.confined.places import places_for
from aviary_common.confined.wire import Request

log = logs.get(__name__)

DURATION: Final = Histogram(
    "aviary_confined_run_duration_seconds",
    "Runs of a worker over user code, by what it was asked to do and how it ended",
    ["task", "outcome"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
)

START: Final = "import sys; sys.path += sys.argv[1:]; from aviary_common.confined.worker import main; main()"
ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TZ": "UTC",
}
"""Libraries that start threads by themselves are told not to: walls stand around one thread."""
HANDED_ON: Final = ("NUMBA_CACHE_DIR", "NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES")
"""Where compiled code is kept and for which processor: the worker reads it too."""
PIECE: Final = 65_536


class _Ended(NamedTuple):
    said: bytes
    status: int
    seconds: float


async def run_confined(task: str, payload: object, limits: Limits, *, allow_unconfined: bool = False) -> object:
    """What ``task`` ("module:function") answers to ``payload``; both are JSON, and the answer is not to be believed.

    The module is imported before the walls go up and the function runs behind them: no network, no files but Python's
    own code, no other programs, no secrets. Raises a ``WorkerError`` or ``CannotConfine``; the process is gone then.
    """
    if sys.platform != "linux":
        raise CannotConfine(f"only Linux can, and this is {sys.platform}")
    places = places_for(task.partition(".")[0].partition(":")[0])
    readable = [*places.readable, *filter(None, [os.environ.get("NUMBA_CACHE_DIR")])]
    request = Request(task, payload, limits, readable, allow_unconfined, os.getpid())
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", START, *places.imports]
    with _watched(task.rpartition(":")[2]):
        return _understood(await _exchange(command, request.to_bytes(), limits), limits)


@contextlib.contextmanager
def _watched(function: str) -> Iterator[None]:
    started = time.perf_counter()
    outcome = "answered"
    try:
        with tracing.span(f"confined {function}"):
            yield
    except Exception as error:
        outcome = _OUTCOMES.get(type(error), "failed")
        raise
    finally:
        DURATION.labels(function, outcome).observe(time.perf_counter() - started)


_OUTCOMES: Final = {WorkerKilled: "killed", WorkerTimedOut: "timed_out", CannotConfine: "refused"}


async def _exchange(command: list[str], request: bytes, limits: Limits) -> _Ended:
    loop = asyncio.get_running_loop()
    started = loop.time()
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd="/",
        env={**ENVIRONMENT, **{name: os.environ[name] for name in HANDED_ON if name in os.environ}},
        start_new_session=True,
        close_fds=True,
    )
    try:
        async with asyncio.timeout(limits.wall_s):
            await _send(process, request)
            said = await _read(process, limits.answer_bytes)
            status = await process.wait()
    except TimeoutError:
        raise WorkerTimedOut(limits.wall_s) from None
    finally:
        await _end(process)
    return _Ended(said, status, loop.time() - started)


async def _send(process: asyncio.subprocess.Process, request: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(request)
        await process.stdin.drain()
        process.stdin.close()


async def _read(process: asyncio.subprocess.Process, at_most: int) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    said = bytearray()
    while piece := await process.stdout.read(PIECE):
        said += piece
        if len(said) > at_most:
            raise AnswerTooLarge(at_most)
    return bytes(said)


async def _end(process: asyncio.subprocess.Process) -> None:
    """The whole group, whatever was under way; what it still says is thrown away, or its pipe would stay open."""
    with contextlib.suppress(ProcessLookupError):
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.stdout is not None  # noqa: S101 - it was asked for
    while await process.stdout.read(PIECE):
        pass
    await process.wait()


def _understood(ended: _Ended, limits: Limits) -> object:
    first, _, second = ended.said.partition(b"\n")
    walls = _object(first)
    if walls is None:
        raise CannotConfine(f"the worker did not start, status {ended.status}")
    if walls.get("refused"):
        raise CannotConfine(str(walls["refused"]))
    if not walls.get("landlock"):
        _say_once_that_files_are_open()
    outcome = _object(second)
    if outcome is not None and "answer" in outcome:
        return outcome["answer"]
    if outcome is not None and isinstance(failure := outcome.get("failure"), dict):
        raise _failure(failure)
    raise _death(ended, limits)


def _failure(claimed: dict[str, object]) -> WorkerFailed | WorkerKilled:
    kind, message, line, file = (claimed.get(name) for name in ("kind", "message", "line", "file"))
    if kind == "MemoryError":
        return WorkerKilled("memory")
    place = line if isinstance(line, int) else None
    return WorkerFailed(str(kind), str(message), place, file if isinstance(file, str) else None)


def _death(ended: _Ended, limits: Limits) -> WorkerFailed | WorkerKilled:
    """Why there is no answer. One thread cannot use more processor time than has passed."""
    if ended.status == -signal.SIGXCPU:
        return WorkerKilled("cpu")
    if ended.status == -signal.SIGKILL:
        return WorkerKilled("cpu" if ended.seconds >= limits.cpu_s else "memory")
    if ended.status < 0:
        return WorkerKilled("crash")
    return WorkerFailed("SystemExit", f"the code ended the process, status {ended.status}, without an answer")


def _object(text: bytes) -> dict[str, object] | None:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


@cache
def _say_once_that_files_are_open() -> None:
    log.warning("this kernel has no Landlock: user code can read what the permissions of files allow")
