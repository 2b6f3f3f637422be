"""What each account has chosen: its leverage per symbol, and whether it holds a long and a short beside each other."""

import sqlite3
from typing import Literal

from aviary_sandbox_exchange.engine.orders import PositionSide

DEFAULT_LEVERAGE = 20
ONE_WAY: tuple[PositionSide, ...] = ("BOTH",)
LEGS: tuple[Literal["LONG"], Literal["SHORT"]] = ("LONG", "SHORT")


class Preferences:
    def __init__(self) -> None:
        self._hedges: dict[str, bool] = {}
        self._leverages: dict[tuple[str, str], int] = {}
        self._new_hedges: dict[str, bool] = {}
        self._new_leverages: dict[tuple[str, str], int] = {}

    def hedges(self, account: str) -> bool:
        return self._hedges.get(account, False)

    def sides(self, account: str) -> tuple[PositionSide, ...]:
        """The positions that a symbol may have."""
        return LEGS if self.hedges(account) else ONE_WAY

    def leverage(self, account: str, symbol: str) -> int:
        return self._leverages.get((account, symbol), DEFAULT_LEVERAGE)

    def set_hedges(self, account: str, hedges: bool) -> None:
        self._hedges[account] = self._new_hedges[account] = hedges

    def set_leverage(self, account: str, symbol: str, leverage: int) -> None:
        self._leverages[account, symbol] = self._new_leverages[account, symbol] = leverage

    def has_changes(self) -> bool:
        return bool(self._new_hedges or self._new_leverages)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT OR REPLACE INTO hedger VALUES (?, ?)", list(self._new_hedges.items()))
        connection.executemany(
            "INSERT OR REPLACE INTO leverage VALUES (?, ?, ?)",
            [(*key, leverage) for key, leverage in self._new_leverages.items()],
        )
        self._new_hedges.clear()
        self._new_leverages.clear()

    def load(self, connection: sqlite3.Connection) -> None:
        for account, hedges in connection.execute("SELECT * FROM hedger"):
            self._hedges[account] = bool(hedges)
        for account, symbol, leverage in connection.execute("SELECT * FROM leverage"):
            self._leverages[account, symbol] = leverage
