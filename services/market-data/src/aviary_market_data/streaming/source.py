"""Checks what somebody wants to be told, and finds the feed that tells it."""

from collections.abc import Mapping

from pydantic import ValidationError

from aviary_common.errors import BadRequest, Unavailable
from aviary_exchange.types import StreamKind
from aviary_market_data.candles.service import exchange_with
from aviary_market_data.feeds.mirror import Mirror
from aviary_market_data.feeds.service import Feeds
from aviary_market_data.order_books.service import LEVELS, LEVELS_LIVE
from aviary_market_data.streaming.subscription import Subscribe, Told
from aviary_market_data.venues import Venues


class StreamSource:
    def __init__(self, feeds: Feeds, venues: Venues) -> None:
        self._feeds = feeds
        self._venues = venues

    async def subscribe(self, wanted: Subscribe) -> Told:
        """Raises what the REST routes would: ``UnknownConnector``, ``UnknownPair``, an unsupported interval."""
        source = self._venues.source_of(wanted.connector)
        intervals = [wanted.interval] if wanted.key.kind is StreamKind.CANDLES else []
        await exchange_with(self._venues, source, [wanted.trading_pair], intervals)
        told = Told(wanted.key.name, wanted.model_copy(update={"connector": source}))
        self.follow(told)
        return told

    def follow(self, told: Told) -> None:
        """Say that it is still read; ``Unavailable`` when there are too many feeds already."""
        wanted = told.wanted
        mirror: Mirror | None
        match wanted.key.kind:
            case StreamKind.BOOK:
                levels = LEVELS if wanted.depth <= LEVELS else LEVELS_LIVE
                mirror = self._feeds.book(wanted.connector, wanted.trading_pair, levels)
            case StreamKind.TRADES:
                mirror = self._feeds.trades(wanted.connector, wanted.trading_pair)
            case StreamKind.CANDLES:
                mirror = self._feeds.candles(wanted.connector, wanted.trading_pair, wanted.interval, wanted.max_records)
        if mirror is None:
            raise Unavailable("market-data", "There are too many live feeds already (AVIARY_FEEDS_MAX).")
        told.listen_to(mirror)


def parse(message: Mapping[str, object]) -> Subscribe:
    """Raises ``BadRequest`` with one sentence."""
    try:
        return Subscribe.model_validate(message)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "message"
        raise BadRequest(f"{field}: {first['msg']}") from None
