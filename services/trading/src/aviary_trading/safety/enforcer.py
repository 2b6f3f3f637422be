"""Keeps a halted account empty: an order that slipped in while the halt began is cancelled by its session."""

import asyncio
from typing import Final

from aviary_trading.safety.clearing import Clearing
from aviary_trading.safety.panic import Panic
from aviary_trading.venues import Key

READ_EVERY_S: Final = 1.0


class HaltEnforcer:
    def __init__(self, panic: Panic, clearing: Clearing) -> None:
        self._panic = panic
        self._clearing = clearing
        self._halted: frozenset[str] = frozenset()
        self._read_at = float("-inf")

    async def enforce(self, key: Key) -> None:
        """At each look of the session."""
        if key[0] in await self._halts():
            await self._clearing.cancel_ours(key)

    async def _halts(self) -> frozenset[str]:
        """All sessions of a process read them once."""
        now = asyncio.get_running_loop().time()
        if now - self._read_at >= READ_EVERY_S:
            self._read_at = now
            self._halted = frozenset(halt.account_name for halt in await self._panic.halts())
        return self._halted
