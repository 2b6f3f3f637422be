"""What the owner of one account at one connector does, for as long as it holds the lease."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from aviary_common import logs
from aviary_common.cancelling import together
from aviary_common.leases import Lease
from aviary_common.timestamps import utc_now
from aviary_exchange.errors import ExchangeError
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import BalancesChanged, Fill, OrderReport, StreamGap
from aviary_trading.orders.reconcile import reconcile
from aviary_trading.orders.record import Order
from aviary_trading.orders.recorder import Recorder
from aviary_trading.orders.states import OrderState
from aviary_trading.sessions.balance_keeper import BalanceKeeper
from aviary_trading.sessions.live import LiveSessions
from aviary_trading.venues import Venues

log = logs.get(__name__)

LOOK_EVERY_S: Final = 1.0
FULL_SWEEP_EVERY_S: Final = 30.0
GIVE_THE_STREAM: Final = timedelta(seconds=2)
"""How long an order may be unclear before it is looked up: usually the stream or the sender clears it by itself."""

_UNCLEAR: Final = frozenset({OrderState.PENDING_CREATE, OrderState.PENDING_CANCEL})


class Session:
    def __init__(
        self,
        account_name: str,
        connector_name: str,
        *,
        venues: Venues,
        recorder: Recorder,
        balances: BalanceKeeper,
        live: LiveSessions,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._account = account_name
        self._connector = connector_name
        self._venues = venues
        self._recorder = recorder
        self._balances = balances
        self._live = live
        self._is_listening = False
        self._clock = clock
        self._sweep_now = asyncio.Event()

    async def run(self, lease: Lease) -> None:
        """Reconciles first: what happened while nobody listened is fetched before anything else is believed."""
        exchange = await self._venues.private(self._account, self._connector)
        self._is_listening = False
        self._sweep_now.set()
        try:
            await together(
                self._follow(exchange, lease), self._look_after(exchange, lease), self._balances.tell_forever()
            )
        finally:
            await self._live.unmark(self._account, self._connector)

    async def _follow(self, exchange: PrivateExchange, lease: Lease) -> None:
        async for event in exchange.user_events():
            match event:
                case StreamGap():
                    log.info("user stream is live", account=self._account, connector=self._connector)
                    self._is_listening = True
                    self._sweep_now.set()
                case BalancesChanged(balances):
                    await self._balances.heard(lease, balances)
                case OrderReport() | Fill():
                    await self._recorder.heard(self._account, self._connector, event)

    async def _look_after(self, exchange: PrivateExchange, lease: Lease) -> None:
        swept_at = self._clock()
        while True:
            full = self._sweep_now.is_set() or (self._clock() - swept_at).total_seconds() >= FULL_SWEEP_EVERY_S
            self._sweep_now.clear()
            if full:
                swept_at = self._clock()
                await self._balances.refresh(lease, exchange)
            await self._reconcile(exchange, full=full)
            if full and self._is_listening:
                await self._live.mark(lease, self._account, self._connector)
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._sweep_now.wait()
            except TimeoutError:
                continue

    async def _reconcile(self, exchange: PrivateExchange, *, full: bool) -> None:
        for order in await self._recorder.unsettled(self._account, self._connector):
            if full or self._needs_a_look(order):
                await self._look_up(order, exchange)

    async def _look_up(self, order: Order, exchange: PrivateExchange) -> None:
        try:
            await reconcile(order, exchange, self._recorder, self._clock)
        except ExchangeError as error:
            log.warning("order not looked up", client_order_id=order.client_order_id, error=error.detail)

    def _needs_a_look(self, order: Order) -> bool:
        unclear = order.status in _UNCLEAR or order.misses_fills
        return unclear and self._clock() - order.updated_at > GIVE_THE_STREAM
