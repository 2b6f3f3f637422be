"""The launcher's ear: a unix socket in `.aviary/run` for its owner only, one JSON line in, one JSON line out."""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aviary_local.errors import LaunchError, NotRunning
from aviary_local.home import Home

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
_SOCKET = "control.sock"
_LINE_LIMIT = 1 << 20


async def serve(home: Home, handlers: Mapping[str, Handler]) -> asyncio.Server:
    """Answers `{"do": <name>, ...}` with what that handler returns, or with `{"error": ...}` for a LaunchError."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                writer.write(json.dumps(await _answer(line, handlers)).encode() + b"\n")
                await writer.drain()
        writer.close()

    (home.run / _SOCKET).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    with _short_path(home.run) as path:
        listener.bind(str(path))
        path.chmod(0o600)
    return await asyncio.start_unix_server(converse, sock=listener, limit=_LINE_LIMIT)


def ask(home: Home, do: str, timeout_s: float = 10, **details: object) -> dict[str, Any]:
    """The launcher's answer; NotRunning when there is none to ask, LaunchError when it says no."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(timeout_s)
        try:
            with _short_path(home.run) as path:
                wire.connect(str(path))
            wire.sendall(json.dumps({"do": do, **details}).encode() + b"\n")
            line = wire.makefile("rb").readline()
        except TimeoutError:
            raise LaunchError(f"The launcher did not answer within {timeout_s:.0f} s.") from None
        except OSError:
            raise NotRunning("Aviary is not running here.") from None
    if not line:
        raise NotRunning("Aviary stopped while it was asked.")
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        raise LaunchError(answer["error"])
    return answer


async def _answer(line: bytes, handlers: Mapping[str, Handler]) -> dict[str, Any]:
    try:
        request = json.loads(line)
        return await handlers[request["do"]](request)
    except (json.JSONDecodeError, KeyError, TypeError):
        return {"error": "not understood"}
    except LaunchError as refusal:
        return {"error": str(refusal)}


@contextmanager
def _short_path(folder: Path) -> Iterator[Path]:
    """The socket through an open folder: a unix socket's path ends at 107 bytes, a checkout's need not."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{descriptor}", _SOCKET)
    finally:
        os.close(descriptor)
