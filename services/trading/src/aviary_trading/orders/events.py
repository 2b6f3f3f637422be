"""Which events a change of an order is."""

from collections.abc import Sequence
from typing import Any

from aviary_common.bus import Event
from aviary_exchange.types import Fill
from aviary_messages.events import OrderAccepted, OrderCancelled, OrderFilled, OrderRejected, OrderUnresolved
from aviary_trading.orders.record import Order
from aviary_trading.orders.states import OrderState


def events_between(before: Order, after: Order, new_fills: Sequence[Fill]) -> list[Event]:
    """In the order in which they happened: accepted, filled, then the end."""
    plain = _plain(after)
    events: list[Event] = []
    if before.exchange_order_id is None and after.exchange_order_id and after.status is not OrderState.FAILED:
        events.append(OrderAccepted(**plain))
    events.extend(
        OrderFilled(
            **plain,
            trade_id=fill.trade_id,
            fill_amount=fill.amount,
            fill_price=fill.price,
            fee=fill.fee,
            fee_currency=fill.fee_currency,
        )
        for fill in new_fills
    )
    if after.status is not before.status:
        if after.status is OrderState.CANCELLED:
            events.append(OrderCancelled(**plain))
        elif after.status is OrderState.FAILED:
            events.append(OrderRejected(**plain, reason=after.error_message or "rejected"))
    return events


def unresolved(order: Order, reason: str) -> OrderUnresolved:
    return OrderUnresolved(**_plain(order), reason=reason)


def _plain(order: Order) -> dict[str, Any]:
    return {
        "account_name": order.account_name,
        "connector_name": order.connector_name,
        "client_order_id": order.client_order_id,
        "exchange_order_id": order.exchange_order_id,
        "trading_pair": order.trading_pair,
        "trade_type": order.trade_type.value,
        "order_type": order.order_type.value,
        "amount": order.amount,
        "price": order.price,
        "status": order.status.value,
        "filled_amount": order.filled_amount,
        "average_fill_price": order.average_fill_price,
        "at": order.updated_at,
    }
