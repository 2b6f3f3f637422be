"""The inside: what the worker process does from its first line to its last."""

import importlib
import json
import os
import sys
from collections.abc import Callable
from traceback import walk_tb
from typing import Final

from aviary_common.confined.walls import Refused, close_in
from aviary_common.confined.wire import Failure, Request, Walls

LONGEST_MESSAGE: Final = 2000
OUT_OF_MEMORY: Final = b'{"failure": {"kind": "MemoryError", "message": "", "line": null, "file": null}}'


def main() -> None:
    """Read the request, import the task, go behind the walls, answer. Ends the process."""
    channel = os.dup(1)
    request = Request.from_bytes(_everything_from(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    module, _, name = request.task.partition(":")
    task: Callable[[object], object] = getattr(importlib.import_module(module), name)
    walls = _raise_walls(request)
    _say(channel, json.dumps(walls).encode() + b"\n")
    if walls["refused"] is None:
        _say(channel, _outcome(task, request.payload))
    os._exit(0)


def _raise_walls(request: Request) -> Walls:
    try:
        return {"refused": None, "landlock": close_in(request)}
    except Refused as reason:
        return {"refused": str(reason), "landlock": False}


def _outcome(task: Callable[[object], object], payload: object) -> bytes:
    try:
        return json.dumps({"answer": task(payload)}, allow_nan=False).encode()
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException as error:  # noqa: BLE001 - the boundary: user code may raise whatever there is
        return json.dumps({"failure": _failure(error)}).encode()


def _failure(error: BaseException) -> Failure:
    """The place is the innermost one in a text that is no file, which is how user code is compiled."""
    line, file = None, None
    if isinstance(error, SyntaxError):
        line, file = error.lineno, error.filename
    else:
        for frame, number in walk_tb(error.__traceback__):
            if frame.f_code.co_filename.startswith("<") and not frame.f_code.co_filename.startswith("<frozen "):
                line, file = number, frame.f_code.co_filename
    message = error.msg if isinstance(error, SyntaxError) else _text(error)
    name = file.strip("<>") if isinstance(file, str) else None
    return {"kind": type(error).__name__, "message": message[:LONGEST_MESSAGE], "line": line, "file": name or None}


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - the same boundary: the text of an exception is user code too
        return "(an error whose text cannot be told)"


def _everything_from(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb", closefd=False) as pipe:
        return pipe.read()


def _say(descriptor: int, text: bytes) -> None:
    while text:
        text = text[os.write(descriptor, text) :]


if __name__ == "__main__":
    sys.exit("This is the inside of run_confined.")
