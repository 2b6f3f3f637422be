"""The users and keys that accounts knows, remembered for a short time.

An answer is remembered under a keyed digest of what was presented, never under the secret. It is good for
``FRESH_S``. After that accounts is asked again; while accounts is down (and so changes no user either), what is
remembered goes on, up to ``STALE_S``, but not while the bus itself is away, for then a change would not be heard.
"""

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from aviary_common import logs
from aviary_common.access.keys import ApiKey
from aviary_common.access.messages import IdentifyKey, IdentifyUser, LoginsChanged, PrincipalFound
from aviary_common.access.principal import Principal
from aviary_common.bus import Bus
from aviary_common.errors import DeadlineExceeded, Unauthorized, Unavailable
from aviary_common.http.presented import Password, Presented
from aviary_common.timestamps import utc_now

log = logs.get(__name__)

FRESH_S: Final = 30.0
STALE_S: Final = 600.0
MAX_REMEMBERED: Final = 10_000


@dataclass(frozen=True)
class Remembered:
    principal: Principal
    expires_at: datetime | None
    since: float

    def is_good(self, now: float, age_s: float) -> bool:
        return now - self.since < age_s and (self.expires_at is None or utc_now() < self.expires_at)


class Directory:
    """Each gives the principal, or None; ``find`` None for a wrong login."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._secret = secrets.token_bytes(32)
        self._remembered: dict[bytes, Remembered] = {}
        self._asking: dict[bytes, asyncio.Task[Principal | None]] = {}
        self._edition = 0

    async def listen(self) -> None:
        await self._bus.listen(LoginsChanged, self._forget)

    def recall(self, presented: Presented) -> Principal | None:
        """Without asking anybody."""
        known = self._remembered.get(self._mark(presented))
        return known.principal if known is not None and known.is_good(time.monotonic(), FRESH_S) else None

    async def find(self, presented: Presented) -> Principal | None:
        """Raises ``Unavailable`` when accounts cannot be asked and nothing is remembered."""
        mark = self._mark(presented)
        known = self._remembered.get(mark)
        if known is not None and known.is_good(time.monotonic(), FRESH_S):
            return known.principal
        if (asking := self._asking.get(mark)) is None:
            asking = self._asking[mark] = asyncio.create_task(self._find(presented, mark, known))
            asking.add_done_callback(lambda done: self._asked(mark, done))
        return await asyncio.shield(asking)

    async def _find(self, presented: Presented, mark: bytes, known: Remembered | None) -> Principal | None:
        """Shared by all who present the same at the same time: a password takes a while to check."""
        edition = self._edition
        try:
            found = await self._ask(presented)
        except Unauthorized:
            self._remembered.pop(mark, None)
            return None
        except (Unavailable, DeadlineExceeded):
            if known is None or not self._bus.is_connected or not known.is_good(time.monotonic(), STALE_S):
                raise Unavailable("accounts", "accounts is not available right now to check this login") from None
            return known.principal
        if edition == self._edition:
            self._remember(mark, found)
        return found.principal

    def _asked(self, mark: bytes, done: asyncio.Task[Principal | None]) -> None:
        if self._asking.get(mark) is done:
            del self._asking[mark]

    async def _ask(self, presented: Presented) -> PrincipalFound:
        if isinstance(presented, ApiKey):
            return await self._bus.ask(IdentifyKey(key_id=presented.id, digest=presented.digest))
        return await self._bus.ask(IdentifyUser(name=presented.name, password=presented.word))

    def _remember(self, mark: bytes, found: PrincipalFound) -> None:
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.clear()
        self._remembered[mark] = Remembered(found.principal, found.expires_at, time.monotonic())

    async def _forget(self, changed: LoginsChanged) -> None:
        self._edition += 1
        self._remembered.clear()
        self._asking.clear()
        log.info("logins forgotten", user=changed.user_name)

    def _mark(self, presented: Presented) -> bytes:
        if isinstance(presented, Password):
            text = f"password\0{presented.name}\0{presented.word.get_secret_value()}"
        else:
            text = f"key\0{presented.text}"
        return blake2b(text.encode(), key=self._secret, digest_size=32).digest()
