"""Futures orders and fills as JSON."""

from aviary_sandbox_exchange.engine.orders import Fill, Order
from aviary_sandbox_exchange.units import fixed

Json = dict[str, object]


def order_view(order: Order) -> Json:
    """As GET /fapi/v1/order answers."""
    prices, quantities = order.pair.price_decimals, order.pair.quantity_decimals
    return {
        "orderId": order.id,
        "symbol": order.pair.symbol,
        "status": order.status,
        "clientOrderId": order.client_id,
        "price": fixed(order.price, prices),
        "avgPrice": fixed(order.average_price),
        "origQty": fixed(order.quantity, quantities),
        "executedQty": fixed(order.filled, quantities),
        "cumQuote": fixed(order.filled_quote),
        "timeInForce": shown_time_in_force(order),
        "type": order.kind,
        "reduceOnly": order.reduce_only,
        "closePosition": False,
        "side": order.side,
        "positionSide": order.position_side,
        "stopPrice": "0",
        "workingType": "CONTRACT_PRICE",
        "priceProtect": False,
        "origType": order.kind,
        "priceMatch": "NONE",
        "selfTradePreventionMode": "NONE",
        "goodTillDate": 0,
        "time": order.created_ms,
        "updateTime": order.updated_ms,
    }


def placed_view(order: Order) -> Json:
    """POST and DELETE answers: ``cumQty`` comes in, ``time`` goes."""
    view = order_view(order)
    del view["time"]
    return {**view, "cumQty": view["executedQty"]}


def ack_view(order: Order) -> Json:
    """An acknowledgement tells nothing of fills, even when there were some already."""
    zero = fixed(0, order.pair.quantity_decimals)
    return {
        **placed_view(order),
        "status": "NEW",
        "executedQty": zero,
        "cumQty": zero,
        "cumQuote": fixed(0),
        "avgPrice": fixed(0, 2),
    }


def trade_view(fill: Fill) -> Json:
    """As GET /fapi/v1/userTrades answers."""
    return {
        "symbol": fill.pair.symbol,
        "id": fill.trade_id,
        "orderId": fill.order_id,
        "side": fill.side,
        "price": fixed(fill.price, fill.pair.price_decimals),
        "qty": fixed(fill.quantity, fill.pair.quantity_decimals),
        "realizedPnl": fixed(fill.realised),
        "quoteQty": fixed(fill.quote),
        "commission": fixed(fill.commission),
        "commissionAsset": fill.commission_asset,
        "time": fill.time_ms,
        "positionSide": fill.position_side,
        "buyer": fill.side == "BUY",
        "maker": fill.is_maker,
    }


def shown_time_in_force(order: Order) -> str:
    return order.time_in_force if order.kind == "LIMIT" else "GTC"
