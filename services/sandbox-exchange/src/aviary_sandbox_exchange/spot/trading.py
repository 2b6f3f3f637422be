"""Spot orders."""

from aviary_sandbox_exchange.engine.filters import check_spot
from aviary_sandbox_exchange.engine.orders import Order
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.http.params import Params
from aviary_sandbox_exchange.spot.intake import new_client_id, read_client_id, read_draft, read_response_type
from aviary_sandbox_exchange.spot.views import ack_view, cancel_view, full_view, order_view, result_view, trade_view

Json = dict[str, object]
DAY_MS = 86_400_000


def place_order(call: Call) -> Json:
    order, response = _checked(call)
    placed = call.desk.place(order)
    if response == "ACK":
        return ack_view(order)
    return result_view(order) if response == "RESULT" else full_view(order, placed.fills)


def test_order(call: Call) -> Json:
    """Checks everything and places nothing."""
    _checked(call)
    return {}


def get_order(call: Call) -> Json:
    order_id, client_id = which_order(call.params)
    symbol = call.market().pair.symbol
    order = call.desk.find(call.account, symbol, order_id=order_id, client_id=client_id)
    if order is None:
        raise VenueError(Reason.NO_SUCH_ORDER)
    return order_view(order)


def cancel_order(call: Call) -> Json:
    order_id, client_id = which_order(call.params)
    symbol = call.market().pair.symbol
    request_id = read_client_id(call.params)
    order = call.desk.find_open(call.account, symbol, order_id=order_id, client_id=client_id)
    if order is None or (order_id is not None and client_id is not None and order.client_id != client_id):
        raise VenueError(Reason.UNKNOWN_ORDER)
    call.desk.cancel(order, request_id)
    return cancel_view(order, request_id)


def open_orders(call: Call) -> list[Json]:
    symbol = call.params.find("symbol")
    if symbol is not None:
        call.desk.market(symbol)
    return [order_view(order) for order in call.desk.open_orders(call.account, symbol)]


def cancel_open_orders(call: Call) -> list[Json]:
    symbol = call.market().pair.symbol
    orders = call.desk.open_orders(call.account, symbol)
    if not orders:
        raise VenueError(Reason.UNKNOWN_ORDER)
    return [_cancelled(call, order) for order in orders]


def all_orders(call: Call) -> list[Json]:
    params = call.params
    symbol = call.market().pair.symbol
    orders = call.desk.store.history(
        call.account,
        symbol,
        from_id=params.find_integer("orderId"),
        start_ms=params.find_integer("startTime"),
        end_ms=params.find_integer("endTime"),
        limit=params.limit(500, 1_000),
    )
    return [order_view(order) for order in orders]


def my_trades(call: Call) -> list[Json]:
    params = call.params
    symbol = call.market().pair.symbol
    fills = call.desk.store.fills(
        call.account,
        symbol,
        order_id=params.find_integer("orderId"),
        from_id=params.find_integer("fromId"),
        start_ms=params.find_integer("startTime"),
        end_ms=params.find_integer("endTime"),
        limit=params.limit(500, 1_000),
    )
    return [trade_view(fill) for fill in fills]


def _checked(call: Call) -> tuple[Order, str]:
    desk = call.desk
    market = call.market()
    draft = read_draft(call.params, call.account, market.pair)
    response = read_response_type(call.params, draft.kind)
    resting = len(desk.open_orders(call.account, market.pair.symbol))
    check_spot(draft, market, resting, call.venue.clock.now_ms())
    return desk.check(draft), response


def _cancelled(call: Call, order: Order) -> Json:
    request_id = new_client_id()
    call.desk.cancel(order, request_id)
    return cancel_view(order, request_id)


def which_order(params: Params) -> tuple[int | None, str | None]:
    order_id, client_id = params.find_integer("orderId"), params.find("origClientOrderId")
    if order_id is None and client_id is None:
        raise VenueError(Reason.MISSING_EITHER, first="origClientOrderId", second="orderId")
    return order_id, client_id


def _open_weight(params: Params) -> int:
    return 6 if "symbol" in params else 80


ROUTES: Routes = {
    ("POST", "/api/v3/order"): Endpoint(place_order, "spot", 1, Security.SIGNED, places=True),
    ("POST", "/api/v3/order/test"): Endpoint(test_order, "spot", 1, Security.SIGNED),
    ("GET", "/api/v3/order"): Endpoint(get_order, "spot", 4, Security.SIGNED),
    ("DELETE", "/api/v3/order"): Endpoint(cancel_order, "spot", 1, Security.SIGNED),
    ("GET", "/api/v3/openOrders"): Endpoint(open_orders, "spot", _open_weight, Security.SIGNED),
    ("DELETE", "/api/v3/openOrders"): Endpoint(cancel_open_orders, "spot", 1, Security.SIGNED),
    ("GET", "/api/v3/allOrders"): Endpoint(all_orders, "spot", 20, Security.SIGNED),
    ("GET", "/api/v3/myTrades"): Endpoint(my_trades, "spot", 20, Security.SIGNED),
}
