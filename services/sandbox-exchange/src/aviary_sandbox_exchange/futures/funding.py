"""Funding: at 00, 08 and 16 o'clock UTC, and whenever a test wants it, longs pay shorts at each symbol's rate."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.futures.incomes import IncomeKind, Incomes
from aviary_sandbox_exchange.futures.marks import Marks
from aviary_sandbox_exchange.futures.news import FuturesNews
from aviary_sandbox_exchange.futures.wallets import LegName, Position, Wallets
from aviary_sandbox_exchange.journal import Journal
from aviary_sandbox_exchange.ledger import HOUSE
from aviary_sandbox_exchange.units import SCALE, notional

DEFAULT_RATE = 10_000
"""0.01 %, in 1e-8."""
FUNDING_MS = 8 * 3_600_000


@dataclass(frozen=True, slots=True)
class Funded:
    """What a symbol's positions were funded at."""

    symbol: str
    time_ms: int
    rate: int
    mark: int


class Rates:
    """Each symbol's rate, which stays until a test changes it."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def of(self, symbol: str) -> int:
        return int(self._journal.recall(f"funding_rate:{symbol}") or DEFAULT_RATE)

    def put(self, symbol: str, rate: int) -> None:
        self._journal.remember(f"funding_rate:{symbol}", str(rate))


class Fundings:
    """What has been funded; an entry is written in one transaction with its payments, so that neither comes twice."""

    def __init__(self, connection: sqlite3.Connection, opened_ms: int) -> None:
        self._connection = connection
        self._opened_ms = opened_ms
        self._new: list[Funded] = []
        self._times: defaultdict[str, set[int]] = defaultdict(set)
        for symbol, time_ms in connection.execute("SELECT symbol, time_ms FROM funding"):
            self._times[symbol].add(time_ms)

    def last_ms(self, symbol: str) -> int:
        """Until when everything is funded."""
        return max(self._times[symbol], default=self._opened_ms)

    def free_ms(self, symbol: str, time_ms: int) -> int:
        """The first moment from there on that has no funding."""
        while time_ms in self._times[symbol]:
            time_ms += 1
        return time_ms

    def note(self, funded: Funded) -> None:
        self._times[funded.symbol].add(funded.time_ms)
        self._new.append(funded)

    def of(self, symbol: str) -> Mapping[int, Funded]:
        rows = self._connection.execute("SELECT * FROM funding WHERE symbol = ?", (symbol,))
        return {time_ms: Funded(name, time_ms, rate, mark) for name, time_ms, rate, mark in rows}

    def has_changes(self) -> bool:
        return bool(self._new)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "INSERT INTO funding VALUES (?, ?, ?, ?)", [(f.symbol, f.time_ms, f.rate, f.mark) for f in self._new]
        )
        self._new.clear()


class Funding:
    def __init__(
        self, wallets: Wallets, incomes: Incomes, marks: Marks, rates: Rates, fundings: Fundings, news: FuturesNews
    ) -> None:
        self.rates = rates
        self.fundings = fundings
        self._wallets = wallets
        self._incomes = incomes
        self._marks = marks
        self._news = news

    def catch_up(self, markets: Iterable[Market], now_ms: int) -> None:
        """Fund for every hour that has passed; those the venue slept through, at today's mark price."""
        for market in markets:
            for time_ms in range(next_funding_ms(self.fundings.last_ms(market.pair.symbol)), now_ms + 1, FUNDING_MS):
                self.fund(market, time_ms)

    def fund(self, market: Market, time_ms: int) -> Funded:
        """Once for each position; the house is the other side of them all."""
        symbol = market.pair.symbol
        free_ms = self.fundings.free_ms(symbol, time_ms)
        funded = Funded(symbol, free_ms, self.rates.of(symbol), self._marks.of(market))
        self.fundings.note(funded)
        for account, wallet in list(self._wallets.accounts.items()):
            if not account.startswith("@"):
                for leg, position in wallet.held().items():
                    if leg[0] == symbol:
                        self._pay(account, leg, position, funded)
        return funded

    def _pay(self, account: str, leg: LegName, position: Position, funded: Funded) -> None:
        received = -notional(funded.mark, position.quantity) * funded.rate // SCALE
        self._wallets.change(account, received)
        self._wallets.change(HOUSE, -received)
        self._incomes.note(account, leg[0], IncomeKind.FUNDING_FEE, received, funded.time_ms)
        self._news.wallet_changed(account, "FUNDING_FEE", received)


def next_funding_ms(now_ms: int) -> int:
    return (now_ms // FUNDING_MS + 1) * FUNDING_MS
