"""Binance's user data stream, read from its own messages: exact, and every execution by itself.

ccxt keeps orders in a cache that merges two executions into one update, and adds fees up as floats.
"""

from collections.abc import Mapping, Sequence

from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.raw import ZERO, Raw, instant, number, text, to_decimal
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs
from aviary_exchange.types import (
    Balance,
    BalancesChanged,
    Fill,
    OrderReport,
    PositionsChanged,
    TradeType,
    UserEvent,
    VenueOrderState,
)

STATES: Mapping[str, VenueOrderState] = {
    "NEW": VenueOrderState.OPEN,
    "PENDING_NEW": VenueOrderState.OPEN,
    "PENDING_CANCEL": VenueOrderState.OPEN,
    "PARTIALLY_FILLED": VenueOrderState.PARTIALLY_FILLED,
    "FILLED": VenueOrderState.FILLED,
    "CANCELED": VenueOrderState.CANCELLED,
    "EXPIRED": VenueOrderState.CANCELLED,
    "EXPIRED_IN_MATCH": VenueOrderState.CANCELLED,
    "REJECTED": VenueOrderState.REJECTED,
}


EXECUTIONS = frozenset({"TRADE", "CALCULATED"})
"""A trade; one by which the venue liquidates."""


def unwrapped(message: Raw) -> Raw:
    """Events come bare, inside ``event`` (WebSocket API) or inside ``data`` (combined streams)."""
    for wrapper in ("event", "data"):
        if isinstance(message.get(wrapper), dict):
            return unwrapped(message[wrapper])
    return message


def subscribed(message: Raw) -> bool:
    """The answer by which spot confirms that the user stream has begun."""
    result = message.get("result")
    return isinstance(result, dict) and result.get("subscriptionId") is not None


def user_events(event: Raw, pairs: Pairs, ids: ClientIds) -> Sequence[UserEvent]:
    """An execution's fill comes before the report that counts it."""
    match event.get("e"):
        case "executionReport":
            return _order_events(event, event, pairs, ids)
        case "ORDER_TRADE_UPDATE":
            return _order_events(event, event["o"], pairs, ids)
        case "outboundAccountPosition":
            return [BalancesChanged([_balance(entry) for entry in event["B"]])]
        case "ACCOUNT_UPDATE":
            return _positions_changed(event["a"], pairs)
        case _:
            return []


def _positions_changed(update: Raw, pairs: Pairs) -> Sequence[UserEvent]:
    listings = [pairs.of_venue_id(position["s"]) for position in update.get("P") or []]
    changed = sorted({listing.trading_pair for listing in listings if listing is not None})
    return [PositionsChanged(changed)] if changed else []


def _order_events(event: Raw, order: Raw, pairs: Pairs, ids: ClientIds) -> Sequence[UserEvent]:
    listing = pairs.of_venue_id(order["s"])
    if listing is None:
        return []
    # A cancelling request has a client id of its own; the order's stands in C then (spot only).
    client_order_id = ids.to_own(text(order, "C") or str(order["c"]))
    filled = number(order, "z")
    report = OrderReport(
        client_order_id=client_order_id,
        exchange_order_id=str(order["i"]),
        trading_pair=listing.trading_pair,
        state=STATES[str(order["X"])],
        filled_amount=filled,
        filled_quote=to_decimal(order.get("Z")) if filled else ZERO,  # futures do not tell
        at=instant(event.get("T")),
        reason=_reason(order),
    )
    if order["x"] in EXECUTIONS and number(order, "l"):
        return [_fill(event, order, listing, client_order_id), report]
    return [report]


def _fill(event: Raw, order: Raw, listing: Listing, client_order_id: str) -> Fill:
    return Fill(
        trade_id=str(order["t"]),
        exchange_order_id=str(order["i"]),
        client_order_id=client_order_id,
        trading_pair=listing.trading_pair,
        trade_type=TradeType(str(order["S"])),
        amount=number(order, "l"),
        price=number(order, "L"),
        fee=to_decimal(order.get("n")) or ZERO,
        fee_currency=text(order, "N") or listing.settle,
        is_maker=bool(order["m"]),
        at=instant(event.get("T")),
    )


def _reason(order: Raw) -> str | None:
    reason = text(order, "r")
    return None if reason in (None, "NONE", "0") else reason


def _balance(entry: Raw) -> Balance:
    free = number(entry, "f")
    return Balance(str(entry["a"]), total=free + number(entry, "l"), available=free)
