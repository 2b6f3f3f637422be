"""The points at which a coroutine waits: counted, named, and fatal when a test says so."""

import gc
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final, TypeVar

T = TypeVar("T")

Point = Callable[[int, Coroutine[Any, Any, Any]], None]
"""Told the number of each suspension, from 1 on, while the coroutine is suspended there."""


@dataclass
class Counted(Awaitable[T]):
    """Runs a coroutine within the same task and tells each suspension."""

    coroutine: Coroutine[Any, Any, T]
    at: Point

    def __await__(self) -> Generator[Any, Any, T]:
        number, value, error = 0, None, None
        while True:
            try:
                future = self.coroutine.send(value) if error is None else self.coroutine.throw(error)
            except StopIteration as end:
                result: T = end.value
                return result
            number += 1
            self.at(number, self.coroutine)
            try:
                value, error = (yield future), None
            except BaseException as raised:  # noqa: BLE001 - whatever it is belongs to the coroutine
                value, error = None, raised


def innermost(coroutine: object) -> str:
    """``file:line`` of the deepest frame of Aviary that waits."""
    found = "?"
    waiting: object | None = coroutine
    while waiting is not None:
        frame = _frame(waiting)
        if frame is not None and (place := _place(frame)):
            found = place
        waiting = _awaited(waiting)
    return found


_FRAMES: Final = ("cr_frame", "gi_frame", "ag_frame")
_AWAITED: Final = ("cr_await", "gi_yieldfrom", "ag_await")


def _frame(waiting: object) -> FrameType | None:
    return next((frame for name in _FRAMES if (frame := getattr(waiting, name, None)) is not None), None)


def _awaited(waiting: object) -> object | None:
    if any(hasattr(waiting, name) for name in _AWAITED):
        return next((each for name in _AWAITED if (each := getattr(waiting, name, None)) is not None), None)
    # What stands between an asynchronous generator or ``__await__`` and its caller tells nothing but to the collector.
    return next((each for each in gc.get_referents(waiting) if any(hasattr(each, name) for name in _AWAITED)), None)


def _place(frame: FrameType) -> str | None:
    path = Path(frame.f_code.co_filename)
    package = next((part for part in path.parts if part.startswith("aviary_")), None)
    if package is None:
        return None
    inside = path.parts[path.parts.index(package) + 1 :]
    return f"{package.removeprefix('aviary_')}/{'/'.join(inside)}:{frame.f_lineno}"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
