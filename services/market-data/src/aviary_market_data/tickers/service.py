"""All tickers of a connector, read in one call for everybody who asks within a moment, in every replica."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from aviary_common.errors import AviaryError
from aviary_exchange.errors import ExchangeError, UnknownConnector, VenueUnavailable
from aviary_exchange.port import PublicExchange
from aviary_market_data.board import Board
from aviary_market_data.flights import Flights
from aviary_market_data.in_use import ConnectorsInUse
from aviary_market_data.tickers.snapshot import Snapshot
from aviary_market_data.venues import Venues

CLOCKS_AGREE_WITHIN_S: Final = 0.25


@dataclass
class Found:
    """What the connectors said, and why some said nothing."""

    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    errors: dict[str, AviaryError] = field(default_factory=dict)


class Tickers:
    def __init__(
        self, venues: Venues, board: Board, in_use: ConnectorsInUse, clock: Callable[[], float] = time.time
    ) -> None:
        self._venues = venues
        self._board = board
        self._in_use = in_use
        self._clock = clock
        self._kept: dict[str, Snapshot] = {}
        self._flights: Flights[str, Snapshot] = Flights()

    async def of(self, connector_name: str, max_age_s: float) -> Snapshot:
        """Not older than that; with 0 the venue is asked. ``VenueUnavailable`` says how old the last known are."""
        exchange = self._venues.get(connector_name)
        await self._in_use.note(exchange.connector)
        return await self._fresh(exchange, max_age_s)

    async def of_many(self, connector_names: Sequence[str], max_age_s: float) -> Found:
        """Of the named ones, or of those in use lately; raises what is wrong when only one was named."""
        exchanges = list(dict.fromkeys(self._venues.get(name) for name in connector_names))
        for exchange in exchanges:
            await self._in_use.note(exchange.connector)
        exchanges = exchanges or await self._lately_used()
        read = await asyncio.gather(*(self._try(exchange, max_age_s) for exchange in exchanges))
        found = Found()
        for exchange, end in zip(exchanges, read, strict=True):
            if isinstance(end, Snapshot):
                found.snapshots[exchange.connector] = end
            else:
                found.errors[exchange.connector] = end
        if connector_names and len(found.errors) == len(exchanges) == 1:
            raise next(iter(found.errors.values()))
        return found

    async def _lately_used(self) -> list[PublicExchange]:
        """Without those that this replica cannot open (any more)."""
        exchanges = []
        for name in await self._in_use.lately():
            try:
                exchanges.append(self._venues.get(name))
            except UnknownConnector:
                continue
        return exchanges

    async def _try(self, exchange: PublicExchange, max_age_s: float) -> Snapshot | ExchangeError:
        try:
            return await self._fresh(exchange, max_age_s)
        except ExchangeError as error:
            return error

    async def _fresh(self, exchange: PublicExchange, max_age_s: float) -> Snapshot:
        """A flight that is under way may have begun too early; the one after it has not."""
        oldest = self._clock() - max_age_s
        kept = self._kept.get(exchange.connector)
        if kept is not None and kept.read_at >= oldest:
            return kept
        try:
            found = await self._flights.join(exchange.connector, lambda: self._load(exchange, oldest))
            if found.read_at < oldest:
                found = await self._flights.join(exchange.connector, lambda: self._load(exchange, oldest))
        except VenueUnavailable as error:
            raise self._unreachable(exchange, error) from error
        return found

    async def _load(self, exchange: PublicExchange, oldest: float) -> Snapshot:
        key = f"market-data:tickers:{exchange.connector}"
        usable = partial(self._usable, exchange.connector, oldest)
        return self._keep(exchange, await self._board.newest(key, usable, partial(self._ask, exchange)))

    def _usable(self, connector: str, oldest: float, document: str | None) -> Snapshot | None:
        if document is None:
            return None
        told = Snapshot.parse(document)
        if told.read_at > self._clock() + CLOCKS_AGREE_WITHIN_S:
            return None
        if (kept := self._kept.get(connector)) is None or kept.read_at < told.read_at:
            self._kept[connector] = told
        return told if told.read_at >= oldest else None

    async def _ask(self, exchange: PublicExchange) -> tuple[Snapshot, str]:
        read_at = self._clock()
        snapshot = Snapshot.of(read_at, (await exchange.tickers()).values())
        return snapshot, snapshot.document()

    def _keep(self, exchange: PublicExchange, snapshot: Snapshot) -> Snapshot:
        self._kept[exchange.connector] = snapshot
        return snapshot

    def _unreachable(self, exchange: PublicExchange, cause: VenueUnavailable) -> VenueUnavailable:
        kept = self._kept.get(exchange.connector)
        known = "none of its prices is known"
        if kept is not None:
            known = f"its last known prices are {self._clock() - kept.read_at:.0f} s old"
        return VenueUnavailable(f"{exchange.connector} is not reachable; {known}. {cause.detail}")
