"""What user code cannot do."""

import os
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aviary_common.confined.errors import CannotConfine, WorkerFailed
from aviary_common.confined.limits import Limits
from aviary_common.confined.run import run_confined

Run = Callable[..., Awaitable[object]]
ROOMY = Limits(wall_s=60)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls are Linux's")


async def refused(run: Run, source: str) -> WorkerFailed:
    with pytest.raises(WorkerFailed) as caught:
        await run(source)
    return caught.value


async def test_it_computes(run: Run) -> None:
    assert await run("import json, decimal, pydantic\nanswer = [1, 'a', {'b': None}]") == [1, "a", {"b": None}]


@pytest.mark.parametrize(
    "source",
    [
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1')",
        "import subprocess; subprocess.run(['/bin/true'])",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
        "import os; os.fork()",
        "import os\nwhile True:\n    os.fork()",
        "import os; os.kill(os.getppid(), 9)",
        "import os; os.kill(-1, 9)",
        "import os; os.killpg(os.getpgid(os.getppid()), 9)",
        "import signal, os; signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 9)",
        "import os; os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
        "import resource, os; resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (1, 1))",
        "import os; os.memfd_create('x')",
        "import os; os.setuid(0)",
        "import os; os.chroot('/')",
        "open('/etc/passwd').read()",
        "open('/proc/self/environ').read()",
        "import os; open(f'/proc/{os.getppid()}/environ').read()",
        "import os; open(f'/proc/{os.getppid()}/mem', 'rb')",
        "import os; os.listdir('/')",
        "import os; os.listdir('/proc')",
        "open('/tmp/written', 'w')",
        "open('/dev/shm/written', 'w')",
        "import os; os.mkdir('/tmp/written')",
        "import os; os.symlink('/etc', '/tmp/written')",
        "import os; os.unlink('/etc/passwd')",
        "import os; os.open('/dev/null', os.O_WRONLY)",
        "import json; open(json.__file__, 'a')",
    ],
)
async def test_the_outside_is_out_of_reach(run: Run, source: str) -> None:
    failure = await refused(run, source)
    assert failure.kind in ("PermissionError", "URLError"), failure
    assert "ermi" in failure.message
    assert failure.line is not None


async def test_loopback_is_out_of_reach_too(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        failure = await refused(run, f"import socket\nsocket.create_connection(('127.0.0.1', {port}))")
    assert failure.kind == "PermissionError"


async def test_files_that_anyone_may_read_are_secret_too(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    secret.chmod(0o644)
    failure = await refused(run, f"\nopen({str(secret)!r}).read()")
    assert (failure.kind, failure.line, failure.file) == ("PermissionError", 2, "text")


async def test_it_inherits_neither_variables_nor_descriptors(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AVIARY_PASSWORD", "not for everybody")
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        answer = await run(
            """
            import os, stat
            kinds = []
            for descriptor in range(64):
                try:
                    kinds.append(stat.S_IFMT(os.fstat(descriptor).st_mode))
                except OSError:
                    pass
            answer = {
                "kinds": sorted(kinds),
                "where": os.getcwd(),
                "secret": [each for each in os.environ if each.startswith("AVIARY")],
            }
            """
        )
    null, pipe = 0o020000, 0o010000
    assert answer == {"kinds": sorted([null, null, null, pipe]), "where": "/", "secret": []}


FORBIDDEN_CALLS = {
    "x86_64": "41 42 49 57 58 59 101 105 155 161 165 169 175 246 248 250 272 298 304 308 310 311 313 317 319 321 322 "
    "323 424 425 434 438 444 446 448",
    "aarch64": "40 41 51 97 104 105 117 142 146 198 200 203 217 219 221 241 265 268 270 271 273 277 279 280 281 282 "
    "424 425 434 438 444 446 448",
}
"""Sockets, programs and processes, tracing, mounts, namespaces, modules, keys, handles, filters, io_uring, BPF."""


async def test_system_calls_without_python_do_no_more(run: Run) -> None:
    calls = [int(number) for number in FORBIDDEN_CALLS[os.uname().machine].split()]
    answer = await run(
        f"""
        import ctypes, errno
        libc = ctypes.CDLL(None, use_errno=True)
        answer = []
        for number in {calls}:
            ctypes.set_errno(0)
            result = libc.syscall(number, 0, 0, 0, 0, 0, 0)
            answer.append([number, result, errno.errorcode.get(ctypes.get_errno())])
        """
    )
    assert answer == [[number, -1, "EPERM"] for number in calls]


async def test_threads_are_for_those_who_ask(run: Run) -> None:
    source = "import threading\nthread = threading.Thread(target=print)\nthread.start()\nthread.join()\nanswer = 1"
    assert (await refused(run, source)).kind == "RuntimeError"
    assert await run(source, replace(ROOMY, threads=True)) == 1
    with pytest.raises(WorkerFailed, match="PermissionError"):
        await run("import os; os.fork()", replace(ROOMY, threads=True))


async def test_nothing_runs_where_nothing_holds_it_back(tasks: None) -> None:
    with pytest.raises(CannotConfine, match="no filter here"):
        await run_confined("without_filter:run", "answer = 1", ROOMY)
    assert await run_confined("without_filter:run", "answer = 1", ROOMY, allow_unconfined=True) == 1


async def test_nothing_runs_beside_threads_that_the_walls_would_leave_out(tasks: None) -> None:
    with pytest.raises(CannotConfine, match="started threads"):
        await run_confined("with_thread:run", None, ROOMY)


async def test_other_systems_are_refused(tasks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(CannotConfine, match="only Linux"):
        await run_confined("untrusted:run", "answer = 1", ROOMY)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
async def test_without_landlock_root_becomes_nobody(tasks: None, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    secret.chmod(0o600)
    source = f"import os\nanswer = os.getresuid()\ntry:\n    open({str(secret)!r})\nexcept OSError as error:\n"
    source += "    answer = [*answer, error.errno]"
    assert await run_confined("without_landlock:run", source, ROOMY) == [65534, 65534, 65534, 13]
