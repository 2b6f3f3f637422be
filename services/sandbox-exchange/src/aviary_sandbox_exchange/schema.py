"""The tables of the record, and how a record of an older venue is brought up to them."""

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS balance (
    account TEXT NOT NULL, asset TEXT NOT NULL, free INTEGER NOT NULL, locked INTEGER NOT NULL,
    PRIMARY KEY (account, asset)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wallet (account TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leg (
    account TEXT NOT NULL, symbol TEXT NOT NULL, side TEXT NOT NULL, quantity INTEGER NOT NULL, cost INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL, PRIMARY KEY (account, symbol, side)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hedger (account TEXT PRIMARY KEY, hedges INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leverage (
    account TEXT NOT NULL, symbol TEXT NOT NULL, leverage INTEGER NOT NULL, PRIMARY KEY (account, symbol)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS income (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, symbol TEXT NOT NULL, kind TEXT NOT NULL, amount INTEGER NOT NULL,
    time_ms INTEGER NOT NULL, info TEXT NOT NULL, trade_id INTEGER
);
CREATE INDEX IF NOT EXISTS income_of_account ON income (account, id);
CREATE TABLE IF NOT EXISTS funding (
    symbol TEXT NOT NULL, time_ms INTEGER NOT NULL, rate INTEGER NOT NULL, mark INTEGER NOT NULL,
    PRIMARY KEY (symbol, time_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS venue_order (
    side_of_venue TEXT NOT NULL, id INTEGER NOT NULL, account TEXT NOT NULL, symbol TEXT NOT NULL,
    client_id TEXT NOT NULL, side TEXT NOT NULL, kind TEXT NOT NULL, time_in_force TEXT NOT NULL,
    price INTEGER NOT NULL, quantity INTEGER NOT NULL, quote_quantity INTEGER NOT NULL, reduce_only INTEGER NOT NULL,
    status TEXT NOT NULL, filled INTEGER NOT NULL, filled_quote INTEGER NOT NULL, reserved INTEGER NOT NULL,
    created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, position_side TEXT NOT NULL DEFAULT 'BOTH',
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
    time_ms INTEGER NOT NULL, realised INTEGER NOT NULL, position_side TEXT NOT NULL DEFAULT 'BOTH',
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

LEGS_OF_OLD = """
INSERT INTO leg SELECT account, symbol, 'BOTH', quantity, cost, updated_ms FROM position;
DROP TABLE position;
"""
"""Before there was a hedge mode, a symbol had one position."""


def prepare(connection: sqlite3.Connection) -> None:
    connection.executescript(SCHEMA)
    for table in ("venue_order", "fill"):
        if not _has_column(connection, table, "position_side"):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN position_side TEXT NOT NULL DEFAULT 'BOTH'")
    if _has_column(connection, "position", "quantity"):
        connection.executescript(f"BEGIN IMMEDIATE; {LEGS_OF_OLD} COMMIT;")


def _has_column(connection: sqlite3.Connection, table: str, column: str) -> bool:
    return any(row[1] == column for row in connection.execute(f"PRAGMA table_info({table})"))
