"""The newest candles, of several pairs and intervals at once."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from aviary_common.errors import BadRequest
from aviary_exchange.port import PublicExchange
from aviary_market_data.candles.intervals import is_interval
from aviary_market_data.candles.live import LiveCandles, Newest
from aviary_market_data.candles.schemas import CandlesRequest
from aviary_market_data.venues import Venues, require_pairs

MAX_RECORDS: Final = 50_000
"""In one answer, over all its pairs and intervals."""

Found = dict[tuple[str, str], Newest]


class Candles:
    def __init__(self, venues: Venues, live: LiveCandles) -> None:
        self._venues = venues
        self._live = live

    async def latest(self, question: CandlesRequest) -> Found:
        """By pair and interval; the open candle included."""
        refuse_too_many(question.max_records * len(question.wanted))
        source = self._venues.source_of(question.connector_name)
        if not self._live.follows(source, question.wanted):
            await exchange_with(self._venues, source, question.pairs, question.names)
        exchange = self._venues.get(source)
        found = await asyncio.gather(
            *(self._live.newest(exchange, pair, interval, question.max_records) for pair, interval in question.wanted)
        )
        return dict(zip(question.wanted, found, strict=True))


async def exchange_with(
    venues: Venues, connector_name: str, pairs: Sequence[str], intervals: Iterable[str]
) -> PublicExchange:
    """The exchange, if it has these pairs and candles of these intervals; else an error that says what it has."""
    exchange = venues.get(venues.source_of(connector_name))
    require_intervals(exchange, intervals)
    require_pairs(exchange, await exchange.rules(), pairs)
    return exchange


def require_intervals(exchange: PublicExchange, wanted: Iterable[str]) -> None:
    """Raise ``BadRequest`` naming every interval that the venue does not have, and those that it has."""
    supported = [interval for interval in exchange.intervals() if is_interval(interval)]
    unsupported = sorted(set(wanted) - set(supported))
    if unsupported:
        raise BadRequest(
            f"{exchange.connector} has no candles of {', '.join(unsupported)}; "
            f"it has {', '.join(supported) or 'none at all'}.",
            code="unsupported_interval",
        )


def refuse_too_many(records: int) -> None:
    if records > MAX_RECORDS:
        raise BadRequest(f"That is {records:,} candles; ask for at most {MAX_RECORDS:,} at once.", code="too_many")
