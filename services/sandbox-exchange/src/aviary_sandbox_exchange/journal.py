"""The record on disk: whatever was answered survives the death of the process.

SQLite in WAL mode with ``synchronous=NORMAL``: a committed transaction is in the operating system's hands before
the answer leaves (a power failure may lose the last ones; a ``kill -9`` may not).
"""

import sqlite3
from pathlib import Path
from typing import Protocol

from aviary_sandbox_exchange.schema import prepare


class Writer(Protocol):
    """A store with changes that the next commit takes along."""

    def has_changes(self) -> bool: ...

    def write(self, connection: sqlite3.Connection) -> None: ...


class Journal:
    def __init__(self, path: Path | str) -> None:
        if isinstance(path, Path):
            path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.execute("PRAGMA cache_size=-4000")
        prepare(self.connection)
        self._writers: list[Writer] = []

    def carry(self, writer: Writer) -> None:
        self._writers.append(writer)

    def commit(self) -> None:
        """Write every store's changes in one transaction; free when nothing changed."""
        changed = [writer for writer in self._writers if writer.has_changes()]
        if not changed:
            return
        self.connection.execute("BEGIN IMMEDIATE")
        for writer in changed:
            writer.write(self.connection)
        self.connection.execute("COMMIT")

    def remember(self, name: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def recall(self, name: str) -> str | None:
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        self.commit()
        self.connection.close()
