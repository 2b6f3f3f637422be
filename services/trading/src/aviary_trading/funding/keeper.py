"""Fetches what a session's positions paid and received, and stores each payment once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from aviary_common import logs
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_exchange.errors import ExchangeError
from aviary_exchange.port import PrivateExchange
from aviary_messages.events import FundingSettled
from aviary_trading.funding import store

log = logs.get(__name__)

FIRST_LOOK_BACK: Final = timedelta(days=30)
OVERLAP: Final = timedelta(hours=1)
"""Venues book payments some time after their hour, and stamp them with it."""
BOOKED_AFTER: Final = timedelta(seconds=20)


class FundingKeeper:
    def __init__(
        self,
        account_name: str,
        connector_name: str,
        *,
        database: Database,
        outbox: Outbox,
        every: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._account = account_name
        self._connector = connector_name
        self._database = database
        self._outbox = outbox
        self._every = every
        self._clock = clock
        self._looked_at: datetime | None = None

    async def refresh(self, exchange: PrivateExchange) -> None:
        """Does nothing before it is due; a venue that does not answer is asked again at the next turn."""
        now = self._clock()
        if not self._is_due(now):
            return
        async with self._database.single() as connection:
            newest = await store.newest_at(connection, self._account, self._connector)
        since = now - FIRST_LOOK_BACK if newest is None else newest - OVERLAP
        try:
            payments = await exchange.funding_payments(since=since)
        except ExchangeError as error:
            log.warning("funding payments not read", connector=self._connector, error=error.detail)
            return
        async with self._database.transaction() as connection:
            new = await store.add(connection, self._account, self._connector, payments)
            told = [
                FundingSettled(
                    account_name=self._account,
                    connector_name=self._connector,
                    trading_pair=payment.trading_pair,
                    payment_id=payment.payment_id,
                    amount=payment.amount,
                    currency=payment.currency,
                    at=payment.at,
                )
                for payment in new
            ]
            await self._outbox.add(connection, *told)
        self._looked_at = now

    def _is_due(self, now: datetime) -> bool:
        if self._looked_at is None or now - self._looked_at >= self._every:
            return True
        booked = now.replace(minute=0, second=0, microsecond=0) + BOOKED_AFTER
        return self._looked_at < booked <= now
