"""The candles of the sweep that a worker is at: looked up once, not for every shard."""

import asyncio
from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from aviary_backtesting.candles.supply import Supply
from aviary_backtesting.sweeps.search import Search, ranges_of, search_of
from aviary_backtesting.sweeps.sweep import Sweep

if TYPE_CHECKING:
    from aviary_strategies.backtest.run import AllCandles


class Ground(NamedTuple):
    """Everything that the shards of a sweep have in common; ``digest`` is that of the candles."""

    search: Search
    candles: "AllCandles"
    digest: str


class Grounds:
    def __init__(self, supply: Supply) -> None:
        self._supply = supply
        self._last: tuple[int, Ground] | None = None

    async def of(self, sweep: Sweep, tell: Callable[[float], None]) -> Ground:
        if self._last is None or self._last[0] != sweep.id:
            self._last = None
            self._last = sweep.id, await self._made(sweep, tell)
        return self._last[1]

    async def _made(self, sweep: Sweep, tell: Callable[[float], None]) -> Ground:
        from aviary_strategies.types import Market

        search = await asyncio.to_thread(search_of, sweep.spec)
        ranges = await asyncio.to_thread(ranges_of, sweep.spec, search)
        found = await self._supply.provide(sweep.spec.base, ranges, tell)
        candles = {(Market(each.connector_name, each.trading_pair), each.interval): found[each] for each in found}
        return Ground(search, candles, await asyncio.to_thread(_digest, candles))


def _digest(candles: "AllCandles") -> str:
    told = blake2b(digest_size=16)
    for (market, interval), each in sorted(candles.items(), key=lambda item: item[0]):
        told.update(repr((*market, interval, each.digest)).encode())
    return told.hexdigest()
