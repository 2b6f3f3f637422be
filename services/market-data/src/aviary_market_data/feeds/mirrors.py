"""All copies of one replica, and the one subscription that keeps them up to date."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Final, cast

from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from aviary_common.cancelling import end
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.mirror import Mirror, Stored, mirror_of

CONTROL: Final = "feeds:control"
"""Told here: the connector whose feeds are to begin anew."""
LOOK_EVERY_S: Final = 5.0


class Mirrors:
    def __init__(self, cache: Redis, restart: Callable[[str], None]) -> None:
        self._cache = cache
        self._restart = restart
        self._mirrors: dict[FeedKey, Mirror] = {}
        self._by_channel: dict[str, Mirror] = {}
        self._changes: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()

    def __iter__(self) -> Iterator[Mirror]:
        return iter(list(self._mirrors.values()))

    def find(self, key: FeedKey) -> Mirror | None:
        return self._mirrors.get(key)

    def add(self, key: FeedKey, size: int) -> Mirror:
        mirror = mirror_of(key, size)
        self._mirrors[key] = self._by_channel[key.channel] = mirror
        self._changes.put_nowait((key.channel, True))
        return mirror

    def drop(self, key: FeedKey) -> None:
        del self._mirrors[key]
        del self._by_channel[key.channel]
        self._changes.put_nowait((key.channel, False))

    async def run(self) -> None:
        """Listen until the connection is lost; beginning again brings every copy up to date."""
        async with self._cache.pubsub() as subscription:
            await subscription.subscribe(CONTROL, *self._by_channel)
            while not self._changes.empty():
                self._changes.get_nowait()
            changing = asyncio.create_task(self._change(subscription))
            listening = asyncio.create_task(self._listen(subscription))
            try:
                done, _ = await asyncio.wait({changing, listening}, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                await end(changing, listening)

    async def _change(self, subscription: PubSub) -> None:
        while True:
            channel, is_wanted = await self._changes.get()
            if is_wanted == (channel in self._by_channel):
                await (subscription.subscribe(channel) if is_wanted else subscription.unsubscribe(channel))

    async def _listen(self, subscription: PubSub) -> None:
        while True:
            message = await subscription.get_message(timeout=LOOK_EVERY_S)
            if message is None:
                continue
            if message["channel"] == CONTROL:
                if message["type"] == "message":
                    self._restart(message["data"])
                continue
            mirror = self._by_channel.get(message["channel"])
            if mirror is None:
                continue
            if message["type"] == "subscribe" or (
                message["type"] == "message" and not mirror.take_news(message["data"])
            ):
                stored = await self._cache.mget(mirror.key.state, mirror.key.channel)
                mirror.take_state(cast(Stored, tuple(stored)))
