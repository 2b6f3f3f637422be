"""SQLite files opened so that nothing of the archive changes, in a thread, and not for ever."""

import asyncio
import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from aviary_common.errors import DeadlineExceeded, Unprocessable

T = TypeVar("T")

MAGIC: Final = b"SQLite format 3\0"
DEADLINE_S: Final = 20.0
AT_ONCE: Final = 3
INSTRUCTIONS: Final = 20_000
"""Of SQLite's machine between two looks at the clock."""
FORGOTTEN_AFTER_S: Final = 86_400
CAREFUL: Final = "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0"


class Reader:
    """``desk`` is on the archive's own filesystem, for what must not be opened at its place."""

    def __init__(self, desk: Path, deadline_s: float = DEADLINE_S) -> None:
        self._desk = desk
        self._deadline_s = deadline_s
        self._turns = asyncio.Semaphore(AT_ONCE)

    def prepare(self) -> None:
        """Without what earlier kills have left behind."""
        self._desk.mkdir(mode=0o700, parents=True, exist_ok=True)
        old = time.time() - FORGOTTEN_AFTER_S
        for each in self._desk.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another replica's, done with at this moment
                if each.stat().st_mtime < old:
                    shutil.rmtree(each, ignore_errors=True)

    async def read(self, path: Path, work: Callable[[sqlite3.Connection], T]) -> T:
        """Raise ``Unprocessable`` for a file that cannot be read, ``DeadlineExceeded`` for one that takes too long."""
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._turns.acquire()
        except TimeoutError as error:
            raise DeadlineExceeded("Too many archives are being read; try again in a moment.") from error
        try:
            return await asyncio.to_thread(self._read, path, work)
        finally:
            self._turns.release()

    def _read(self, path: Path, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            _refuse_others(path)
            with _undisturbed(path, self._desk) as uri, contextlib.closing(_connect(uri, self._deadline_s)) as opened:
                return work(opened)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise DeadlineExceeded(f"Reading the archive took longer than {self._deadline_s:g} s.") from error
            raise Unprocessable(f"The archived database cannot be read: {error}.", code="bad_archive") from error
        except (OSError, UnicodeDecodeError) as error:
            raise Unprocessable("The archived database cannot be read.", code="bad_archive") from error


def _refuse_others(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Unprocessable("The file is not a SQLite database.", code="bad_archive")


def _connect(uri: str, deadline_s: float) -> sqlite3.Connection:
    until = time.monotonic() + deadline_s
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    connection.text_factory = _text
    connection.set_progress_handler(lambda: time.monotonic() > until, INSTRUCTIONS)
    connection.executescript(CAREFUL)
    return connection


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


@contextlib.contextmanager
def _undisturbed(path: Path, desk: Path) -> Iterator[str]:
    """How to open the file without leaving a trace beside it.

    A bot that was killed leaves a write-ahead log, which SQLite only reads through an index that it puts beside it,
    or a rollback journal, which it first plays back into the file. Both happen at the desk: of the former the log is
    a copy and the file a link that is opened for reading only, of the latter both are copies.
    """
    wal, journal = _beside(path, "-wal"), _beside(path, "-journal")
    interrupted = journal.exists() and journal.stat().st_size > 0
    if not interrupted and not wal.exists():
        yield f"{path.as_uri()}?mode=ro&immutable=1"
        return
    with TemporaryDirectory(dir=desk) as name:
        copy = Path(name) / "archive.sqlite"
        if interrupted:
            shutil.copyfile(path, copy)
            shutil.copyfile(journal, _beside(copy, "-journal"))
        else:
            _link(path, copy)
            shutil.copyfile(wal, _beside(copy, "-wal"))
        yield f"{copy.as_uri()}?mode={'rw' if interrupted else 'ro'}"


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _link(path: Path, copy: Path) -> None:
    try:
        copy.hardlink_to(path)
    except OSError:  # another filesystem, or somebody else's file
        shutil.copyfile(path, copy)
