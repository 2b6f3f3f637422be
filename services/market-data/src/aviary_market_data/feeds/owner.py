"""The work of a feed's one owner."""

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import Unavailable
from aviary_common.leases import Lease
from aviary_exchange.errors import ExchangeError
from aviary_exchange.port import PublicExchange
from aviary_exchange.types import Candle, StreamKind
from aviary_market_data.feeds.figures import INTERRUPTIONS
from aviary_market_data.feeds.health import Health
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.outlet import Outlet
from aviary_market_data.feeds.settings import FeedSettings
from aviary_market_data.feeds.sources import CandleFeed, feed_book, feed_trades
from aviary_market_data.feeds.wanted import Want
from aviary_market_data.venues import Venues
from aviary_messages.events import FeedChanged, FeedStale, FeedStarted, FeedStopped

log = logs.get(__name__)

LONGEST_PAUSE_S: Final = 30.0
TOLD_WITHIN_S: Final = 1.0
"""The feed waits no longer for a bus that is away."""
HEALTHY_S: Final = 10.0
"""A feed that lasted so long begins anew without the pauses of those before it."""

Closed = Callable[[str, str, str, Sequence[Candle]], None]
"""Takes the connector, the pair, the interval, and candles that have closed."""


class Owner:
    """``health`` has an entry for each feed that this replica owns."""

    def __init__(
        self,
        name: str,
        venues: Venues,
        wants: Mapping[FeedKey, Want],
        settings: FeedSettings,
        bus: Bus,
        closed: Closed,
    ) -> None:
        self._name = name
        self._venues = venues
        self._wants = wants
        self._settings = settings
        self._bus = bus
        self._closed = closed
        self.health: dict[FeedKey, Health] = {}

    async def own(self, key: FeedKey, lease: Lease) -> None:
        """Feed until cancelled; what a venue does interrupts the feed and never ends it."""
        exchange = self._venues.get(key.connector)
        source = "websocket" if key.kind in exchange.streams() else "rest"
        health = self.health[key] = Health(self._name, source)
        outlet = Outlet(key, lease, health)
        INTERRUPTIONS.labels(key.connector, key.kind.value)
        try:
            await self._tell(FeedStarted, key)
            await self._feed_forever(key, exchange, outlet, health)
        finally:
            del self.health[key]

    async def stopped(self, key: FeedKey) -> None:
        await self._tell(FeedStopped, key)

    async def _feed_forever(self, key: FeedKey, exchange: PublicExchange, outlet: Outlet, health: Health) -> None:
        pause_s = self._settings.feed_retry_s
        while True:
            began = time.monotonic()
            try:
                await self._feed(key, exchange, outlet)
            except (ExchangeError, TimeoutError) as error:
                log.info("feed interrupted", feed=key.name, reason=str(error))
                if health.is_connected:
                    await self._tell(FeedStale, key)
                health.interrupted(str(error) or "no answer in time")
                INTERRUPTIONS.labels(key.connector, key.kind.value).inc()
            if time.monotonic() - began > HEALTHY_S:
                pause_s = self._settings.feed_retry_s
            await asyncio.sleep(pause_s * random.uniform(0.7, 1.3))
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _feed(self, key: FeedKey, exchange: PublicExchange, outlet: Outlet) -> None:
        poll_s = self._settings.feed_poll_s
        match key.kind:
            case StreamKind.BOOK:
                await feed_book(exchange, outlet, lambda: self._size(key), poll_s)
            case StreamKind.TRADES:
                await feed_trades(exchange, outlet, poll_s)
            case StreamKind.CANDLES:
                closed = partial(self._closed, key.connector, key.trading_pair, key.interval)
                await CandleFeed(exchange, outlet, lambda: self._size(key), poll_s, closed).run()

    def _size(self, key: FeedKey) -> int:
        want = self._wants.get(key)
        return want.size if want is not None else 1

    async def _tell(self, kind: type[FeedChanged], key: FeedKey) -> None:
        """No fact of the database stands behind it, so there is nothing for an outbox to keep."""
        event = kind(
            feed_type=key.kind,
            connector_name=key.connector,
            trading_pair=key.trading_pair,
            interval=key.interval or None,
        )
        try:
            async with asyncio.timeout(TOLD_WITHIN_S):
                await self._bus.publish(kind.subject, event.model_dump(mode="json"), message_id=uuid.uuid4().hex)
        except (Unavailable, TimeoutError) as error:
            log.warning("nobody was told of a feed", feed=key.name, event_subject=kind.subject, error=str(error))
