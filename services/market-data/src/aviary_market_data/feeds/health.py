"""How a feed fares, as its owner tells it to whoever asks through any replica."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Final, Self, cast

import orjson
from redis.asyncio import Redis

from aviary_market_data.feeds.key import FeedKey

HEALTH: Final = "feeds:health"


@dataclass
class Health:
    """Times in epoch seconds. ``source`` is ``websocket``, or ``rest`` where the venue cannot stream it."""

    owner: str
    source: str
    since: float = field(default_factory=time.time)
    updates: int = 0
    restarts: int = 0
    told_at: float | None = None
    problem: str | None = None
    best_bid: str | None = None
    best_ask: str | None = None
    bid_count: int = 0
    ask_count: int = 0
    snapshot_uid: int | None = None
    last_diff_uid: int | None = None

    def told(self) -> None:
        self.updates += 1
        self.told_at = time.time()
        self.problem = None

    def told_book(
        self, best: tuple[Decimal | None, Decimal | None], counts: tuple[int, int], update_id: int | None
    ) -> None:
        self.told()
        self.best_bid, self.best_ask = (None if price is None else f"{price:f}" for price in best)
        self.bid_count, self.ask_count = counts
        self.last_diff_uid = update_id
        if self.snapshot_uid is None:
            self.snapshot_uid = update_id

    def interrupted(self, problem: str) -> None:
        self.restarts += 1
        self.problem = problem
        self.snapshot_uid = None

    @property
    def is_connected(self) -> bool:
        return self.told_at is not None and self.problem is None

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**orjson.loads(text))


class HealthBoard:
    def __init__(self, cache: Redis) -> None:
        self._cache = cache
        self._written: dict[FeedKey, tuple[object, ...]] = {}

    async def write(self, own: Mapping[FeedKey, Health]) -> None:
        """What has changed since the last time."""
        marks: dict[FeedKey, tuple[object, ...]] = {
            key: (health.since, health.updates, health.restarts, health.problem) for key, health in own.items()
        }
        changed = [key for key, mark in marks.items() if self._written.get(key) != mark]
        if changed:
            texts = [text for key in changed for text in (key.id, orjson.dumps(asdict(own[key])).decode())]
            await self._cache.hset(HEALTH, items=texts)  # type: ignore[misc,unused-ignore]
        self._written = marks

    async def forget(self, *keys: FeedKey) -> None:
        if keys:
            await self._cache.hdel(HEALTH, *(key.id for key in keys))  # type: ignore[misc,unused-ignore]

    async def read(self) -> dict[FeedKey, Health]:
        stored = cast(dict[str, str], await self._cache.hgetall(HEALTH))  # type: ignore[misc,unused-ignore]
        return {FeedKey.from_id(name): Health.from_json(text) for name, text in stored.items()}
