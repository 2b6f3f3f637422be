"""Last prices of the pairs that people ask for: one call to the venue serves everybody for a moment."""

import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from aviary_exchange.errors import UnknownPair, VenueUnavailable
from aviary_exchange.port import PublicExchange
from aviary_market_data.board import Board
from aviary_market_data.flights import Flights
from aviary_market_data.in_use import ConnectorsInUse
from aviary_market_data.prices.known import NEVER, Quotes
from aviary_market_data.venues import Venues, require_pairs
from aviary_messages.questions import GetPrices, PricesAnswer

WANTED_FOR_S: Final = 10.0
"""Pairs asked for within this time are refreshed together."""


class Prices:
    """Without a ``board`` this replica asks for itself alone."""

    def __init__(
        self,
        venues: Venues,
        max_age_s: float,
        clock: Callable[[], float] = time.monotonic,
        board: Board | None = None,
        in_use: ConnectorsInUse | None = None,
    ) -> None:
        self._venues = venues
        self._max_age_s = max_age_s
        self._clock = clock
        self._board = board
        self._in_use = in_use
        self._quotes: dict[str, Quotes] = {}
        self._flights: Flights[str, frozenset[str]] = Flights()

    async def last(self, connector_name: str, trading_pairs: Sequence[str]) -> Mapping[str, Decimal]:
        """Prices not older than the maximum age. Raises ``UnknownPair`` naming what the venue does not list."""
        exchange = self._venues.get(connector_name)
        try:
            prices = await self._known(exchange, trading_pairs)
        except VenueUnavailable as error:
            raise self._unreachable(exchange, trading_pairs, error) from error
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
        quotes = self._quotes.setdefault(exchange.connector, Quotes())
        oldest = self._clock() - self._max_age_s
        stale = {pair for pair in pairs if quotes.read_at.get(pair, NEVER) < oldest}
        if stale:
            require_pairs(exchange, await exchange.rules(), pairs)
        quotes.wanted_at.update(dict.fromkeys(pairs, self._clock()))
        while stale:
            quotes.wanted_at.update(dict.fromkeys(stale, self._clock()))
            stale -= await self._flights.join(exchange.connector, lambda: self._refresh(exchange, quotes))
        return {pair: quotes.prices[pair] for pair in pairs if pair in quotes.prices}

    async def _refresh(self, exchange: PublicExchange, quotes: Quotes) -> frozenset[str]:
        """Read what was wanted lately, here or by other replicas; which pairs that were."""
        now = self._clock()
        wanted = quotes.wanted_within(WANTED_FOR_S, now)
        if self._in_use is not None:
            await self._in_use.note(exchange.connector)
        if self._board is None:
            return await self._ask(exchange, quotes)
        ahead = time.time() - now
        return await self._board.newest(
            f"market-data:prices:{exchange.connector}",
            partial(self._usable, quotes, wanted, now - self._max_age_s, ahead),
            partial(self._ask_for_all, exchange, quotes, ahead),
        )

    def _usable(
        self, quotes: Quotes, wanted: frozenset[str], oldest: float, ahead: float, document: str | None
    ) -> frozenset[str] | None:
        quotes.take_over(document, ahead, self._clock())
        return wanted if quotes.is_read(wanted, oldest) else None

    async def _ask_for_all(self, exchange: PublicExchange, quotes: Quotes, ahead: float) -> tuple[frozenset[str], str]:
        together = await self._ask(exchange, quotes)
        return together, quotes.document(ahead)

    async def _ask(self, exchange: PublicExchange, quotes: Quotes) -> frozenset[str]:
        now = self._clock()
        together = quotes.wanted_within(WANTED_FOR_S, now)
        tickers = await exchange.tickers(sorted(together))
        for pair in together:
            quotes.read(pair, tickers[pair].last if pair in tickers else None, now)
        return together

    def _unreachable(self, exchange: PublicExchange, pairs: Sequence[str], cause: VenueUnavailable) -> VenueUnavailable:
        """The same outage, with the age of what was last known of the pair that is known worst."""
        quotes = self._quotes.get(exchange.connector) or Quotes()
        pair = min(pairs, key=lambda each: quotes.read_at.get(each, NEVER) if each in quotes.prices else NEVER)
        known = f"no price of {pair} is known"
        if pair in quotes.prices:
            known = f"its last price of {pair} is {self._clock() - quotes.read_at[pair]:.0f} s old"
        return VenueUnavailable(f"{exchange.connector} is not reachable; {known}. {cause.detail}")
