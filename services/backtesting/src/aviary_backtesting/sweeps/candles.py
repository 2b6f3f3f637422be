"""What the sweep that a worker is at is computed from: looked up once, not for every shard."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from aviary_backtesting.candles.supply import Supply
from aviary_backtesting.engine.conditions import balances_of, funding_of, rules_of
from aviary_backtesting.engine.port import CandleRange
from aviary_backtesting.sweeps import work
from aviary_backtesting.sweeps.search import Search, ranges_of, search_of
from aviary_backtesting.sweeps.sweep import Sweep
from aviary_backtesting.venue_terms.terms import VenueTerms
from aviary_common.database import Database

if TYPE_CHECKING:
    from aviary_strategies.backtest.run import AllCandles


class Ground(NamedTuple):
    """Everything that the shards of a sweep have in common; ``digest`` is that of the candles."""

    search: Search
    candles: "AllCandles"
    digest: str


class Grounds:
    def __init__(self, supply: Supply, database: Database) -> None:
        self._supply = supply
        self._database = database
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
        terms = await self._terms(sweep, ranges)
        held_to = replace(
            search.conditions,
            rules=rules_of(terms),
            funding=funding_of(terms),
            balances=balances_of(sweep.spec.base.balances, {market for market, _ in candles}),
        )
        return Ground(replace(search, conditions=held_to), candles, await asyncio.to_thread(_digest, candles))

    async def _terms(self, sweep: Sweep, ranges: Sequence[CandleRange]) -> VenueTerms:
        """The same for all workers, whatever market-data tells each of them."""
        if sweep.venue_terms is not None:
            return sweep.venue_terms
        found = await self._supply.terms(sweep.spec.base, ranges)
        async with self._database.single() as connection:
            kept = await work.share_terms(connection, sweep.id, found.model_dump(mode="json"))
        return VenueTerms.model_validate(kept)


def _digest(candles: "AllCandles") -> str:
    told = blake2b(digest_size=16)
    for (market, interval), each in sorted(candles.items(), key=lambda item: item[0]):
        told.update(repr((*market, interval, each.digest)).encode())
    return told.hexdigest()
