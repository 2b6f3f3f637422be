"""Finding out what became of orders, by asking the venue for them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from aviary_common import logs
from aviary_common.timestamps import utc_now
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import Fill, OrderReport, VenueOrderState
from aviary_trading.orders.record import Order
from aviary_trading.orders.recorder import Recorder
from aviary_trading.orders.states import OrderState

log = logs.get(__name__)

LOOK_BACK: Final = timedelta(hours=1)
"""How much the venue's clock may be behind ours when fills are asked for."""

_NEVER_ARRIVED: Final = frozenset({OrderState.PENDING_CREATE, OrderState.PENDING_CANCEL})


class Reconciler:
    """``may_still_arrive`` is how long a request may be under way to the venue after its intent was written."""

    def __init__(
        self, recorder: Recorder, may_still_arrive: timedelta, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._recorder = recorder
        self._may_still_arrive = may_still_arrive
        self._clock = clock

    async def look_up(self, order: Order, exchange: PrivateExchange) -> Order:
        """One look-up by client order id, and the fills that are missing. Raises what the exchange raises."""
        report = await exchange.order(order.trading_pair, order.client_order_id)
        if report is None:
            return await self.not_at_venue(order)
        return await self.take_over(order, report, exchange)

    async def take_over(self, order: Order, report: OrderReport, exchange: PrivateExchange) -> Order:
        """What the venue says of the order now, and the fills that are missing."""
        seen = await self._recorder.seen(order, report, await _missing_fills(order, report, exchange))
        if seen.status is OrderState.PENDING_CANCEL and self._clock() - seen.updated_at > self._may_still_arrive:
            return await self._recorder.reopened(seen)
        return seen

    async def not_at_venue(self, order: Order) -> Order:
        """The venue has proved that it does not know the order."""
        now = self._clock()
        if now - order.updated_at < self._may_still_arrive:
            return order
        if order.exchange_order_id is None and order.status in _NEVER_ARRIVED:
            return await self._recorder.failed(order, "The order never reached the venue.")
        log.warning("venue forgot an order", client_order_id=order.client_order_id, status=order.status)
        return await self._recorder.seen(order, _forgotten(order, now))


async def _missing_fills(order: Order, report: OrderReport, exchange: PrivateExchange) -> Sequence[Fill]:
    if report.filled_amount <= order.filled_amount:
        return []
    fills = await exchange.fills(
        order.trading_pair, since=order.created_at - LOOK_BACK, order_id=report.exchange_order_id
    )
    return [fill for fill in fills if fill.exchange_order_id == report.exchange_order_id]


def _forgotten(order: Order, now: datetime) -> OrderReport:
    """Venues drop old orders from their books' records; what they no longer know is not open any more."""
    return OrderReport(
        client_order_id=order.client_order_id,
        exchange_order_id=order.exchange_order_id or "",
        trading_pair=order.trading_pair,
        state=VenueOrderState.CANCELLED,
        filled_amount=order.filled_amount,
        filled_quote=order.filled_quote,
        at=now,
        reason="The venue no longer knows the order.",
    )
