"""``/trading``: place, cancel, list."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from aviary_common.access.accounts import AllowedAccount
from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_common.http.pages import json_page
from aviary_common.models import Name
from aviary_common.pagination import Page
from aviary_trading.filters import ListFilter
from aviary_trading.orders.lists import OrderLists
from aviary_trading.orders.schemas import (
    Message,
    OrderFilter,
    OrderOut,
    OrderPlaced,
    PlaceOrder,
    TradeFilter,
    TradeOut,
)
from aviary_trading.orders.service import Orders
from aviary_trading.orders.states import OrderState

router = APIRouter(prefix="/trading", tags=["Trading"])


async def orders_of(request: Request) -> Orders:
    orders: Orders = request.app.state.orders
    return orders


async def lists_of(request: Request) -> OrderLists:
    lists: OrderLists = request.app.state.order_lists
    return lists


OrdersDep = Annotated[Orders, Depends(orders_of)]
ListsDep = Annotated[OrderLists, Depends(lists_of)]


@router.post(
    "/orders",
    status_code=201,
    operation_id="place_order",
    responses=refusals(NotFound, Conflict)
    | {202: {"model": OrderPlaced, "description": "Whether the venue has the order is being found out"}},
)
async def place_order(request: PlaceOrder, orders: OrdersDep, response: Response) -> OrderPlaced:
    """Place an order; repeating the same client order id returns the same order."""
    order = await orders.place(request)
    if order.status is OrderState.PENDING_CREATE:
        response.status_code = 202
    return OrderPlaced.of(order)


@router.post(
    "/{account_name}/{connector_name}/orders/{client_order_id}/cancel",
    operation_id="cancel_order",
    responses=refusals(BadRequest, NotFound, Conflict)
    | {202: {"model": Message, "description": "Whether the venue cancelled the order is being found out"}},
)
async def cancel_order(
    account_name: AllowedAccount, connector_name: Name, client_order_id: str, orders: OrdersDep, response: Response
) -> Message:
    """Cancel an order; cancelling it again is harmless."""
    order = await orders.cancel(account_name, connector_name, client_order_id)
    if not order.is_final:
        response.status_code = 202
    return Message(message=f"Order {client_order_id} is {order.status}.")


@router.post("/orders/active", operation_id="list_active_orders", response_model=Page[OrderOut])
async def list_active_orders(lists: ListsDep, wanted: ListFilter | None = None) -> Response:
    """Orders that may still be filled, oldest first."""
    page = await lists.active(wanted or ListFilter())
    return json_page(page, (row.item for row in page.rows))


@router.post("/orders/search", operation_id="search_orders", response_model=Page[OrderOut])
async def search_orders(lists: ListsDep, wanted: OrderFilter | None = None) -> Response:
    """All orders, newest first."""
    page = await lists.search(wanted or OrderFilter())
    return json_page(page, (row.item for row in page.rows))


@router.post("/trades", operation_id="list_trades", response_model=Page[TradeOut])
async def list_trades(lists: ListsDep, wanted: TradeFilter | None = None) -> Response:
    """Executions, newest first."""
    page = await lists.trades(wanted or TradeFilter())
    return json_page(page, (row.item for row in page.rows))
