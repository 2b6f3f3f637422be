"""A process that has imported everything and forks servers in milliseconds.

It reads one JSON command a line (``{"id", "package", "port", "log", "env"}`` or ``{"kill"}``) and writes one JSON line
per child that began or ended. Its children die with it, and it ends when its standard input does: nothing is left
when the test is killed.
"""

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import sys
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1
IMPORTED: Final = (
    "alembic.command",
    "aviary_common.bus.client",
    "aviary_common.database.migrations",
    "aviary_common.serve",
    "aviary_exchange.ccxt_adapter.private",
    "aviary_exchange.ccxt_adapter.unified_stream",
    "psycopg_binary",
    "sqlalchemy.dialects.postgresql.psycopg",
    "tests.chaos.replica.app",
    "tests.chaos.venue.app",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
)

_children: set[int] = set()


def main() -> None:
    for name in IMPORTED:
        importlib.import_module(name)
    from aviary_exchange.ccxt_import import exchange_class

    for ccxt_id in ("binance", "binanceusdm"):
        exchange_class(ccxt_id)
    gc.collect()
    gc.freeze()
    wakes, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _tell({"ready": os.getpid()})
    unread = b""
    while True:
        readable, _, _ = select.select([0, wakes], [], [])
        if wakes in readable:
            os.read(wakes, 1024)
            _reap()
        if 0 in readable:
            chunk = os.read(0, 65536)
            if not chunk:
                return
            *lines, unread = (unread + chunk).split(b"\n")
            for line in lines:
                _obey(json.loads(line))


def _obey(command: dict[str, Any]) -> None:
    if "kill" not in command:
        _fork(command)
    elif command["kill"] in _children:
        os.kill(command["kill"], signal.SIGKILL)


def _fork(command: dict[str, Any]) -> None:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        _children.add(pid)
        _tell({"began": pid, "id": command["id"]})
        return
    try:
        _become(command, parent)
    finally:
        os._exit(1)


def _become(command: dict[str, Any], parent: int) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(command["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(command["env"])
    os.environ["AVIARY_LISTEN"] = f"127.0.0.1:{command['port']}"
    from aviary_common import serve

    serve.main(["serve", command["package"]])


def _reap() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _children.discard(pid)
        _tell({"ended": pid, "status": status})


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
