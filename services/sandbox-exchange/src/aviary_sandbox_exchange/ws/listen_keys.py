"""Listen keys: who may read a user stream without signing."""

import secrets
from dataclasses import dataclass

from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.pairs import Side

LIFETIME_MS = 3_600_000


@dataclass(slots=True)
class ListenKey:
    key: str
    side: Side
    account: str
    expires_ms: int


class ListenKeys:
    """One per account and side; asking again while it is alive answers with the same and prolongs it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: dict[str, ListenKey] = {}

    def create(self, side: Side, account: str) -> str:
        existing = self.of_account(side, account)
        if existing is not None:
            self.prolong(existing)
            return existing.key
        key = secrets.token_urlsafe(48)
        self._keys[key] = ListenKey(key, side, account, self._clock.now_ms() + LIFETIME_MS)
        return key

    def find(self, side: Side, key: str) -> ListenKey | None:
        found = self._keys.get(key)
        if found is None or found.side != side:
            return None
        if found.expires_ms <= self._clock.now_ms():
            del self._keys[key]
            return None
        return found

    def of_account(self, side: Side, account: str) -> ListenKey | None:
        for key in list(self._keys.values()):
            if key.side == side and key.account == account:
                return self.find(side, key.key)
        return None

    def prolong(self, key: ListenKey) -> None:
        key.expires_ms = self._clock.now_ms() + LIFETIME_MS

    def delete(self, key: ListenKey) -> None:
        self._keys.pop(key.key, None)
