"""The WebSocket API's names for REST routes."""

from aviary_sandbox_exchange.http.endpoints import Endpoint, Routes
from aviary_sandbox_exchange.pairs import Side

SPOT = {
    "ping": "GET /api/v3/ping",
    "time": "GET /api/v3/time",
    "exchangeInfo": "GET /api/v3/exchangeInfo",
    "depth": "GET /api/v3/depth",
    "trades.recent": "GET /api/v3/trades",
    "trades.aggregate": "GET /api/v3/aggTrades",
    "klines": "GET /api/v3/klines",
    "uiKlines": "GET /api/v3/uiKlines",
    "avgPrice": "GET /api/v3/avgPrice",
    "ticker.24hr": "GET /api/v3/ticker/24hr",
    "ticker.price": "GET /api/v3/ticker/price",
    "ticker.book": "GET /api/v3/ticker/bookTicker",
    "order.place": "POST /api/v3/order",
    "order.test": "POST /api/v3/order/test",
    "order.status": "GET /api/v3/order",
    "order.cancel": "DELETE /api/v3/order",
    "openOrders.status": "GET /api/v3/openOrders",
    "openOrders.cancelAll": "DELETE /api/v3/openOrders",
    "allOrders": "GET /api/v3/allOrders",
    "myTrades": "GET /api/v3/myTrades",
    "account.status": "GET /api/v3/account",
    "account.commission": "GET /api/v3/account/commission",
    "account.rateLimits.orders": "GET /api/v3/rateLimit/order",
}

FUTURES = {
    "depth": "GET /fapi/v1/depth",
    "ticker.price": "GET /fapi/v1/ticker/price",
    "ticker.book": "GET /fapi/v1/ticker/bookTicker",
    "order.place": "POST /fapi/v1/order",
    "order.status": "GET /fapi/v1/order",
    "order.cancel": "DELETE /fapi/v1/order",
    "account.balance": "GET /fapi/v2/balance",
    "v2/account.balance": "GET /fapi/v3/balance",
    "account.status": "GET /fapi/v2/account",
    "v2/account.status": "GET /fapi/v3/account",
    "account.position": "GET /fapi/v2/positionRisk",
    "v2/account.position": "GET /fapi/v3/positionRisk",
}


def api_methods(routes: Routes) -> dict[Side, dict[str, Endpoint]]:
    return {"spot": _endpoints(SPOT, routes), "futures": _endpoints(FUTURES, routes)}


def _endpoints(names: dict[str, str], routes: Routes) -> dict[str, Endpoint]:
    endpoints = {}
    for name, route in names.items():
        method, _, path = route.partition(" ")
        endpoints[name] = routes[method, path]
    return endpoints
