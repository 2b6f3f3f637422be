"""How an order goes out: ccxt's arguments and, per venue, what the client order id is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aviary_exchange.catalogue import Connector
from aviary_exchange.ccxt_adapter.client_ids import ClientIds
from aviary_exchange.ccxt_adapter.legs import position_params
from aviary_exchange.ccxt_adapter.raw import plain
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.types import NewOrder, OrderType, TimeInForce


@dataclass(frozen=True, slots=True)
class IdParams:
    """The parameter that takes a client order id; ``None`` where the venue (or ccxt) has none."""

    look_up: str | None
    cancel: str | None


ID_PARAMS: Mapping[str, IdParams] = {
    "binance": IdParams("origClientOrderId", "origClientOrderId"),
    "binanceusdm": IdParams("origClientOrderId", "origClientOrderId"),
    "bitget": IdParams("clientOrderId", "clientOrderId"),
    "bingx": IdParams(None, "clientOrderId"),
    "bitstamp": IdParams("clientOrderId", None),
    "bybit": IdParams(None, "orderLinkId"),
    "htx": IdParams("clientOrderId", "clientOrderId"),
    "hyperliquid": IdParams("clientOrderId", "clientOrderId"),
    "kraken": IdParams(None, "clientOrderId"),
    "kucoin": IdParams("clientOid", "clientOid"),
    "kucoinfutures": IdParams("clientOid", "clientOid"),
    "mexc": IdParams("clientOrderId", "clientOrderId"),
    "myokx": IdParams("clOrdId", "clOrdId"),
    "okx": IdParams("clOrdId", "clOrdId"),
    "okxus": IdParams("clOrdId", "clOrdId"),
}
NO_ID_PARAMS = IdParams(None, None)
PLACING_ID_PARAMS: Mapping[str, str] = {"coinbase": "client_order_id"}
"""ccxt's unified ``clientOrderId`` does not reach these venues: ccxt would send an id of its own."""

BUYS_BY_COST = frozenset({"bitget", "coinbase", "gate", "htx", "woo"})
"""Spot venues whose market buy takes an amount of quote: ccxt multiplies, and needs a price to do so."""


@dataclass(frozen=True, slots=True)
class OrderArguments:
    symbol: str
    type: str
    side: str
    amount: str
    price: str | None
    params: Mapping[str, Any]


def needs_price_for_market_buy(ccxt_id: str, connector: Connector, order: NewOrder) -> bool:
    return (
        order.order_type is OrderType.MARKET
        and order.trade_type == "BUY"
        and not connector.is_perpetual
        and ccxt_id in BUYS_BY_COST
    )


def order_arguments(
    order: NewOrder, listing: Listing, ids: ClientIds, *, ccxt_id: str, is_perpetual: bool
) -> OrderArguments:
    params: dict[str, Any] = {PLACING_ID_PARAMS.get(ccxt_id, "clientOrderId"): ids.to_venue(order.client_order_id)}
    if order.order_type is OrderType.LIMIT_MAKER:
        params["postOnly"] = True
    if order.order_type is OrderType.LIMIT and order.time_in_force not in (None, TimeInForce.GTC):
        params["timeInForce"] = order.time_in_force.value
    if is_perpetual:
        params |= position_params(order, ccxt_id)
    return OrderArguments(
        symbol=listing.symbol,
        type="market" if order.order_type is OrderType.MARKET else "limit",
        side=order.trade_type.value.lower(),
        amount=plain(listing.to_contracts(order.amount)),
        price=None if order.price is None or order.order_type is OrderType.MARKET else plain(order.price),
        params=params,
    )
