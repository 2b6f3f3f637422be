"""Stored orders, fills and balances in the words of the port."""

from collections.abc import Iterable, Mapping

from aviary_exchange.types import Balance, Fill, OrderReport, UserEvent, VenueOrderState
from aviary_trading.paper.records import ZERO, Holding, PaperFill, PaperOrder, PaperState
from aviary_trading.paper.settle import Change


def report(order: PaperOrder) -> OrderReport:
    return OrderReport(
        client_order_id=order.client_order_id,
        exchange_order_id=str(order.id),
        trading_pair=order.trading_pair,
        state=_state(order),
        filled_amount=order.filled_amount,
        filled_quote=order.filled_quote,
        at=order.updated_at,
        reason=order.reason,
    )


def fill(order: PaperOrder, item: PaperFill) -> Fill:
    return Fill(
        trade_id=item.trade_id,
        exchange_order_id=str(order.id),
        client_order_id=order.client_order_id,
        trading_pair=order.trading_pair,
        trade_type=order.trade_type,
        amount=item.amount,
        price=item.price,
        fee=item.fee,
        fee_currency=item.fee_currency,
        is_maker=item.is_maker,
        at=item.at,
    )


def balances(held: Mapping[str, Holding]) -> list[Balance]:
    """Only what is not zero."""
    return [balance(token, holding) for token, holding in sorted(held.items()) if holding.total]


def moved(before: Mapping[str, Holding], after: Mapping[str, Holding]) -> list[Balance]:
    nothing = Holding(ZERO)
    tokens = sorted(before.keys() | after.keys())
    return [
        balance(token, after.get(token, nothing))
        for token in tokens
        if before.get(token, nothing) != after.get(token, nothing)
    ]


def balance(token: str, held: Holding) -> Balance:
    return Balance(token, held.total, held.available)


def events(changes: Iterable[Change]) -> list[UserEvent]:
    """A longer way in the queue is nobody's business."""
    told: list[UserEvent] = []
    for change in changes:
        told.extend(fill(change.after, item) for item in change.fills)
        if change.fills or change.after.state is PaperState.CANCELLED:
            told.append(report(change.after))
    return told


def _state(order: PaperOrder) -> VenueOrderState:
    match order.state:
        case PaperState.FILLED:
            return VenueOrderState.FILLED
        case PaperState.CANCELLED:
            return VenueOrderState.CANCELLED
        case PaperState.NEW | PaperState.RESTING:
            return VenueOrderState.PARTIALLY_FILLED if order.filled_amount else VenueOrderState.OPEN
