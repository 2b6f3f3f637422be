"""Feeds as the rest of the service sees them: follow one, and read what is known of it."""

import time
from typing import TypeVar, cast

from redis.asyncio import Redis

from aviary_common.bus import Bus
from aviary_common.runtime import Runtime
from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.figures import FeedFigures
from aviary_market_data.feeds.health import Health, HealthBoard
from aviary_market_data.feeds.keeper import Keeper
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.mirror import BookMirror, CandlesMirror, Mirror, TradesMirror
from aviary_market_data.feeds.mirrors import CONTROL, Mirrors
from aviary_market_data.feeds.owner import Closed, Owner
from aviary_market_data.feeds.settings import FeedSettings
from aviary_market_data.feeds.wanted import Want, Wanted
from aviary_market_data.venues import Venues

M = TypeVar("M", bound=Mirror)


class Feeds:
    def __init__(self, name: str, runtime: Runtime, venues: Venues, settings: FeedSettings, closed: Closed) -> None:
        self.settings = settings
        self._cache: Redis = runtime.cache
        self._wants: dict[FeedKey, Want] = {}
        self._wanted = Wanted(runtime.cache)
        self._board = HealthBoard(runtime.cache)
        self._mirrors = Mirrors(runtime.cache, lambda connector: self._keeper.restart(connector))
        bus: Bus = runtime.bus
        owner = Owner(name, venues, self._wants, settings, bus, closed)
        self._keeper = Keeper(
            self._wanted, self._wants, self._mirrors, owner, self._board, runtime.leases, runtime.tasks, settings
        )
        runtime.figures.add("feeds", FeedFigures(owner.health).look)
        runtime.tasks.supervise("mirrors", self._mirrors.run)
        runtime.tasks.supervise("feeds", self._keeper.run)

    def book(self, connector: str, trading_pair: str, levels: int) -> BookMirror | None:
        return cast(BookMirror | None, self._follow(FeedKey(StreamKind.BOOK, connector, trading_pair), levels))

    def trades(self, connector: str, trading_pair: str) -> TradesMirror | None:
        return cast(TradesMirror | None, self._follow(FeedKey(StreamKind.TRADES, connector, trading_pair), 1))

    def candles(self, connector: str, trading_pair: str, interval: str, records: int) -> CandlesMirror | None:
        key = FeedKey(StreamKind.CANDLES, connector, trading_pair, interval)
        return cast(CandlesMirror | None, self._follow(key, records))

    def known(self, key: FeedKey) -> Mirror | None:
        """Without asking for it."""
        return self._mirrors.find(key)

    async def pin(self, key: FeedKey, size: int) -> None:
        """Keep the feed until it is removed."""
        await self._wanted.ask({key: size})
        await self._wanted.pin(key)

    async def remove(self, key: FeedKey) -> bool:
        """Whether anybody had wanted it."""
        was_wanted = key in await self._wanted.read()
        await self._wanted.forget(key)
        if self._mirrors.find(key) is not None:
            self._mirrors.drop(key)
        self._keeper.look_soon()
        return was_wanted

    async def restart(self, connector: str) -> list[FeedKey]:
        """Its books begin anew, whoever owns them."""
        await self._cache.publish(CONTROL, connector)
        return [key for key in await self._wanted.read() if key.connector == connector and key.kind is StreamKind.BOOK]

    async def all(self) -> dict[FeedKey, tuple[Want, Health | None]]:
        health = await self._board.read()
        return {key: (want, health.get(key)) for key, want in (await self._wanted.read()).items()}

    def _follow(self, key: FeedKey, size: int) -> Mirror | None:
        """A copy that is kept up to date from now on; ``None`` when there are too many feeds already."""
        mirror = self._mirrors.find(key)
        if mirror is None:
            if len(self._wants) >= self.settings.feeds_max and key not in self._wants:
                return None
            mirror = self._mirrors.add(key, size)
            self._keeper.look_soon()
        mirror.asked_at = time.monotonic()
        if size > mirror.size:
            mirror.size = size
            self._keeper.look_soon()
        return mirror
