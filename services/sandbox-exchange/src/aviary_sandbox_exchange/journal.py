"""The record on disk: whatever was answered survives the death of the process.

SQLite in WAL mode with ``synchronous=NORMAL``: a committed transaction is in the operating system's hands before
the answer leaves (a power failure may lose the last ones; a ``kill -9`` may not).
"""

import sqlite3
from pathlib import Path
from typing import Protocol

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS balance (
    account TEXT NOT NULL, asset TEXT NOT NULL, free INTEGER NOT NULL, locked INTEGER NOT NULL,
    PRIMARY KEY (account, asset)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wallet (account TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS position (
    account TEXT NOT NULL, symbol TEXT NOT NULL, quantity INTEGER NOT NULL, cost INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL, PRIMARY KEY (account, symbol)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS venue_order (
    side_of_venue TEXT NOT NULL, id INTEGER NOT NULL, account TEXT NOT NULL, symbol TEXT NOT NULL,
    client_id TEXT NOT NULL, side TEXT NOT NULL, kind TEXT NOT NULL, time_in_force TEXT NOT NULL,
    price INTEGER NOT NULL, quantity INTEGER NOT NULL, quote_quantity INTEGER NOT NULL, reduce_only INTEGER NOT NULL,
    status TEXT NOT NULL, filled INTEGER NOT NULL, filled_quote INTEGER NOT NULL, reserved INTEGER NOT NULL,
    created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
    PRIMARY KEY (side_of_venue, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS order_of_account ON venue_order (account, side_of_venue, symbol, id);
CREATE INDEX IF NOT EXISTS order_of_client ON venue_order (account, side_of_venue, symbol, client_id, id);
CREATE INDEX IF NOT EXISTS order_open ON venue_order (side_of_venue, id)
    WHERE status IN ('NEW', 'PARTIALLY_FILLED');
CREATE TABLE IF NOT EXISTS fill (
    side_of_venue TEXT NOT NULL, symbol TEXT NOT NULL, trade_id INTEGER NOT NULL, order_id INTEGER NOT NULL,
    account TEXT NOT NULL, side TEXT NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL,
    quote INTEGER NOT NULL, commission INTEGER NOT NULL, commission_asset TEXT NOT NULL, is_maker INTEGER NOT NULL,
    time_ms INTEGER NOT NULL, realised INTEGER NOT NULL,
    PRIMARY KEY (side_of_venue, symbol, trade_id, order_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS fill_of_account ON fill (account, side_of_venue, symbol, trade_id);
CREATE TABLE IF NOT EXISTS price_shift (
    pair TEXT NOT NULL, from_ms INTEGER NOT NULL, factor REAL NOT NULL, PRIMARY KEY (pair, from_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minute_bar (
    pair TEXT NOT NULL, minute INTEGER NOT NULL, open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL,
    close INTEGER NOT NULL, volume INTEGER NOT NULL, quote INTEGER NOT NULL, trades INTEGER NOT NULL,
    taker_volume INTEGER NOT NULL, taker_quote INTEGER NOT NULL, PRIMARY KEY (pair, minute)
) WITHOUT ROWID;
"""


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
        self.connection.executescript(SCHEMA)
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
