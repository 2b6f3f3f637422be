"""What the owner of one account at one connector does, for as long as it holds the lease."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from aviary_common import context, logs
from aviary_common.cancelling import end, together
from aviary_common.leases import Lease
from aviary_common.timestamps import utc_now
from aviary_exchange.errors import ExchangeError
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import BalancesChanged, Fill, OrderReport, PositionsChanged, StreamGap, UserEvent
from aviary_trading.fills.fees import FeePricer
from aviary_trading.orders.reconcile import Reconciler
from aviary_trading.orders.record import Order
from aviary_trading.orders.recorder import Recorder
from aviary_trading.pace import Pace
from aviary_trading.perpetuals.keeper import PerpetualKeeper
from aviary_trading.safety.enforcer import HaltEnforcer
from aviary_trading.sessions.balance_keeper import BalanceKeeper
from aviary_trading.sessions.figures import Pulse, Pulses
from aviary_trading.sessions.live import LiveSessions
from aviary_trading.venues import Key, Venues

log = logs.get(__name__)

FEW: Final = 3
"""So many orders of a pair are looked up one by one; more are compared with the list of open orders, which costs the
venue's budget about as much."""
AGAIN_AFTER: Final = 1 / 6
"""Of the time between two sweeps, after one that the venue did not answer to."""
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Keepers:
    """Who keeps what of this account; ``perpetuals`` where there are positions."""

    balances: BalanceKeeper
    fees: FeePricer
    halts: HaltEnforcer
    perpetuals: PerpetualKeeper | None


