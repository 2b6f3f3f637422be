"""Spot balances. Nothing is created: what one account gets, another gives, so every asset sums to zero over all.

``treasury`` is where deposits come from, so it alone goes below zero; ``house`` makes the markets, ``fees`` collects,
``insurance`` pays what a liquidation could not.
"""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

TREASURY = "@treasury"
HOUSE = "@house"
FEES = "@fees"
INSURANCE = "@insurance"


@dataclass(slots=True)
class Balance:
    free: int = 0
    locked: int = 0


class Ledger:
    def __init__(self) -> None:
        self.accounts: dict[str, dict[str, Balance]] = {}
        self._touched: dict[tuple[str, str], Balance] = {}

    def of(self, account: str, asset: str) -> Balance:
        balances = self.accounts.setdefault(account, {})
        balance = balances.get(asset)
        if balance is None:
            balance = balances[asset] = Balance()
        return balance

    def change(self, account: str, asset: str, *, free: int = 0, locked: int = 0) -> None:
        balance = self.of(account, asset)
        balance.free += free
        balance.locked += locked
        self._touched[account, asset] = balance

    def deposit(self, account: str, asset: str, amount: int) -> None:
        self.change(TREASURY, asset, free=-amount)
        self.change(account, asset, free=amount)

    def lock(self, account: str, asset: str, amount: int) -> None:
        self.change(account, asset, free=-amount, locked=amount)

    def totals(self) -> dict[str, int]:
        """Per asset, over every account: zero, always."""
        totals: dict[str, int] = defaultdict(int)
        for balances in self.accounts.values():
            for asset, balance in balances.items():
                totals[asset] += balance.free + balance.locked
        return dict(totals)

    def has_changes(self) -> bool:
        return bool(self._touched)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO balance VALUES (?, ?, ?, ?)",
            [(account, asset, b.free, b.locked) for (account, asset), b in self._touched.items()],
        )
        self._touched.clear()

    def load(self, connection: sqlite3.Connection) -> None:
        for account, asset, free, locked in connection.execute("SELECT * FROM balance"):
            self.accounts.setdefault(account, {})[asset] = Balance(free, locked)
