"""The queries to a bot's database, whatever release wrote it: what a table or a column lacks is empty."""

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, TypeVar

from aviary_common.errors import NotFound, Unprocessable
from aviary_orchestration.archives.columns import Plain, plain
from aviary_orchestration.archives.fees import fees_so_far
from aviary_orchestration.archives.rows import Order, Trade
from aviary_orchestration.archives.shapes import ORDERS, TRADES, Shape, quoted
from aviary_orchestration.archives.trades import (
    FEW,
    MARKETS,
    FeeGroup,
    Market,
    RawFill,
    all_earlier_query,
    earlier_query,
    fills_query,
    page_query,
)

T = TypeVar("T")

FILLS: Final = TRADES.table
CHECKED: Final = {
    "trade_fill": FILLS,
    "orders": ORDERS.table,
    "order_status": "OrderStatus",
    "executors": "Executors",
    "controllers": "Controllers",
    "positions": "Position",
}
"""What a complete database has, by its name in the status."""


class ArchiveDatabase:
    """Every method blocks, and raises what ``sqlite3`` raises for a damaged file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @cached_property
    def tables(self) -> list[str]:
        """Real ones: a view would be a query that somebody else wrote."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name"
        return [name for (name,) in self._connection.execute(query)]

    def refuse_others(self) -> None:
        if not set(self.tables) & set(CHECKED.values()):
            raise Unprocessable("The database has none of the tables that Hummingbot keeps.", code="bad_archive")

    def check(self, table: str) -> str:
        """In the words that the status has always used."""
        if table not in self.tables:
            return f"Error - no such table: {table}"
        try:
            found = self._connection.execute(f"SELECT * FROM {quoted(table)} NOT INDEXED LIMIT 1").fetchone()  # noqa: S608
        except sqlite3.DatabaseError as error:
            return f"Error - {error}"
        return "Correct" if found else "Error - No records matched"

    def count(self, table: str) -> int:
        if table not in self.tables:
            return 0
        return int(self._connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0])  # noqa: S608

    def rows(self, shape: Shape[T], limit: int, offset: int) -> list[T]:
        """In the order of the file."""
        return self._rows(shape, "", [], limit, offset)

    def orders(self, status: str | None, limit: int, offset: int) -> list[Order]:
        if status is None:
            return self.rows(ORDERS, limit, offset)
        return self._rows(ORDERS, "WHERE last_status = ?", [status], limit, offset) if self._has_status else []

    def count_orders(self, status: str | None) -> int:
        if status is None:
            return self.count(ORDERS.table)
        query = 'SELECT count(*) FROM "Order" WHERE last_status = ?'
        return int(self._connection.execute(query, [status]).fetchone()[0]) if self._has_status else 0

    def trades(self, limit: int, offset: int) -> list[Trade]:
        """A page costs a walk to its place and one pass over the fees before it."""
        present = self._columns(FILLS)
        if not present:
            return []
        page = self._connection.execute(page_query(TRADES, present), [limit, offset]).fetchall()
        groups: list[FeeGroup] = [tuple(values[1:4]) for values in page]
        earlier = self._earlier_fees(sorted(set(groups), key=str), page[0][0]) if page else {}
        sums = fees_so_far(((group, values[4]) for group, values in zip(groups, page, strict=True)), earlier)
        return [TRADES.row([*values[5:-2], *fees]) for values, fees in zip(page, sums, strict=True)]

    def markets(self) -> dict[Market, int]:
        """How many fills each pair of each connector has."""
        if not {"market", "symbol"} <= self._columns(FILLS):
            return {}
        return {Market(connector, pair): fills for connector, pair, fills in self._connection.execute(MARKETS)}

    def fills(self) -> Iterator[RawFill]:
        """All of them by their time; the next one is read when it is asked for."""
        present = self._columns(FILLS)
        if not {"market", "symbol"} <= present:
            return iter(())
        self._connection.text_factory = str  # a million fills have three million texts
        return iter(self._connection.execute(fills_query(present)))

    def _earlier_fees(self, groups: Sequence[FeeGroup], before: int) -> dict[FeeGroup, int]:
        present = self._columns(FILLS)
        if len(groups) > FEW:
            rows = self._connection.execute(all_earlier_query(present), [before])
            return {(config, connector, pair): fees for config, connector, pair, fees in rows}
        values = [value for group in groups for value in group]
        sums = self._connection.execute(earlier_query(groups, present), [*values, before]).fetchone()
        return {group: fees for group, fees in zip(groups, sums, strict=True) if fees is not None}

    def general(self, table: str, limit: int, offset: int) -> tuple[list[str], list[dict[str, Plain]]]:
        """The names of the columns, and rows as they are stored."""
        if table not in self.tables:
            raise NotFound(f"The database has no table of that name; it has {', '.join(self.tables) or 'none'}.")
        cursor = self._connection.execute(f"SELECT * FROM {quoted(table)} LIMIT ? OFFSET ?", [limit, offset])  # noqa: S608
        columns = [name for name, *_ in cursor.description]
        return columns, [dict(zip(columns, map(plain, values), strict=True)) for values in cursor]

    def _rows(self, shape: Shape[T], where: str, values: Sequence[str], limit: int, offset: int) -> list[T]:
        if shape.table not in self.tables:
            return []
        columns = shape.selected(self._columns(shape.table))
        query = f"SELECT {columns} FROM {quoted(shape.table)} {where} ORDER BY rowid LIMIT ? OFFSET ?"  # noqa: S608
        return [shape.row(found) for found in self._connection.execute(query, [*values, limit, offset])]

    @property
    def _has_status(self) -> bool:
        return "last_status" in self._columns(ORDERS.table)

    def _columns(self, table: str) -> set[str]:
        """None of a table that is not there."""
        if table not in self.tables:
            return set()
        return {name for _, name, *_ in self._connection.execute(f"PRAGMA table_info({quoted(table)})")}
