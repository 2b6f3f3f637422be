"""What the processes say: a file each, rotated, without any of our secrets, and in the foreground a coloured line."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

MAX_BYTES = 10_000_000
KEPT = 3
LINE_LIMIT = 1 << 20

Listener = Callable[[str, str], None]
"""Is told the process' name and one line."""


class RotatingFile:
    """Appends lines; at MAX_BYTES `x.log` becomes `x.log.1`, and so on up to KEPT."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._file: IO[bytes] | None = None

    def write(self, line: str) -> None:
        file = self._file or self._open()
        file.write(line.encode() + b"\n")
        file.flush()
        if file.tell() >= self._max_bytes:
            self._rotate(file)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _open(self) -> IO[bytes]:
        self._file = self.path.open("ab")
        self.path.chmod(0o600)
        return self._file

    def _rotate(self, file: IO[bytes]) -> None:
        file.close()
        self._file = None
        names = [self.path, *(self.path.with_name(f"{self.path.name}.{number}") for number in range(1, KEPT + 1))]
        for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
            if newer.exists():
                newer.replace(older)


class Journal:
    """Receives every line of every process, and takes our own secrets out before anybody sees it."""

    def __init__(self, folder: Path, confidential: Iterable[str]) -> None:
        self._folder = folder
        self._files: dict[str, RotatingFile] = {}
        self._confidential: set[str] = set()
        self._secret: re.Pattern[str] | None = None
        self.listener: Listener | None = None
        self.confide(confidential)

    def confide(self, confidential: Iterable[str]) -> None:
        """More words that nobody must see; those of before stay secret."""
        self._confidential |= {word for word in confidential if word}
        words = sorted(map(re.escape, self._confidential), key=len, reverse=True)
        self._secret = re.compile("|".join(words)) if words else None

    def write(self, name: str, line: str) -> None:
        if self._secret:
            line = self._secret.sub("***", line)
        self._file(name).write(line)
        if self.listener:
            self.listener(name, line)

    def note(self, name: str, line: str) -> None:
        """A remark of the launcher's about a process."""
        self.write(name, f"[launcher {datetime.now().astimezone():%H:%M:%S}] {line}")

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _file(self, name: str) -> RotatingFile:
        if name not in self._files:
            self._files[name] = RotatingFile(log_file(self._folder, name))
        return self._files[name]


class LineSplitter:
    """Cuts a stream of bytes into lines; an endless line is cut at LINE_LIMIT."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[str]:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > LINE_LIMIT:
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            yield line.rstrip(b"\r").decode(errors="replace")

    def end(self) -> Iterator[str]:
        if self._rest:
            yield self._rest.decode(errors="replace")


def log_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.log"


def tail(path: Path, lines: int) -> list[str]:
    """The last lines of a log, reading no more than its end."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 4096 - 400 * lines))
        return file.read().decode(errors="replace").splitlines()[-lines:] if lines else []
