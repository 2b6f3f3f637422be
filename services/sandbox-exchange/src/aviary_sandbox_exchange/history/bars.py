"""Candles, compactly: one array of 64-bit integers per column and day."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from random import Random

from aviary_sandbox_exchange.history.path import MINUTES, Prices
from aviary_sandbox_exchange.pairs import Pair
from aviary_sandbox_exchange.units import SCALE, notional

QUOTE_A_MINUTE = 12_000.0
"""What the house's takers turn over in a minute, in USDT; generated minutes match it."""
TRADES_A_MINUTE = 24
WICK = 0.0003


@dataclass(slots=True)
class Bar:
    """``start`` counts in the unit of whoever made it (a minute, a millisecond)."""

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    quote: int = 0
    trades: int = 0
    taker_volume: int = 0
    taker_quote: int = 0

    @classmethod
    def flat(cls, start: int, price: int) -> Bar:
        return cls(start, price, price, price, price)

    def trade(self, price: int, quantity: int, quote: int, *, taker_buys: bool) -> None:
        if not self.trades:
            self.open = self.high = self.low = price
        self.high = max(self.high, price)
        self.low = min(self.low, price)
        self.close = price
        self.volume += quantity
        self.quote += quote
        self.trades += 1
        if taker_buys:
            self.taker_volume += quantity
            self.taker_quote += quote


class Columns:
    """Equally spaced bars side by side; a slice of a column is as cheap as a slice of an array."""

    __slots__ = ("close", "high", "low", "open", "quote", "taker_quote", "taker_volume", "trades", "volume")

    def __init__(self, length: int) -> None:
        for name in self.__slots__:
            setattr(self, name, array("q", bytes(8 * length)))

    open: array[int]
    high: array[int]
    low: array[int]
    close: array[int]
    volume: array[int]
    quote: array[int]
    trades: array[int]
    taker_volume: array[int]
    taker_quote: array[int]

    def put(self, index: int, bar: Bar) -> None:
        self.open[index] = bar.open
        self.high[index] = bar.high
        self.low[index] = bar.low
        self.close[index] = bar.close
        self.volume[index] = bar.volume
        self.quote[index] = bar.quote
        self.trades[index] = bar.trades
        self.taker_volume[index] = bar.taker_volume
        self.taker_quote[index] = bar.taker_quote

    def merge(self, start: int, first: int, end: int) -> Bar:
        """One bar out of those from ``first`` up to ``end`` (not included)."""
        return Bar(
            start,
            self.open[first],
            max(self.high[first:end]),
            min(self.low[first:end]),
            self.close[end - 1],
            sum(self.volume[first:end]),
            sum(self.quote[first:end]),
            sum(self.trades[first:end]),
            sum(self.taker_volume[first:end]),
            sum(self.taker_quote[first:end]),
        )


def merged(start: int, bars: list[Bar]) -> Bar:
    """One bar out of consecutive ones."""
    return Bar(
        start,
        bars[0].open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        bars[-1].close,
        sum(bar.volume for bar in bars),
        sum(bar.quote for bar in bars),
        sum(bar.trades for bar in bars),
        sum(bar.taker_volume for bar in bars),
        sum(bar.taker_quote for bar in bars),
    )


def generate_day(prices: Prices, pair: Pair, day: int, seed: int) -> Columns:
    """The day's 1440 minutes around the pair's path; the same for the same seed, whenever it is asked for."""
    path = prices.day(pair, day)
    random = Random(f"{seed}:{pair.key}:{day}:bars").random
    tick, step = pair.tick, pair.step
    ticks = [round(price * SCALE / tick) * tick for price in path]
    turnover = QUOTE_A_MINUTE / (65_000.0 if pair.quote == "BTC" else 1.0) * SCALE
    columns = Columns(MINUTES)
    for i in range(MINUTES):
        first, last = ticks[i], ticks[i + 1]
        high = max(first, last) + int(max(first, last) * WICK * random() / tick) * tick
        low = min(first, last) - int(min(first, last) * WICK * random() / tick) * tick
        activity = math.exp(random() - 0.5)
        volume = max(int(turnover * activity / first * SCALE / step) * step, step)
        average = (first + last) // 2
        bought = int(volume * (0.35 + 0.3 * random()) / step) * step
        columns.open[i] = first
        columns.high[i] = high
        columns.low[i] = low
        columns.close[i] = last
        columns.volume[i] = volume
        columns.quote[i] = notional(average, volume)
        columns.trades[i] = max(int(TRADES_A_MINUTE * activity), 1)
        columns.taker_volume[i] = bought
        columns.taker_quote[i] = notional(average, bought)
    return columns
