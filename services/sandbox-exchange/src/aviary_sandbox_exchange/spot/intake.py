"""From parameters to a draft: which must be there, which must not, and how fine they may be."""

import re
import secrets
import string
from typing import get_args

from aviary_sandbox_exchange.engine.draft import Draft
from aviary_sandbox_exchange.engine.orders import Kind, OrderSide, TimeInForce
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.http.params import Params
from aviary_sandbox_exchange.pairs import Pair

CLIENT_ID_RANGE = "^[a-zA-Z0-9-_]{1,36}$"
CLIENT_ID = re.compile(r"^[.A-Za-z0-9_:/-]{1,36}$")
ALPHABET = string.ascii_letters + string.digits
KINDS = get_args(Kind)
UNOFFERED_KINDS = {"STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"}
TIMES_IN_FORCE = ("GTC", "IOC", "FOK")
RESPONSES = ("ACK", "RESULT", "FULL")


def new_client_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(22))


def read_client_id(params: Params, name: str = "newClientOrderId") -> str:
    client_id = params.find(name)
    if client_id is None:
        return new_client_id()
    if not CLIENT_ID.match(client_id):
        raise VenueError(Reason.ILLEGAL_CHARACTERS, name=name, legal=CLIENT_ID_RANGE)
    return client_id


def read_side(params: Params) -> OrderSide:
    side = params.text("side")
    if side == "BUY":
        return "BUY"
    if side == "SELL":
        return "SELL"
    raise VenueError(Reason.BAD_SIDE)


def read_response_type(params: Params, kind: Kind) -> str:
    """FULL for what may fill at once, ACK for LIMIT_MAKER, unless asked for."""
    wanted = params.find("newOrderRespType") or ("ACK" if kind == "LIMIT_MAKER" else "FULL")
    if wanted not in RESPONSES:
        raise VenueError(Reason.BAD_PARAMETER, name="newOrderRespType")
    return wanted


def read_draft(params: Params, account: str, pair: Pair) -> Draft:
    side = read_side(params)
    kind = _kind(params)
    time_in_force = _time_in_force(params, kind)
    quote_quantity = params.find_amount("quoteOrderQty") or 0
    if kind != "MARKET":
        params.text("price")
        params.text("quantity")
    if quote_quantity and (kind != "MARKET" or "quantity" in params):
        raise VenueError(Reason.BAD_COMBINATION)
    if kind == "MARKET":
        if not quote_quantity and "quantity" not in params:
            raise VenueError(Reason.MISSING_EITHER, first="quantity", second="quoteOrderQty")
        if "price" in params:
            raise VenueError(Reason.NOT_REQUIRED, name="price")
    if (params.find("selfTradePreventionMode") or "NONE") != "NONE":
        raise VenueError(Reason.BAD_PARAMETER, name="selfTradePreventionMode")
    return Draft(
        account=account,
        pair=pair,
        side=side,
        kind=kind,
        time_in_force=time_in_force,
        client_id=read_client_id(params),
        price=_positive(params, "price"),
        quantity=_positive(params, "quantity"),
        quote_quantity=quote_quantity,
    )


def _positive(params: Params, name: str) -> int:
    value = params.find_amount(name)
    if value is None:
        return 0
    if value == 0:
        raise VenueError(Reason.INVALID_QUANTITY if name == "quantity" else Reason.INVALID_PRICE)
    return value


def _kind(params: Params) -> Kind:
    kind = params.text("type")
    if kind not in KINDS:
        raise VenueError(Reason.BAD_ORDER_TYPE)
    return kind  # type: ignore[return-value]


def _time_in_force(params: Params, kind: Kind) -> TimeInForce:
    value = params.find("timeInForce")
    if kind != "LIMIT":
        if value is not None and not (kind == "LIMIT_MAKER" and value == "GTC"):
            raise VenueError(Reason.NOT_REQUIRED, name="timeInForce")
        return "GTC" if kind == "LIMIT_MAKER" else "IOC"
    value = params.text("timeInForce")
    if value not in TIMES_IN_FORCE:
        raise VenueError(Reason.BAD_TIME_IN_FORCE)
    return value  # type: ignore[return-value]
