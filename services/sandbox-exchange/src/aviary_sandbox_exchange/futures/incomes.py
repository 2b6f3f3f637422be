"""What has changed a futures wallet, entry by entry: the sum of an account's entries is what happened to its wallet."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

COLUMNS = "id, account, symbol, kind, amount, time_ms, info, trade_id"


class IncomeKind(StrEnum):
    TRANSFER = "TRANSFER"
    REALIZED_PNL = "REALIZED_PNL"
    FUNDING_FEE = "FUNDING_FEE"
    COMMISSION = "COMMISSION"
    INSURANCE_CLEAR = "INSURANCE_CLEAR"


@dataclass(frozen=True, slots=True)
class Income:
    """``id`` is unique over the whole venue and grows with time."""

    id: int
    account: str
    symbol: str
    kind: IncomeKind
    amount: int
    time_ms: int
    info: str
    trade_id: int | None


class Incomes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._new: list[Income] = []
        (last_id,) = connection.execute("SELECT COALESCE(MAX(id), 0) FROM income").fetchone()
        self._next_id = last_id + 1

    def note(
        self, account: str, symbol: str, kind: IncomeKind, amount: int, time_ms: int, trade_id: int | None = None
    ) -> None:
        """The wallet itself is changed by whoever calls; nothing is no income."""
        if amount:
            info = kind.value if trade_id is None else str(trade_id)
            self._new.append(Income(self._next_id, account, symbol, kind, amount, time_ms, info, trade_id))
            self._next_id += 1

    def find(
        self,
        account: str,
        *,
        symbol: str | None,
        kind: str | None,
        start_ms: int | None,
        end_ms: int,
        limit: int,
        page: int,
    ) -> list[Income]:
        """Oldest first: from ``start_ms`` on, else the newest; later pages lead away from there."""
        where, values = "account = ? AND time_ms <= ?", [account, end_ms]
        for clause, value in (("symbol = ?", symbol), ("kind = ?", kind), ("time_ms >= ?", start_ms)):
            if value is not None:
                where, values = f"{where} AND {clause}", [*values, value]
        order = "DESC" if start_ms is None else "ASC"
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM income WHERE {where} ORDER BY id {order} LIMIT ? OFFSET ?",  # noqa: S608
            [*values, limit, (page - 1) * limit],
        ).fetchall()
        return [_income(row) for row in (reversed(rows) if start_ms is None else rows)]

    def has_changes(self) -> bool:
        return bool(self._new)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            f"INSERT INTO income ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [(i.id, i.account, i.symbol, i.kind, i.amount, i.time_ms, i.info, i.trade_id) for i in self._new],
        )
        self._new.clear()


def _income(row: tuple) -> Income:  # type: ignore[type-arg]
    income_id, account, symbol, kind, amount, time_ms, info, trade_id = row
    return Income(income_id, account, symbol, IncomeKind(kind), amount, time_ms, info, trade_id)
