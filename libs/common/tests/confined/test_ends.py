"""How user code ends, and what is said about it."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aviary_common.confined.errors import (
    AnswerTooLarge,
    CannotConfine,
    WorkerError,
    WorkerFailed,
    WorkerKilled,
    WorkerTimedOut,
)
from aviary_common.confined.limits import MEBIBYTE, Limits
from aviary_common.confined.run import run_confined
from aviary_common.errors import Unprocessable
from aviary_testing.waiting import eventually

Run = Callable[..., Awaitable[object]]
ROOMY = Limits(wall_s=60)


async def ended(run: Run, source: str, limits: Limits = ROOMY) -> WorkerError:
    with pytest.raises(WorkerError) as caught:
        await run(source, limits)
    return caught.value


@pytest.mark.parametrize(
    ("source", "kind", "message", "line"),
    [
        ("\n\nraise KeyError('side')", "KeyError", "'side'", 3),
        ("def f():\n    return 1 / 0\n\nf()", "ZeroDivisionError", "division by zero", 2),
        ("x = 1\n  y = 2", "IndentationError", "unexpected indent", 2),
        ("import json\njson.loads('{')", "JSONDecodeError", "Expecting property", 2),
        ("def f(): f()\nf()", "RecursionError", "maximum recursion", 1),
        ("import sys; sys.exit(3)", "SystemExit", "3", 1),
        ("class E(Exception):\n    def __str__(self): raise OSError\nraise E", "E", "cannot be told", 3),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "", 1),
        ("answer = object()", "TypeError", "not JSON serializable", None),
        ("answer = float('nan')", "ValueError", "not JSON compliant", None),
    ],
)
async def test_what_it_raises_is_told_with_its_place(
    run: Run, source: str, kind: str, message: str, line: int | None
) -> None:
    error = await ended(run, source)
    assert isinstance(error, WorkerFailed)
    assert (error.kind, error.line) == (kind, line)
    assert message in error.message


async def test_what_it_raises_is_the_callers_fault_in_http(run: Run) -> None:
    error = await ended(run, "\nraise KeyError('side')")
    assert isinstance(error, Unprocessable)
    assert error.detail == "text, line 2: KeyError: 'side'"


async def test_leaving_without_an_answer_is_a_failure(run: Run) -> None:
    error = await ended(run, "import os; os._exit(3)")
    assert isinstance(error, WorkerFailed)
    assert error.kind == "SystemExit"
    assert "3" in error.message


async def test_crashing_the_interpreter_is_told(run: Run) -> None:
    error = await ended(run, "import ctypes; ctypes.string_at(1)")
    assert isinstance(error, WorkerKilled)
    assert error.reason == "crash"


@pytest.mark.parametrize("source", ["x = 'a' * 2**33", "x = []\nwhile True:\n    x.append('a' * 2**20 + str(len(x)))"])
async def test_memory_has_an_end(run: Run, source: str) -> None:
    error = await ended(run, source, replace(ROOMY, memory_bytes=256 * MEBIBYTE))
    assert isinstance(error, WorkerKilled)
    assert error.reason == "memory"


@pytest.mark.parametrize(
    "source",
    ["while True: pass", "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"],
)
async def test_processor_time_has_an_end(run: Run, source: str) -> None:
    error = await ended(run, source, Limits(wall_s=100, cpu_s=1))
    assert isinstance(error, WorkerKilled)
    assert error.reason == "cpu"


async def test_waiting_has_an_end(run: Run) -> None:
    source = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\ntime.sleep(3600)"
    assert isinstance(await ended(run, source, Limits(wall_s=1)), WorkerTimedOut)


async def test_what_it_prints_is_nobodys_business(run: Run) -> None:
    assert (
        await run("import sys\nprint('{' * 10_000_000)\nsys.stderr.write('x' * 1_000_000)\nanswer = 'mine'") == "mine"
    )


async def test_an_answer_may_be_so_long(run: Run) -> None:
    limits = replace(ROOMY, answer_bytes=1000)
    assert await run("answer = 'x' * 900", limits) == "x" * 900
    assert isinstance(await ended(run, "answer = 'x' * 1000", limits), AnswerTooLarge)


SPEAK_FOR_THE_WORKER = """
import os, stat
channel = next(each for each in range(3, 64) if os.dup(each) and stat.S_ISFIFO(os.fstat(each).st_mode))
"""


async def test_gigabytes_instead_of_an_answer_end_it(run: Run) -> None:
    source = SPEAK_FOR_THE_WORKER + "while True:\n    os.write(channel, b'x' * 65536)"
    assert isinstance(await ended(run, source), AnswerTooLarge)


@pytest.mark.parametrize("garbage", ["garbage", '{"answer"', "[" * 100_000, '{"failure": 1}', "\\xff", ""])
async def test_garbage_instead_of_an_answer_is_a_failure(run: Run, garbage: str) -> None:
    source = SPEAK_FOR_THE_WORKER + f"os.write(channel, b'{garbage}')\nos._exit(0)"
    assert isinstance(await ended(run, source), WorkerFailed)


async def test_it_cannot_say_that_walls_were_missing(run: Run) -> None:
    source = SPEAK_FOR_THE_WORKER + """os.write(channel, b'{"refused": "so there"}')\nos._exit(0)"""
    assert isinstance(await ended(run, source), WorkerFailed)


async def test_a_task_that_is_not_there_is_our_mistake(tasks: None) -> None:
    with pytest.raises(CannotConfine, match="did not start"):
        await run_confined("untrusted:no_such_function", None, ROOMY)
    with pytest.raises(ModuleNotFoundError):
        await run_confined("no_such_module:run", None, ROOMY)


async def test_whoever_stops_waiting_leaves_no_process_behind(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Process] = []
    plain = asyncio.create_subprocess_exec

    async def remembered(*command: Any, **options: Any) -> Process:
        started.append(await plain(*command, **options))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", remembered)
    waiting = asyncio.ensure_future(run("import time; time.sleep(3600)"))
    await eventually(lambda: started)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert started[0].returncode is not None


ASK_AND_WAIT = """
import asyncio, sys
from aviary_common.confined.limits import Limits
from aviary_common.confined.run import run_confined

plain = asyncio.create_subprocess_exec

async def told(*command, **options):
    process = await plain(*command, **options)
    print(process.pid, flush=True)
    return process

asyncio.create_subprocess_exec = told
sys.path.append(sys.argv[1])
asyncio.run(run_confined("untrusted:run", "import time; time.sleep(3600)", Limits(wall_s=3600)))
"""


def state_of(pid: int) -> dict[str, str]:
    """Empty when there is no such process any more."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


async def test_a_worker_does_not_outlive_a_service_that_is_killed(tasks: None) -> None:
    command = [sys.executable, "-c", ASK_AND_WAIT, str(Path(__file__).parent / "tasks")]
    service = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert service.stdout is not None
        worker = int(await service.stdout.readline())
        await eventually(lambda: state_of(worker).get("Seccomp") == "2", within_s=60)
    finally:
        service.kill()
        await service.wait()
    await eventually(lambda: state_of(worker).get("State", "Z")[0] == "Z", within_s=60)
