"""Last prices of the pairs that people ask for: one call to the venue serves everybody for a moment."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from aviary_exchange.errors import UnknownPair
from aviary_market_data.venues import Venues, require_pairs
from aviary_messages.questions import GetPrices, PricesAnswer

WANTED_FOR_S: Final = 10.0
"""Pairs asked for within this time are refreshed together."""


@dataclass
class _Quotes:
    """What is known of one connector's prices."""

    prices: dict[str, Decimal] = field(default_factory=dict)
    read_at: dict[str, float] = field(default_factory=dict)
    wanted_at: dict[str, float] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Prices:
    def __init__(self, venues: Venues, max_age_s: float) -> None:
        self._venues = venues
        self._max_age_s = max_age_s
        self._quotes: dict[str, _Quotes] = {}

    async def last(self, connector_name: str, trading_pairs: Sequence[str]) -> Mapping[str, Decimal]:
        """Prices not older than the maximum age. Raises ``UnknownPair`` naming what the venue does not list."""
        now = time.monotonic()
        quotes = self._quotes_of(connector_name)
        stale = self._stale(quotes, trading_pairs, now)
        for pair in trading_pairs:
            quotes.wanted_at[pair] = now
        if stale:
            await self._refresh(connector_name, quotes, stale)
        return {pair: quotes.prices[pair] for pair in trading_pairs}

    async def answer(self, question: GetPrices) -> PricesAnswer:
        """The same for another service, which wants what there is instead of an error."""
        rules = await self._venues.get(question.connector_name).rules()
        listed = [pair for pair in question.trading_pairs if pair in rules]
        return PricesAnswer(prices=dict(await self.last(question.connector_name, listed)) if listed else {})

    def _quotes_of(self, connector_name: str) -> _Quotes:
        if (found := self._quotes.get(connector_name)) is None:
            name = self._venues.get(connector_name).connector
            found = self._quotes[connector_name] = self._quotes.setdefault(name, _Quotes())
        return found

    def _stale(self, quotes: _Quotes, pairs: Sequence[str], now: float) -> list[str]:
        oldest = now - self._max_age_s
        return [pair for pair in pairs if quotes.read_at.get(pair, 0.0) < oldest]

    async def _refresh(self, connector_name: str, quotes: _Quotes, stale: Sequence[str]) -> None:
        async with quotes.lock:
            now = time.monotonic()
            still_stale = self._stale(quotes, stale, now)
            if not still_stale:
                return
            exchange = self._venues.get(connector_name)
            rules = await exchange.rules()
            try:
                require_pairs(exchange, rules, still_stale)
            except UnknownPair:
                for pair in still_stale:
                    quotes.wanted_at.pop(pair, None)
                raise
            quotes.wanted_at = {pair: at for pair, at in quotes.wanted_at.items() if now - at < WANTED_FOR_S}
            together = sorted({*still_stale, *(pair for pair in quotes.wanted_at if pair in rules)})
            for pair, ticker in (await exchange.tickers(together)).items():
                quotes.prices[pair] = ticker.last
                quotes.read_at[pair] = now
            missing = [pair for pair in still_stale if quotes.read_at.get(pair) != now]
            if missing:
                raise UnknownPair(f"{exchange.connector} has no price for {', '.join(missing)}.")