class Session:
    def __init__(
        self,
        key: Key,
        *,
        venues: Venues,
        recorder: Recorder,
        reconciler: Reconciler,
        keepers: Keepers,
        live: LiveSessions,
        pulses: Pulses,
        pace: Pace,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._key = key
        self._venues = venues
        self._recorder = recorder
        self._reconciler = reconciler
        self._keep = keepers
        self._live = live
        self._pulses = pulses
        self._pulse = Pulse(key[1])
        self._pace = pace
        self._clock = clock
        self._sweep_now = asyncio.Event()
        self._is_stale = asyncio.Event()
        self._live_since: datetime | None = None

    async def run(self, lease: Lease) -> None:
        """Reconciles first: what happened while nobody listened is fetched before anything else is believed."""
        exchange = await self._venues.private(*self._key)
        self._live_since = None
        self._sweep_now.set()
        works = [
            self._follow(exchange),
            self._look_after(exchange, lease),
            self._keep.balances.show_forever(lease),
            self._keep.balances.tell_forever(),
        ]
        if self._keep.perpetuals is not None:
            works.append(self._keep.perpetuals.watch_forever(exchange))
        try:
            with self._pulses.of(self._key) as self._pulse:
                await together(*works)
        finally:
            await self._live.unmark(*self._key)

    async def _follow(self, exchange: PrivateExchange) -> None:
        """Listen, and begin anew with a fresh connection when the stream turns out to be silent about orders."""
        while True:
            self._is_stale.clear()
            listening = asyncio.create_task(self._listen(exchange))
            stale = asyncio.create_task(self._is_stale.wait())
            try:
                await asyncio.wait({listening, stale}, return_when=asyncio.FIRST_COMPLETED)
                if listening.done():
                    return listening.result()
            finally:
                await end(listening, stale)
            self._pulse.is_live = False
            log.warning("user stream is stale and is replaced", account=self._key[0], connector=self._key[1])

    async def _listen(self, exchange: PrivateExchange) -> None:
        async for event in exchange.user_events():
            await self._hear(event)

    async def _hear(self, event: UserEvent) -> None:
        self._pulse.heard()
        match event:
            case StreamGap():
                self._pulse.live()
                log.info("user stream is live", account=self._key[0], connector=self._key[1])
                self._live_since = self._clock()
                self._sweep_now.set()
            case BalancesChanged(balances):
                self._keep.balances.heard(balances)
                self._margin_moved()
            case PositionsChanged():
                self._margin_moved()
            case OrderReport() | Fill():
                with context.about(client_order_id=event.client_order_id):
                    await self._recorder.heard(*self._key, event)

    def _margin_moved(self) -> None:
        """By a trade, or by funding, which moves balances only."""
        if self._keep.perpetuals is not None:
            self._keep.perpetuals.heard()

    async def _look_after(self, exchange: PrivateExchange, lease: Lease) -> None:
        swept_at = LONG_AGO
        while True:
            full = self._sweep_now.is_set() or (self._clock() - swept_at).total_seconds() >= self._pace.sweep_every_s
            self._sweep_now.clear()
            if full:
                swept_at = self._clock()
                listening = self._live_since
                complete = await self._sweep(exchange, lease)
                if complete and listening is not None:
                    await self._live.mark(lease, *self._key)
                if not complete:
                    swept_at -= timedelta(seconds=self._pace.sweep_every_s * (1 - AGAIN_AFTER))
            else:
                await self._clear_up(exchange)
            await self._keep.halts.enforce(self._key)
            try:
                async with asyncio.timeout(self._pace.look_every_s):
                    await self._sweep_now.wait()
            except TimeoutError:
                continue

    async def _sweep(self, exchange: PrivateExchange, lease: Lease) -> bool:
        """Compare everything that may still change with the venue; whether the venue answered to all of it."""
        orders = await self._recorder.unsettled(*self._key)
        reports = await self._open_at_venue(orders, exchange)
        compared = [await self._compare(order, reports.get(order.client_order_id), exchange) for order in orders]
        known = await self._keep.balances.refresh(lease, exchange)
        await self._keep.fees.refresh()
        if self._keep.perpetuals is not None:
            self._keep.perpetuals.heard()
        return known and all(compared)

    async def _clear_up(self, exchange: PrivateExchange) -> None:
        """Between two sweeps, only what neither its sender nor the stream has cleared in time."""
        for order in await self._recorder.unclear(*self._key, self._clock() - self._pace.stream_grace):
            await self._compare(order, None, exchange)

    async def _open_at_venue(self, orders: list[Order], exchange: PrivateExchange) -> Mapping[str, OrderReport]:
        """By client order id, of pairs with many orders; what is missing is looked up by itself."""
        of_pair: dict[str, int] = defaultdict(int)
        for order in orders:
            of_pair[order.trading_pair] += 1
        reports: dict[str, OrderReport] = {}
        for trading_pair in (pair for pair, count in of_pair.items() if count > FEW):
            try:
                reports |= {report.client_order_id: report for report in await exchange.open_orders(trading_pair)}
            except ExchangeError as error:
                log.warning("open orders not read", trading_pair=trading_pair, error=error.detail)
        return reports

    async def _compare(self, order: Order, report: OrderReport | None, exchange: PrivateExchange) -> bool:
        """Whether the venue answered."""
        with context.about(client_order_id=order.client_order_id):
            return await self._compare_with(order, report, exchange)

    async def _compare_with(self, order: Order, report: OrderReport | None, exchange: PrivateExchange) -> bool:
        try:
            report = report or await exchange.order(order.trading_pair, order.client_order_id)
            if report is None:
                await self._reconciler.not_at_venue(order)
                return True
            seen = await self._reconciler.take_over(order, report, exchange)
        except ExchangeError as error:
            log.warning("order not looked up", error=error.detail)
            return False
        if seen.version > order.version and self._stream_should_have_told(report):
            self._is_stale.set()
        return True

    def _stream_should_have_told(self, report: OrderReport) -> bool:
        """It was live when the venue changed the order, and has had the time to say so."""
        grace = self._pace.stream_grace
        return (
            self._live_since is not None
            and report.at > self._live_since + grace
            and self._clock() - report.at > grace + grace
        )
