"""What a report or a fill does to an order: plain rules on plain values."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Final

from aviary_exchange.types import Fill, OrderReport
from aviary_trading.orders.record import Order
from aviary_trading.orders.states import OrderState, may_move, move, seen_at_venue

EXACT_DIGITS: Final = 76
"""Twice NUMERIC's digits: a product of two stored numbers is never rounded."""
STORED_PLACES: Final = 18


def with_report(order: Order, report: OrderReport, now: datetime) -> Order:
    """Reports may arrive late, twice or out of order: the filled amount only grows and a final state stays."""
    seen = replace(
        order,
        status=seen_at_venue(order.status, report.state),
        exchange_order_id=report.exchange_order_id or order.exchange_order_id,
        venue_filled_amount=max(order.venue_filled_amount, report.filled_amount),
        error_message=report.reason if report.reason and not order.error_message else order.error_message,
    )
    return _settled(order, seen, now)


def with_fills(order: Order, fills: Sequence[Fill], now: datetime) -> Order:
    """Add fills that are not counted yet. The fee is summed in one currency; the last fill's, should they differ."""
    with localcontext(prec=EXACT_DIGITS):
        amount = sum((fill.amount for fill in fills), order.filled_amount)
        quote = sum((fill.amount * fill.price for fill in fills), order.filled_quote)
    currency = fills[-1].fee_currency if fills else order.fee_currency
    paid = sum(
        (fill.fee for fill in fills if fill.fee_currency == currency),
        order.fee_paid if order.fee_currency in {None, currency} else Decimal(0),
    )
    filled = replace(
        order,
        filled_amount=amount,
        filled_quote=quote,
        venue_filled_amount=max(order.venue_filled_amount, amount),
        fee_paid=paid,
        fee_currency=currency,
        fee_quote=_fee_quote(order, fills),
        exchange_order_id=order.exchange_order_id or (fills[-1].exchange_order_id if fills else None),
        status=_after_fills(order, amount),
    )
    return _settled(order, filled, now)


def fee_in_quote(fill: Fill) -> Decimal | None:
    """``None`` when the fee is in a third currency, whose price must be asked for."""
    base, _, quote = fill.trading_pair.partition("-")
    if fill.fee_currency == quote or not fill.fee:
        return fill.fee
    if fill.fee_currency != base:
        return None
    with localcontext(prec=EXACT_DIGITS):
        return round(fill.fee * fill.price, STORED_PLACES)


def accepted(order: Order, exchange_order_id: str, now: datetime) -> Order:
    status = OrderState.OPEN if order.status is OrderState.PENDING_CREATE else order.status
    return _settled(order, replace(order, status=status, exchange_order_id=exchange_order_id), now)


def failed(order: Order, reason: str, now: datetime) -> Order:
    """Unless the venue has shown the order meanwhile."""
    if not may_move(order.status, OrderState.FAILED):
        return order
    return _settled(order, replace(order, status=OrderState.FAILED, error_message=reason), now)


def cancelling(order: Order, now: datetime) -> Order:
    """Unless the order has ended meanwhile."""
    if not may_move(order.status, OrderState.PENDING_CANCEL):
        return order
    return _settled(order, replace(order, status=OrderState.PENDING_CANCEL), now)


def reopened(order: Order, now: datetime) -> Order:
    """The cancellation came to nothing: the order is what it was before."""
    if order.status is not OrderState.PENDING_CANCEL:
        return order
    before = OrderState.PARTIALLY_FILLED if order.filled_amount else OrderState.OPEN
    return _settled(order, replace(order, status=move(order.status, before)), now)


def _fee_quote(order: Order, fills: Sequence[Fill]) -> Decimal | None:
    parts = [order.fee_quote, *(fee_in_quote(fill) for fill in fills)]
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def _after_fills(order: Order, amount: Decimal) -> OrderState:
    if order.status in {OrderState.FILLED, OrderState.CANCELLED}:
        return order.status
    if amount >= order.amount:
        return OrderState.FILLED
    return OrderState.PARTIALLY_FILLED if amount and order.status is not OrderState.PENDING_CANCEL else order.status


def _settled(before: Order, after: Order, now: datetime) -> Order:
    settled = after.is_final and not after.misses_fills
    changed = replace(after, settled=settled)
    return changed if changed == before else replace(changed, updated_at=now)
