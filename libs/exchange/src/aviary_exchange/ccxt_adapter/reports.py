"""ccxt's structures as ours. What cannot be read raises ``ValueError``, which becomes ``VenueUnavailable``."""

from collections.abc import Mapping, Sequence

from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.raw import ZERO, Raw, instant, number, text, to_decimal
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs
from aviary_exchange.types import Balance, Fill, OrderReport, Position, PositionSide, TradeType, VenueOrderState

STATES: Mapping[str, VenueOrderState] = {
    "open": VenueOrderState.OPEN,
    "closed": VenueOrderState.FILLED,
    "canceled": VenueOrderState.CANCELLED,
    "canceling": VenueOrderState.OPEN,
    "expired": VenueOrderState.CANCELLED,
    "rejected": VenueOrderState.REJECTED,
}


def order_report(order: Raw, listing: Listing, ids: ClientIds, client_order_id: str | None = None) -> OrderReport:
    """``client_order_id`` names the order where the caller knows better than the venue's answer."""
    exchange_order_id, state = text(order, "id"), STATES.get(str(order.get("status")))
    if exchange_order_id is None or state is None:
        raise ValueError("an order without id or status")
    filled = listing.to_base(to_decimal(order.get("filled")) or ZERO)
    if state is VenueOrderState.OPEN and filled > 0:
        state = VenueOrderState.PARTIALLY_FILLED
    return OrderReport(
        client_order_id=client_order_id or ids.to_own(text(order, "clientOrderId") or ""),
        exchange_order_id=exchange_order_id,
        trading_pair=listing.trading_pair,
        state=state,
        filled_amount=filled,
        filled_quote=to_decimal(order.get("cost")) if filled else ZERO,
        at=instant(order.get("lastUpdateTimestamp") or order.get("lastTradeTimestamp") or order.get("timestamp")),
    )


def fill(trade: Raw, listing: Listing, ids: ClientIds) -> Fill:
    fee: Raw = trade.get("fee") or {}
    client_order_id = text(trade, "clientOrderId")
    return Fill(
        trade_id=str(trade["id"]),
        exchange_order_id=text(trade, "order") or "",
        client_order_id=ids.to_own(client_order_id) if client_order_id else None,
        trading_pair=listing.trading_pair,
        trade_type=TradeType(str(trade["side"]).upper()),
        amount=listing.to_base(number(trade, "amount")),
        price=number(trade, "price"),
        fee=to_decimal(fee.get("cost")) or ZERO,
        fee_currency=text(fee, "currency") or listing.settle,
        is_maker=trade.get("takerOrMaker") == "maker",
        at=instant(trade.get("timestamp")),
    )


def balances(answer: Raw) -> Sequence[Balance]:
    totals: Raw = answer.get("total") or {}
    free: Raw = answer.get("free") or {}
    found = []
    for token, raw_total in totals.items():
        total = to_decimal(raw_total)
        if total:
            available = to_decimal(free.get(token))
            found.append(Balance(token, total, total if available is None else available))
    return found


def position(raw: Raw, pairs: Pairs) -> Position | None:
    """``None`` for a flat one and for a pair that is not ours."""
    listing = pairs.of_symbol(raw.get("symbol"))
    contracts = to_decimal(raw.get("contracts"))
    if listing is None or not contracts:
        return None
    return Position(
        trading_pair=listing.trading_pair,
        side=PositionSide.SHORT if raw.get("side") == "short" or contracts < 0 else PositionSide.LONG,
        amount=abs(listing.to_base(contracts)),
        entry_price=number(raw, "entryPrice"),
        mark_price=to_decimal(raw.get("markPrice")),
        unrealized_pnl=to_decimal(raw.get("unrealizedPnl")),
        leverage=to_decimal(raw.get("leverage")),
    )
