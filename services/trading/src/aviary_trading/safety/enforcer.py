"""Keeps a halted account empty: an order that slipped in while the halt began is cancelled by its session."""

from aviary_trading.safety.clearing import Clearing
from aviary_trading.safety.panic import Panic
from aviary_trading.venues import Key


class HaltEnforcer:
    def __init__(self, panic: Panic, clearing: Clearing) -> None:
        self._panic = panic
        self._clearing = clearing

    async def enforce(self, key: Key) -> None:
        """At each look of the session."""
        if await self._panic.is_halted(key[0]):
            await self._clearing.cancel_ours(key)
