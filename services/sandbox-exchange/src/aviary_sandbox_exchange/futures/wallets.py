"""Futures wallets and positions, in exact integers: one a symbol, or two legs of it.

A position's cost is what was paid for it, negative for a short. Wallet less cost changes by the trade's notional
and nothing else, so that the sum over all accounts of (wallet - cost) is zero, whatever the rounding.
"""

import sqlite3
from dataclasses import dataclass, field

from aviary_sandbox_exchange.engine.orders import PositionSide
from aviary_sandbox_exchange.ledger import TREASURY
from aviary_sandbox_exchange.units import SCALE, notional

LegName = tuple[str, PositionSide]
"""A symbol and which of its positions."""


@dataclass(slots=True)
class Position:
    quantity: int = 0
    cost: int = 0
    updated_ms: int = 0

    @property
    def entry_price(self) -> int:
        return self.cost * SCALE // self.quantity if self.quantity else 0

    def unrealised(self, mark: int) -> int:
        return mark * self.quantity // SCALE - self.cost

    def trade(self, signed: int, price: int) -> int:
        """Buy (positive) or sell; answers with the profit realised by what was closed."""
        closing = min(abs(signed), abs(self.quantity)) if signed * self.quantity < 0 else 0
        direction = 1 if signed > 0 else -1
        realised = 0
        if closing:
            freed = self.cost * closing // abs(self.quantity)
            realised = -direction * notional(price, closing) - freed
            self.cost -= freed
            self.quantity += direction * closing
        opening = abs(signed) - closing
        self.cost += direction * notional(price, opening)
        self.quantity += direction * opening
        return realised


@dataclass(slots=True)
class Wallet:
    amount: int = 0
    positions: dict[LegName, Position] = field(default_factory=dict)

    def position(self, symbol: str, side: PositionSide) -> Position:
        position = self.positions.get((symbol, side))
        if position is None:
            position = self.positions[symbol, side] = Position()
        return position

    def held(self) -> dict[LegName, Position]:
        return {leg: position for leg, position in self.positions.items() if position.quantity}


class Wallets:
    def __init__(self) -> None:
        self.accounts: dict[str, Wallet] = {}
        self._wallets: dict[str, Wallet] = {}
        self._positions: dict[tuple[str, LegName], Position] = {}

    def of(self, account: str) -> Wallet:
        wallet = self.accounts.get(account)
        if wallet is None:
            wallet = self.accounts[account] = Wallet()
        return wallet

    def change(self, account: str, amount: int) -> None:
        wallet = self.of(account)
        wallet.amount += amount
        self._wallets[account] = wallet

    def deposit(self, account: str, amount: int) -> None:
        self.change(TREASURY, -amount)
        self.change(account, amount)

    def trade(self, account: str, leg: LegName, signed: int, price: int, now_ms: int) -> int:
        """Move the position and book the realised profit, which it answers with."""
        position = self.of(account).position(*leg)
        realised = position.trade(signed, price)
        position.updated_ms = now_ms
        self._positions[account, leg] = position
        if realised:
            self.change(account, realised)
        return realised

    def imbalance(self) -> tuple[int, dict[str, int]]:
        """The sum of (wallet - cost), and of each symbol's positions, over all accounts: zero, always."""
        money = 0
        quantities: dict[str, int] = {}
        for wallet in self.accounts.values():
            money += wallet.amount
            for (symbol, _), position in wallet.positions.items():
                money -= position.cost
                quantities[symbol] = quantities.get(symbol, 0) + position.quantity
        return money, quantities

    def has_changes(self) -> bool:
        return bool(self._wallets or self._positions)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO wallet VALUES (?, ?)",
            [(account, wallet.amount) for account, wallet in self._wallets.items()],
        )
        connection.executemany(
            "INSERT OR REPLACE INTO leg VALUES (?, ?, ?, ?, ?, ?)",
            [(account, *leg, p.quantity, p.cost, p.updated_ms) for (account, leg), p in self._positions.items()],
        )
        self._wallets.clear()
        self._positions.clear()

    def load(self, connection: sqlite3.Connection) -> None:
        for account, amount in connection.execute("SELECT * FROM wallet"):
            self.of(account).amount = amount
        for account, symbol, side, *state in connection.execute("SELECT * FROM leg"):
            self.of(account).positions[symbol, side] = Position(*state)
