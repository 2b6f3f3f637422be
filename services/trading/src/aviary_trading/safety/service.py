"""Setting and lifting an account's limits. They hold for every replica from the moment this answers."""

from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import NotFound
from aviary_messages.events import RiskLimitsChanged
from aviary_messages.questions import ListCredentials
from aviary_trading.safety import store
from aviary_trading.safety.limits import RiskLimits


class RiskSettings:
    def __init__(self, database: Database, outbox: Outbox, bus: Bus) -> None:
        self._database = database
        self._outbox = outbox
        self._bus = bus

    async def get(self, account_name: str) -> RiskLimits:
        async with self._database.single() as connection:
            return await store.limits_of(connection, account_name) or RiskLimits()

    async def set(self, account_name: str, limits: RiskLimits) -> RiskLimits:
        """Raises ``NotFound`` for an account without credentials: a misspelt name must not look protected."""
        listed = (await self._bus.ask(ListCredentials())).keys
        if account_name not in {key.account_name for key in listed}:
            raise NotFound(f"No credentials are stored for {account_name}.", code="unknown_account")
        async with self._database.transaction() as connection:
            await store.set_limits(connection, account_name, limits)
            await self._outbox.add(connection, RiskLimitsChanged(account_name=account_name))
        return limits

    async def lift(self, account_name: str) -> RiskLimits:
        async with self._database.transaction() as connection:
            await store.lift_limits(connection, account_name)
            await self._outbox.add(connection, RiskLimitsChanged(account_name=account_name))
        return RiskLimits()
