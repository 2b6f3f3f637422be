"""The newest candles: from the live feed, and from the venue while there is none that is fresh."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aviary_exchange.errors import RateLimited, VenueUnavailable
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.candle_text import as_list, candle_text
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.mirror import CandlesMirror
from aviary_market_data.feeds.service import Feeds
from aviary_market_data.fresh import Fresh

RECORDS_MAX: Final = 5000
"""What a feed holds at most; more is asked of the venue each time."""
RECORDS: Final = 500
ASKED_MAX_AGE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Newest:
    """``text`` is a JSON list, oldest first, the open candle last."""

    text: str
    age_s: float
    source: str


class LiveCandles:
    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds
        self._stale_s = feeds.settings.candles_stale_s
        self._asked: Fresh[tuple[str, str, str, int], str] = Fresh(ASKED_MAX_AGE_S)

    def follows(self, connector: str, wanted: Sequence[tuple[str, str]]) -> bool:
        """Whether all of these pairs and intervals have live feeds, so that the venue must know them."""
        return all(
            self._feeds.known(FeedKey(StreamKind.CANDLES, connector, pair, interval)) is not None
            for pair, interval in wanted
        )

    async def newest(self, exchange: PublicExchange, trading_pair: str, interval: str, records: int) -> Newest:
        """Of a pair and an interval that the venue has."""
        mirror = None
        if records <= RECORDS_MAX:
            mirror = self._feeds.candles(exchange.connector, trading_pair, interval, max(records, RECORDS))
        if mirror is not None and (age_s := mirror.age_s()) <= self._stale_s:
            lines = mirror.newest(records)
            if lines is not None:
                return Newest(as_list(lines), age_s, "feed")
        return await self._ask(exchange, trading_pair, interval, records, mirror)

    async def _ask(
        self, exchange: PublicExchange, trading_pair: str, interval: str, records: int, mirror: CandlesMirror | None
    ) -> Newest:
        async def fetch() -> str:
            candles = await exchange.candles(trading_pair, interval, start=None, end=None, limit=records)
            return as_list([candle_text(candle) for candle in candles])

        try:
            text = await self._asked.get((exchange.connector, trading_pair, interval, records), fetch)
        except (VenueUnavailable, RateLimited) as error:
            if mirror is not None and mirror.heard.is_set():
                error.detail += f" The last known candles of {trading_pair} are {mirror.age_s():.0f} s old."
            raise
        return Newest(text, 0.0, "venue")
