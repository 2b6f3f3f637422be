"""How much room a folder takes: the lengths of its files. Links are not followed, and what vanishes meanwhile is 0."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

UNITS: Final = ("B", "KB", "MB", "GB", "TB")
STEP: Final = 1024


def size_of(path: Path) -> int:
    """Blocks for as long as the walk takes."""
    waiting, total = [path], 0
    while waiting:
        for entry in entries_of(waiting.pop()):
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                total += length_of(entry)
    return total


def entries_of(path: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            yield from found
    except OSError:
        return


def length_of(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def human(size: int) -> str:
    number, unit = float(size), UNITS[0]
    for unit in UNITS:
        if number < STEP or unit == UNITS[-1]:
            break
        number /= STEP
    return f"{number:.2f} {unit}"
