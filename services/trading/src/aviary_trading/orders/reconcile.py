"""Finding out what became of orders, by asking the venue for them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from aviary_common import logs
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import Fill, OrderReport, VenueOrderState
from aviary_trading.orders.record import Order
from aviary_trading.orders.recorder import Recorder
from aviary_trading.orders.states import OrderState

log = logs.get(__name__)

MAY_STILL_ARRIVE: Final = timedelta(seconds=30)
"""How long a request may still be under way to the venue after its intent was written. Requests are given up
after 10 s and their signatures last 10 s more, so an order that the venue does not know after this time never reached
it. Venues also answer look-ups from copies that lag a little: a younger order that they miss is asked for again."""
LOOK_BACK: Final = timedelta(hours=1)
"""How much the venue's clock may be behind ours when fills are asked for."""

_NEVER_ARRIVED: Final = frozenset({OrderState.PENDING_CREATE, OrderState.PENDING_CANCEL})


async def reconcile(order: Order, exchange: PrivateExchange, recorder: Recorder, now: Callable[[], datetime]) -> Order:
    """One look-up by client order id, and the fills that are missing. Raises what the exchange raises."""
    report = await exchange.order(order.trading_pair, order.client_order_id)
    if report is None:
        return await _not_at_venue(order, recorder, now())
    seen = await recorder.seen(order, report, await _missing_fills(order, report, exchange))
    if seen.status is OrderState.PENDING_CANCEL and now() - seen.updated_at > MAY_STILL_ARRIVE:
        return await recorder.reopened(seen)
    return seen


async def _missing_fills(order: Order, report: OrderReport, exchange: PrivateExchange) -> Sequence[Fill]:
    if report.filled_amount <= order.filled_amount:
        return []
    fills = await exchange.fills(
        order.trading_pair, since=order.created_at - LOOK_BACK, order_id=report.exchange_order_id
    )
    return [fill for fill in fills if fill.exchange_order_id == report.exchange_order_id]


async def _not_at_venue(order: Order, recorder: Recorder, now: datetime) -> Order:
    if now - order.updated_at < MAY_STILL_ARRIVE:
        return order
    if order.exchange_order_id is None and order.status in _NEVER_ARRIVED:
        return await recorder.failed(order, "The order never reached the venue.")
    log.warning("venue forgot an order", client_order_id=order.client_order_id, status=order.status)
    return await recorder.seen(order, _forgotten(order, now))


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
