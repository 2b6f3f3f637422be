"""Sees to it that every wanted feed has an owner, in some replica, and that unwanted ones end."""

import asyncio
import random
import time
from functools import partial
from typing import Final

from aviary_common.leases import Leases
from aviary_common.tasks import Tasks
from aviary_exchange.types import StreamKind
from aviary_market_data.feeds.health import HealthBoard
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.mirrors import Mirrors
from aviary_market_data.feeds.owner import Owner
from aviary_market_data.feeds.settings import FeedSettings
from aviary_market_data.feeds.wanted import Want, Wanted

ASKED_AGAIN_EVERY_S: Final = 5.0
"""How often Valkey is told that a feed is still read here."""


class Keeper:
    """``wants`` is what all replicas want, as of the last look; others may keep the mapping, it is changed in place."""

    def __init__(
        self,
        wanted: Wanted,
        wants: dict[FeedKey, Want],
        mirrors: Mirrors,
        owner: Owner,
        board: HealthBoard,
        leases: Leases,
        tasks: Tasks,
        settings: FeedSettings,
    ) -> None:
        self._wanted = wanted
        self._wants = wants
        self._mirrors = mirrors
        self._owner = owner
        self._board = board
        self._leases = leases
        self._tasks = tasks
        self._settings = settings
        self._told_at: dict[FeedKey, tuple[float, int]] = {}
        self._soon = asyncio.Event()
        self._to_restart: set[str] = set()

    def look_soon(self) -> None:
        """Something is wanted that was not wanted before."""
        self._soon.set()

    async def run(self) -> None:
        while True:
            self._soon.clear()
            await self._look()
            try:
                async with asyncio.timeout(self._settings.feed_look_s * random.uniform(0.8, 1.2)):
                    await self._soon.wait()
            except TimeoutError:
                pass

    def restart(self, connector: str) -> None:
        """Begin anew with all of the connector's books that this replica owns."""
        self._to_restart.add(connector)
        self.look_soon()

    async def _look(self) -> None:
        await self._tell_what_is_read_here()
        wants = await self._wanted.read()
        self._wants.clear()
        self._wants.update(wants)
        now = time.time()
        idle = [key for key, want in wants.items() if want.is_idle(now, self._settings.feed_timeout_s)]
        await self._end(idle)
        self._drop_unread()
        await self._stop_what_begins_anew()
        await self._own_what_is_free([key for key in wants if key not in idle])
        await self._board.write(self._owner.health)

    async def _tell_what_is_read_here(self) -> None:
        """What was read since the last time; a feed that wants more than before is told of at once."""
        asked: dict[FeedKey, int] = {}
        now = time.monotonic()
        for mirror in self._mirrors:
            told_at, size = self._told_at.get(mirror.key, (float("-inf"), 0))
            if mirror.size > size or (mirror.asked_at > told_at and now - told_at > ASKED_AGAIN_EVERY_S):
                asked[mirror.key] = mirror.size
        await self._wanted.ask(asked)
        self._told_at.update({key: (now, size) for key, size in asked.items()})

    async def _end(self, idle: list[FeedKey]) -> None:
        gone = [key for key in self._owner.health if key in idle or key not in self._wants]
        await self._wanted.forget(*idle)
        for key in gone:
            await self._tasks.stop(_task(key))
            await self._owner.stopped(key)
        await self._board.forget(*idle, *gone)

    def _drop_unread(self) -> None:
        oldest = time.monotonic() - self._settings.feed_timeout_s
        for mirror in self._mirrors:
            if mirror.asked_at < oldest:
                self._mirrors.drop(mirror.key)
                self._told_at.pop(mirror.key, None)

    async def _stop_what_begins_anew(self) -> None:
        connectors, self._to_restart = self._to_restart, set()
        for key in list(self._owner.health):
            if key.connector in connectors and key.kind is StreamKind.BOOK:
                await self._tasks.stop(_task(key))

    async def _own_what_is_free(self, keys: list[FeedKey]) -> None:
        """In any order, so that replicas that look at the same time share the work."""
        if not self._settings.feeds_max:
            return
        candidates = {key.state: key for key in keys if _task(key) not in self._tasks}
        free = await self._leases.free(list(candidates))
        random.shuffle(free)
        for name in free:
            key = candidates[name]
            own = partial(self._owner.own, key)
            self._tasks.supervise(_task(key), partial(self._leases.hold_if_free, name, own))


def _task(key: FeedKey) -> str:
    return f"feed:{key.name}"
