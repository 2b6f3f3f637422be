"""`aviary logs`: the ends of the log files, merged, and what is appended to them."""

import time
from collections.abc import Iterator
from pathlib import Path

from aviary_local.errors import LaunchError
from aviary_local.logs import LineSplitter, tail
from aviary_local.view import log_line

_POLL_S = 0.2


def read(folder: Path, name: str | None, lines: int, follow: bool) -> Iterator[str]:
    """Rich markup, a line each. `name` is a service (all its replicas) or one replica such as `trading-2`."""
    files = _files(folder, name)
    for file in files:
        for line in tail(file, lines):
            yield log_line(file.stem, line)
    if follow:
        yield from _follow(folder, name)


def _follow(folder: Path, name: str | None) -> Iterator[str]:
    positions = {file: file.stat().st_size for file in _files(folder, name)}
    splitters: dict[Path, LineSplitter] = {}
    while True:
        for file in _files(folder, name):
            size = file.stat().st_size
            # Smaller than where we were: rotated, and this is a new file.
            start = positions.get(file, 0) if positions.get(file, 0) <= size else 0
            if size > start:
                with file.open("rb") as stream:
                    stream.seek(start)
                    chunk = stream.read()
                positions[file] = start + len(chunk)
                for line in splitters.setdefault(file, LineSplitter()).feed(chunk):
                    yield log_line(file.stem, line)
        time.sleep(_POLL_S)


def _files(folder: Path, name: str | None) -> list[Path]:
    found = sorted(folder.glob("*.log"))
    if name is None:
        return found
    chosen = [file for file in found if file.stem == name or _is_replica(file.stem, name)]
    if not chosen:
        known = ", ".join(file.stem for file in found) or "none yet"
        raise LaunchError(f"There is no log of {name!r}; there are: {known}.")
    return chosen


def _is_replica(stem: str, name: str) -> bool:
    before, _, number = stem.rpartition("-")
    return before == name and number.isdigit()
