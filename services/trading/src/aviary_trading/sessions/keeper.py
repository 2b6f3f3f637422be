"""Keeps one session task per credential in every replica; the lease decides which replica's does the work."""

import asyncio
from collections.abc import Callable
from typing import Final

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import AviaryError
from aviary_common.leases import Leases
from aviary_common.tasks import Tasks
from aviary_messages.events import CredentialAdded, CredentialRemoved
from aviary_messages.questions import ListCredentials
from aviary_trading.sessions.session import Session
from aviary_trading.venues import Key, Venues

log = logs.get(__name__)

LIST_EVERY_S: Final = 30.0
RETRY_S: Final = 1.0

NewSession = Callable[[Key], Session]


class SessionKeeper:
    def __init__(self, tasks: Tasks, leases: Leases, bus: Bus, venues: Venues, new_session: NewSession) -> None:
        self._tasks = tasks
        self._leases = leases
        self._bus = bus
        self._venues = venues
        self._new_session = new_session
        self._kept: set[Key] = set()
        self._changing = asyncio.Lock()

    async def added(self, event: CredentialAdded) -> None:
        """New keys, or a replacement of old ones: the session starts (again) with what is stored now."""
        async with self._changing:
            key = (event.account_name, event.connector_name)
            await self._end(key)
            self._begin(key)

    async def removed(self, event: CredentialRemoved) -> None:
        async with self._changing:
            await self._end((event.account_name, event.connector_name))

    async def keep_forever(self) -> None:
        """The list of credentials is the truth; events only make it faster."""
        while True:
            try:
                listed = (await self._bus.ask(ListCredentials())).keys
            except AviaryError as error:
                log.info("credentials not listed yet", error=error.detail)
                await asyncio.sleep(RETRY_S)
                continue
            await self._keep({(key.account_name, key.connector_name) for key in listed})
            await self._venues.tidy()
            await asyncio.sleep(LIST_EVERY_S)

    async def _keep(self, wanted: set[Key]) -> None:
        async with self._changing:
            for key in self._kept - wanted:
                await self._end(key)
            for key in wanted - self._kept:
                self._begin(key)

    def _begin(self, key: Key) -> None:
        self._kept.add(key)
        session = self._new_session(key)
        self._tasks.supervise(_task(key), lambda: self._leases.hold(_task(key), session.run))

    async def _end(self, key: Key) -> None:
        self._kept.discard(key)
        await self._tasks.stop(_task(key))
        self._venues.forget(key)


def _task(key: Key) -> str:
    return f"session:{key[0]}:{key[1]}"
