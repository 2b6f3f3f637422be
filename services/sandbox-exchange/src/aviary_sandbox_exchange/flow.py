"""What happens without any user: the house quotes, and somebody trades with it."""

import asyncio
from collections.abc import Callable, Iterable
from random import Random

from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.engine.desk import Desk
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import OrderSide
from aviary_sandbox_exchange.history.path import Prices
from aviary_sandbox_exchange.maker import Maker

ROUND_S = 0.5
"""Every pair has its turn once in this time."""
TAKE_PROBABILITY = 0.2
OPENING_TRADES = 20
JITTER = 0.00002
"""How far from the path a round may quote (one standard deviation): within a minute the path itself is straight."""


class Flow:
    def __init__(self, desks: Iterable[Desk], prices: Prices, clock: Clock, *, seed: int) -> None:
        self._prices = prices
        self._clock = clock
        self._random = Random(seed ^ clock.now_ms())
        self.makers: dict[str, tuple[Market, Maker]] = {}
        self.frozen: set[str] = set()
        for desk in desks:
            for market in desk.markets.values():
                self.makers[market.pair.key] = (market, Maker(desk, market, self._random))

    def open_books(self) -> None:
        """Quote everywhere and print a few trades, so that nobody meets an empty venue."""
        for key, (_, maker) in self.makers.items():
            self.recentre(key)
            for _ in range(OPENING_TRADES):
                maker.take(self._random.choice(("BUY", "SELL")), 100.0)
            self.recentre(key)

    def recentre(self, key: str, jitter: float = 1.0) -> None:
        market, maker = self.makers[key]
        maker.quote(self._prices.at(market.pair, self._clock.now_ms()) * jitter)

    def step(self, key: str) -> None:
        self.recentre(key, self._random.gauss(1.0, JITTER))
        if self._random.random() < TAKE_PROBABILITY:
            side: OrderSide = self._random.choice(("BUY", "SELL"))
            self.makers[key][1].take(side)

    async def run(self, commit: Callable[[], None]) -> None:
        pause_s = ROUND_S / len(self.makers)
        while True:
            for key in self.makers:
                if key not in self.frozen:
                    self.step(key)
                    commit()
                await asyncio.sleep(pause_s)
