"""A bot's database may be written to while it is copied: SQLite itself makes a copy that is whole."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

_MAGIC: Final = b"SQLite format 3\0"
_COMPANIONS: Final = ("-wal", "-shm", "-journal")
_BUSY_S: Final = 30.0


def is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def is_companion(path: Path) -> bool:
    """What SQLite keeps beside a database, and what its own copy has taken in."""
    main = next((path.name.removesuffix(end) for end in _COMPANIONS if path.name.endswith(end)), None)
    with suppress(OSError):
        return main is not None and is_database(path.with_name(main))
    return False


@contextmanager
def whole_copy(path: Path) -> Iterator[Path]:
    """The file as of one moment; the file itself where SQLite cannot read it."""
    with tempfile.TemporaryDirectory(prefix="aviary-backup-") as folder:
        copy = Path(folder, "copy")
        try:
            with (
                closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_S)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
        except sqlite3.Error:
            copy = path
        yield copy
