"""The fair price of every pair at every minute, as a pure function of the seed and the time.

History and live flow follow the same path, which is why one runs into the other, and why a venue that was down for
an hour has an hour of candles afterwards.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from random import Random

from aviary_sandbox_exchange.pairs import Pair

DAY_MS = 86_400_000
MINUTES = 1_440
FIRST_DAY = 19_723
"""2024-01-01, where every path starts at its base price."""
DAILY_VOLATILITY = 0.025
PULL = 0.98
"""How much of its distance from the base price a day keeps; without it a long path would wander off."""

BASE_PRICES = {"BTC": 65_000.0, "ETH": 3_200.0, "SOL": 150.0, "DOGE": 0.16}
OTHER_BASE_PRICE = 250.0
FUTURES_BASIS = 1.0002
USDC_IN_USDT = 1.0001


class Path:
    """One asset in USDT."""

    def __init__(self, seed: int, asset: str) -> None:
        self._seed = seed
        self._asset = asset
        self._daily = Random(f"{seed}:{asset}:daily")
        self._opens: list[float] = [0.0]
        self.day: Callable[[int], array[float]] = lru_cache(maxsize=8)(self._day)

    def _open(self, day: int) -> float:
        """The day's first logarithm, relative to the base price."""
        index = max(day - FIRST_DAY, 0)
        while len(self._opens) <= index:
            self._opens.append(PULL * self._opens[-1] + DAILY_VOLATILITY * self._daily.gauss(0.0, 1.0))
        return self._opens[index]

    def _day(self, day: int) -> array[float]:
        """1441 prices: each minute's open, and the next day's first. A Brownian bridge between the two opens."""
        start, end = self._open(day), self._open(day + 1)
        gauss = Random(f"{self._seed}:{self._asset}:{day}").gauss
        deviation = DAILY_VOLATILITY / math.sqrt(MINUTES)
        walk = [0.0]
        for _ in range(MINUTES):
            walk.append(walk[-1] + gauss(0.0, deviation))
        slope = (end - start - walk[-1]) / MINUTES
        base = BASE_PRICES.get(self._asset, OTHER_BASE_PRICE)
        return array("d", [base * math.exp(start + step + slope * i) for i, step in enumerate(walk)])


class Shifts:
    """Factors by which a test moved a pair's price, each from its moment on."""

    def __init__(self) -> None:
        self._from_ms: list[int] = [0]
        self._factors: list[float] = [1.0]

    def __bool__(self) -> bool:
        return len(self._factors) > 1

    def add(self, from_ms: int, factor: float) -> None:
        place = bisect_right(self._from_ms, from_ms)
        self._from_ms.insert(place, from_ms)
        self._factors.insert(place, factor)

    def at(self, time_ms: int) -> float:
        return self._factors[bisect_right(self._from_ms, time_ms) - 1]


class Prices:
    """The paths, combined into pairs."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._paths: dict[str, Path] = {}
        self.shifts: dict[str, Shifts] = {}

    def day(self, pair: Pair, day: int) -> array[float]:
        prices = self._unshifted(pair, day)
        shifts = self.shifts.get(pair.key)
        if not shifts:
            return prices
        start = day * DAY_MS
        return array("d", [price * shifts.at(start + i * 60_000) for i, price in enumerate(prices)])

    def at(self, pair: Pair, time_ms: int) -> float:
        shifts = self.shifts.get(pair.key)
        return self.unshifted_at(pair, time_ms) * (shifts.at(time_ms) if shifts else 1.0)

    def unshifted_at(self, pair: Pair, time_ms: int) -> float:
        day, rest = divmod(time_ms, DAY_MS)
        minute, within = divmod(rest, 60_000)
        base = self._path(pair.base).day(day)
        price = base[minute] + (base[minute + 1] - base[minute]) * within / 60_000
        if pair.quote == "BTC":
            quote = self._path("BTC").day(day)
            price /= quote[minute] + (quote[minute + 1] - quote[minute]) * within / 60_000
        return price * _factor(pair)

    def _unshifted(self, pair: Pair, day: int) -> array[float]:
        prices = self._path(pair.base).day(day)
        if pair.quote == "BTC":
            return array("d", [a / b for a, b in zip(prices, self._path("BTC").day(day), strict=True)])
        factor = _factor(pair)
        return prices if factor == 1.0 else array("d", [price * factor for price in prices])

    def _path(self, asset: str) -> Path:
        if asset not in self._paths:
            self._paths[asset] = Path(self._seed, asset)
        return self._paths[asset]


def _factor(pair: Pair) -> float:
    if pair.side == "futures":
        return FUTURES_BASIS
    return 1 / USDC_IN_USDT if pair.quote == "USDC" else 1.0
