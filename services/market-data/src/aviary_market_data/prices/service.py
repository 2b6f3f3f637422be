"""Last prices of the pairs that people ask for: one call to the venue serves everybody for a moment."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from aviary_exchange.errors import UnknownPair
from aviary_exchange.port import PublicExchange
from aviary_market_data.flights import Flights
from aviary_market_data.venues import Venues, require_pairs
from aviary_messages.questions import GetPrices, PricesAnswer

WANTED_FOR_S: Final = 10.0
"""Pairs asked for within this time are refreshed together."""
NEVER: Final = float("-inf")


@dataclass
class _Quotes:
    """What is known of one connector's prices; a pair that was read and has no price has never traded."""

    prices: dict[str, Decimal] = field(default_factory=dict)
    read_at: dict[str, float] = field(default_factory=dict)
    wanted_at: dict[str, float] = field(default_factory=dict)


class Prices:
    def __init__(self, venues: Venues, max_age_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._venues = venues
        self._max_age_s = max_age_s
        self._clock = clock
        self._quotes: dict[str, _Quotes] = {}
        self._flights: Flights[str, frozenset[str]] = Flights()

    async def last(self, connector_name: str, trading_pairs: Sequence[str]) -> Mapping[str, Decimal]:
        """Prices not older than the maximum age. Raises ``UnknownPair`` naming what the venue does not list."""
        exchange = self._venues.get(connector_name)
        prices = await self._known(exchange, trading_pairs)
        missing = [pair for pair in trading_pairs if pair not in prices]
        if missing:
            raise UnknownPair(f"{exchange.connector} has no price for {', '.join(missing)}.")
        return prices

    async def answer(self, question: GetPrices) -> PricesAnswer:
        """The same for another service, which wants what there is instead of an error."""
        exchange = self._venues.get(question.connector_name)
        rules = await exchange.rules()
        listed = [pair for pair in question.trading_pairs if pair in rules]
        return PricesAnswer(prices=await self._known(exchange, listed))

    async def _known(self, exchange: PublicExchange, pairs: Sequence[str]) -> dict[str, Decimal]:
        """Without the pairs that have never traded."""
        quotes = self._quotes.setdefault(exchange.connector, _Quotes())
        oldest = self._clock() - self._max_age_s
        stale = {pair for pair in pairs if quotes.read_at.get(pair, NEVER) < oldest}
        if stale:
            require_pairs(exchange, await exchange.rules(), pairs)
        quotes.wanted_at.update(dict.fromkeys(pairs, self._clock()))
        while stale:
            quotes.wanted_at.update(dict.fromkeys(stale, self._clock()))
            stale -= await self._flights.join(exchange.connector, lambda: self._refresh(exchange, quotes))
        return {pair: quotes.prices[pair] for pair in pairs if pair in quotes.prices}

    async def _refresh(self, exchange: PublicExchange, quotes: _Quotes) -> frozenset[str]:
        """Read what was wanted lately; which pairs that were."""
        now = self._clock()
        quotes.wanted_at = {pair: at for pair, at in quotes.wanted_at.items() if now - at < WANTED_FOR_S}
        together = frozenset(quotes.wanted_at)
        tickers = await exchange.tickers(sorted(together))
        for pair in together:
            quotes.read_at[pair] = now
            if pair in tickers:
                quotes.prices[pair] = tickers[pair].last
        return together
