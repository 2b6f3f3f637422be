"""Futures orders."""

from typing import get_args

from aviary_sandbox_exchange.engine.draft import Draft
from aviary_sandbox_exchange.engine.filters import check_futures
from aviary_sandbox_exchange.engine.orders import Kind, Order, PositionSide, TimeInForce
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.futures.views import ack_view, order_view, placed_view, trade_view
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.http.params import Params
from aviary_sandbox_exchange.pairs import Pair
from aviary_sandbox_exchange.spot.intake import new_client_id, read_client_id, read_side
from aviary_sandbox_exchange.spot.trading import which_order

Json = dict[str, object]
CONDITIONAL = {"STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"}
POSITION_SIDES = get_args(PositionSide)
TIMES_IN_FORCE = ("GTC", "IOC", "FOK", "GTX")


def place_order(call: Call) -> Json:
    order, response = _checked(call)
    call.desk.place(order)
    return placed_view(order) if response == "RESULT" else ack_view(order)


def test_order(call: Call) -> Json:
    """Checks everything and places nothing."""
    return ack_view(_checked(call)[0])


def get_order(call: Call) -> Json:
    order_id, client_id = which_order(call.params)
    order = call.desk.find(call.account, call.market().pair.symbol, order_id=order_id, client_id=client_id)
    if order is None:
        raise VenueError(Reason.NO_SUCH_ORDER)
    return order_view(order)


def get_open_order(call: Call) -> Json:
    return order_view(_open_order(call, Reason.NO_SUCH_ORDER))


def cancel_order(call: Call) -> Json:
    order = _open_order(call, Reason.UNKNOWN_ORDER)
    call.desk.cancel(order)
    return placed_view(order)


def open_orders(call: Call) -> list[Json]:
    symbol = call.market().pair.symbol if "symbol" in call.params else None
    return [order_view(order) for order in call.desk.open_orders(call.account, symbol)]


def cancel_open_orders(call: Call) -> Json:
    for order in call.desk.open_orders(call.account, call.market().pair.symbol):
        call.desk.cancel(order)
    return {"code": 200, "msg": "The operation of cancel all open order is done."}


def all_orders(call: Call) -> list[Json]:
    params = call.params
    orders = call.desk.store.history(
        call.account,
        call.market().pair.symbol,
        from_id=params.find_integer("orderId"),
        start_ms=params.find_integer("startTime"),
        end_ms=params.find_integer("endTime"),
        limit=params.limit(500, 1_000),
    )
    return [order_view(order) for order in orders]


def user_trades(call: Call) -> list[Json]:
    params = call.params
    fills = call.desk.store.fills(
        call.account,
        call.market().pair.symbol if "symbol" in params else None,
        order_id=params.find_integer("orderId"),
        from_id=params.find_integer("fromId"),
        start_ms=params.find_integer("startTime"),
        end_ms=params.find_integer("endTime"),
        limit=params.limit(500, 1_000),
    )
    return [trade_view(fill) for fill in fills]


def _checked(call: Call) -> tuple[Order, str]:
    desk, market = call.desk, call.market()
    response = call.params.find("newOrderRespType") or "ACK"
    if response not in ("ACK", "RESULT"):
        raise VenueError(Reason.BAD_PARAMETER, name="newOrderRespType")
    draft = _draft(call.params, call.account, market.pair, hedges=call.venue.preferences.hedges(call.account))
    resting = len(desk.open_orders(call.account, market.pair.symbol))
    check_futures(draft, market, resting, call.venue.marks.of(market))
    return desk.check(draft, duplicate=Reason.FUTURES_DUPLICATE), response


def _draft(params: Params, account: str, pair: Pair, *, hedges: bool) -> Draft:
    position_side = _position_side(params, hedges=hedges)
    if hedges and "reduceOnly" in params:
        raise VenueError(Reason.NOT_REQUIRED, name="reduceOnly")
    kind = _kind(params)
    return Draft(
        account=account,
        pair=pair,
        side=read_side(params),
        kind=kind,
        time_in_force=_time_in_force(params, kind),
        client_id=read_client_id(params) if "newClientOrderId" in params else new_client_id(),
        price=params.amount("price") if kind == "LIMIT" else 0,
        quantity=params.amount("quantity"),
        reduce_only=params.flag("reduceOnly"),
        position_side=position_side,
    )


def _position_side(params: Params, *, hedges: bool) -> PositionSide:
    """In hedge mode an order must name its leg, and else must not."""
    value = params.find("positionSide") or "BOTH"
    if value not in POSITION_SIDES:
        raise VenueError(Reason.BAD_POSITION_SIDE)
    if (value != "BOTH") != hedges:
        raise VenueError(Reason.POSITION_SIDE_MISMATCH)
    return value  # type: ignore[return-value]


def _kind(params: Params) -> Kind:
    kind = params.text("type")
    if kind in CONDITIONAL:
        raise VenueError(Reason.CONDITIONAL_ELSEWHERE)
    if kind == "LIMIT":
        return "LIMIT"
    if kind == "MARKET":
        if "price" in params:
            raise VenueError(Reason.NOT_REQUIRED, name="price")
        return "MARKET"
    raise VenueError(Reason.BAD_ORDER_TYPE)


def _time_in_force(params: Params, kind: Kind) -> TimeInForce:
    if kind == "MARKET":
        if "timeInForce" in params:
            raise VenueError(Reason.NOT_REQUIRED, name="timeInForce")
        return "IOC"
    value = params.text("timeInForce")
    if value not in TIMES_IN_FORCE:
        raise VenueError(Reason.BAD_TIME_IN_FORCE)
    return value  # type: ignore[return-value]


def _open_order(call: Call, missing: Reason) -> Order:
    order_id, client_id = which_order(call.params)
    symbol = call.market().pair.symbol
    order = call.desk.find_open(call.account, symbol, order_id=order_id, client_id=client_id)
    if order is None:
        raise VenueError(missing)
    return order


def _open_weight(params: Params) -> int:
    return 1 if "symbol" in params else 40


ROUTES: Routes = {
    ("POST", "/fapi/v1/order"): Endpoint(place_order, "futures", 0, Security.SIGNED, places=True),
    ("POST", "/fapi/v1/order/test"): Endpoint(test_order, "futures", 0, Security.SIGNED),
    ("GET", "/fapi/v1/order"): Endpoint(get_order, "futures", 1, Security.SIGNED),
    ("GET", "/fapi/v1/openOrder"): Endpoint(get_open_order, "futures", 1, Security.SIGNED),
    ("DELETE", "/fapi/v1/order"): Endpoint(cancel_order, "futures", 1, Security.SIGNED),
    ("GET", "/fapi/v1/openOrders"): Endpoint(open_orders, "futures", _open_weight, Security.SIGNED),
    ("DELETE", "/fapi/v1/allOpenOrders"): Endpoint(cancel_open_orders, "futures", 1, Security.SIGNED),
    ("GET", "/fapi/v1/allOrders"): Endpoint(all_orders, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v1/userTrades"): Endpoint(user_trades, "futures", 5, Security.SIGNED),
}
