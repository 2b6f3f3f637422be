"""A venue on paper, which has candles only where the test says."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from aviary_exchange.errors import ExchangeError
from aviary_exchange.types import Candle, TradingRule
from aviary_market_data.candle_store.grid import grid_of


def candle(open_s: int, price: int = 100) -> Candle:
    opened, high, low, closed = (Decimal(price + step) for step in (0, 2, -2, 1))
    return Candle(open_s, opened, high, low, closed, volume=Decimal(5))


@dataclass
class SparseVenue:
    """``pages_by_time``: each page ends after so many intervals and an empty page ends the answer, as with many
    venues; otherwise pages go on to the next candle there is, as on Binance. ``forgets`` are left out when they are
    asked for the first time."""

    opens: list[int]
    interval: str = "1m"
    pages_by_time: bool = False
    forgets: set[int] = field(default_factory=set)
    failures: list[ExchangeError] = field(default_factory=list)
    fails_after_s: float = 0.0
    calls: int = 0
    connector: str = "sandbox"

    async def rules(self) -> Mapping[str, TradingRule]:
        return {}

    def intervals(self) -> Sequence[str]:
        return (self.interval, "1d")

    async def candles(
        self, _trading_pair: str, interval: str, *, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[Candle]:
        assert start is not None
        assert end is not None
        self.calls += 1
        if self.failures:
            await asyncio.sleep(self.fails_after_s)
            raise self.failures.pop(0)
        grid = grid_of(interval)
        opens = self.opens if interval == self.interval else sorted({grid.floor(opened) for opened in self.opens})
        found: list[int] = []
        at, last = start.timestamp(), end.timestamp()
        while len(found) < limit and at <= last:
            page = [opened for opened in opens if opened >= at]
            if self.pages_by_time:
                page = [opened for opened in page if opened < grid.moved(int(at), 500)]
            new = [opened for opened in page[:500] if opened <= last]
            if not new:
                break
            found += new
            at = grid.moved(new[-1], 1)
        heard = [opened for opened in found[:limit] if interval != self.interval or opened not in self.forgets]
        if interval == self.interval:
            self.forgets -= set(found)
        return [candle(opened) for opened in heard]

    async def close(self) -> None:
        pass
