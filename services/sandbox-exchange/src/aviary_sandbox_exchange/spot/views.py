"""Spot orders and fills as JSON."""

from aviary_sandbox_exchange.engine.orders import Fill, Order
from aviary_sandbox_exchange.units import fixed

Json = dict[str, object]


def order_view(order: Order) -> Json:
    """As GET /api/v3/order answers."""
    return {
        "symbol": order.pair.symbol,
        "orderId": order.id,
        "orderListId": -1,
        "clientOrderId": order.client_id,
        "price": fixed(order.price),
        "origQty": fixed(order.quantity),
        "executedQty": fixed(order.filled),
        "cummulativeQuoteQty": fixed(order.filled_quote),
        "status": order.status,
        "timeInForce": shown_time_in_force(order),
        "type": order.kind,
        "side": order.side,
        "stopPrice": "0.00000000",
        "icebergQty": "0.00000000",
        "time": order.created_ms,
        "updateTime": order.updated_ms,
        "isWorking": True,
        "workingTime": order.created_ms,
        "origQuoteOrderQty": fixed(order.quote_quantity),
        "selfTradePreventionMode": "NONE",
    }


def ack_view(order: Order) -> Json:
    return {
        "symbol": order.pair.symbol,
        "orderId": order.id,
        "orderListId": -1,
        "clientOrderId": order.client_id,
        "transactTime": order.updated_ms,
    }


def result_view(order: Order) -> Json:
    return {
        **ack_view(order),
        "price": fixed(order.price),
        "origQty": fixed(order.quantity),
        "executedQty": fixed(order.filled),
        "origQuoteOrderQty": fixed(order.quote_quantity),
        "cummulativeQuoteQty": fixed(order.filled_quote),
        "status": order.status,
        "timeInForce": shown_time_in_force(order),
        "type": order.kind,
        "side": order.side,
        "workingTime": order.created_ms,
        "selfTradePreventionMode": "NONE",
    }


def full_view(order: Order, fills: list[Fill]) -> Json:
    return {**result_view(order), "fills": [_fill_of_order(fill) for fill in fills]}


def cancel_view(order: Order, request_id: str) -> Json:
    """The cancel's own id comes as ``clientOrderId``, the order's as ``origClientOrderId``."""
    return {**result_view(order), "origClientOrderId": order.client_id, "clientOrderId": request_id}


def trade_view(fill: Fill) -> Json:
    """As GET /api/v3/myTrades answers."""
    return {
        "symbol": fill.pair.symbol,
        "id": fill.trade_id,
        "orderId": fill.order_id,
        "orderListId": -1,
        "price": fixed(fill.price),
        "qty": fixed(fill.quantity),
        "quoteQty": fixed(fill.quote),
        "commission": fixed(fill.commission),
        "commissionAsset": fill.commission_asset,
        "time": fill.time_ms,
        "isBuyer": fill.side == "BUY",
        "isMaker": fill.is_maker,
        "isBestMatch": True,
    }


def shown_time_in_force(order: Order) -> str:
    """Market and post-only orders have none of their own; Binance shows GTC."""
    return order.time_in_force if order.kind == "LIMIT" else "GTC"


def _fill_of_order(fill: Fill) -> Json:
    return {
        "price": fixed(fill.price),
        "qty": fixed(fill.quantity),
        "commission": fixed(fill.commission),
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }
