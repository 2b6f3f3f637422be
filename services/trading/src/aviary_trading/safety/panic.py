"""One call that stops an account: halted first, so that nothing new goes out, then cleared."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from aviary_common.access import is_allowed
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import NotFound
from aviary_common.timestamps import utc_now
from aviary_messages.events import TradingHalted, TradingReleased
from aviary_messages.questions import ListCredentials
from aviary_trading.safety import store
from aviary_trading.safety.clearing import Clearing
from aviary_trading.safety.schemas import PanicReport
from aviary_trading.safety.store import Halt
from aviary_trading.venues import Key


class Panic:
    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        bus: Bus,
        clearing: Clearing,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._bus = bus
        self._clearing = clearing
        self._clock = clock

    async def begin(self, account_names: Sequence[str] | None, *, flatten: bool, reason: str) -> PanicReport:
        """Again is harmless. Raises ``NotFound`` for an account that has no credentials anywhere."""
        keys = await self._keys(account_names)
        names = sorted({account for account, _ in keys})
        async with self._database.transaction() as connection:
            await store.set_halts(connection, names, reason, self._clock())
            await self._outbox.add(connection, TradingHalted(account_names=names, reason=reason))
        cleared = await asyncio.gather(*(self._clearing.clear(key, flatten=flatten) for key in keys))
        return PanicReport(halted=names, connectors=cleared)

    async def release(self, account_names: Sequence[str] | None) -> list[str]:
        """The accounts that were halted and are no more."""
        async with self._database.transaction() as connection:
            names = account_names
            if names is None:
                halts = await store.halts(connection)
                names = [halt.account_name for halt in halts if is_allowed(halt.account_name)]
            released = await store.lift_halts(connection, names)
            if released:
                await self._outbox.add(connection, TradingReleased(account_names=released))
            return released

    async def halts(self) -> list[Halt]:
        async with self._database.single() as connection:
            return await store.halts(connection)

    async def _keys(self, account_names: Sequence[str] | None) -> list[Key]:
        listed = [(key.account_name, key.connector_name) for key in (await self._bus.ask(ListCredentials())).keys]
        if account_names is None:
            return [key for key in listed if is_allowed(key[0])]
        if unknown := sorted(set(account_names) - {account for account, _ in listed}):
            raise NotFound(f"No credentials are stored for {', '.join(unknown)}.", code="unknown_account")
        return [key for key in listed if key[0] in account_names]
