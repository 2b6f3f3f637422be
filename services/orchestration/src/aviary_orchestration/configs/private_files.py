"""Small text files that only their owner reads, written whole or not at all. Everything here blocks."""

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aviary_common.errors import TooLarge

PRIVATE: Final = 0o600


def read_text(path: Path, max_bytes: int) -> str:
    """Raises ``FileNotFoundError`` also for what is no plain file (a link might lead anywhere), ``TooLarge``, and
    ``UnicodeDecodeError``."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise FileNotFoundError(path) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError(path)
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise TooLarge(f"{path.name} is larger than {max_bytes:,} bytes.")
    return content.decode()


def write_text(path: Path, text: str, *, mode: int = PRIVATE) -> None:
    """Readers see the old text or the new one, and the new one is on disk when this returns."""
    with _draft(path, text, mode) as draft:
        draft.replace(path)
    _sync(path.parent)


def create_text(path: Path, text: str) -> None:
    """Raises ``FileExistsError``, also when somebody else creates it at the same time."""
    with _draft(path, text, PRIVATE) as draft:
        path.hardlink_to(draft)
    _sync(path.parent)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One at a time reads and rewrites in this folder, in all processes."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _draft(path: Path, text: str, mode: int) -> Iterator[Path]:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
