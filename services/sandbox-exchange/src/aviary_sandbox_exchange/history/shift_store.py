"""Moved prices on disk, so that a restart goes on from where a test put them."""

import sqlite3

from aviary_sandbox_exchange.history.path import Prices, Shifts
from aviary_sandbox_exchange.pairs import Pair


class ShiftStore:
    def __init__(self, connection: sqlite3.Connection, prices: Prices) -> None:
        self._connection = connection
        self._prices = prices
        for key, from_ms, factor in connection.execute("SELECT pair, from_ms, factor FROM price_shift"):
            prices.shifts.setdefault(key, Shifts()).add(from_ms, factor)

    def move(self, pair: Pair, price: float, now_ms: int) -> None:
        """From now on the pair's path runs through that price."""
        factor = price / self._prices.unshifted_at(pair, now_ms)
        self._prices.shifts.setdefault(pair.key, Shifts()).add(now_ms, factor)
        self._connection.execute("INSERT OR REPLACE INTO price_shift VALUES (?, ?, ?)", (pair.key, now_ms, factor))
