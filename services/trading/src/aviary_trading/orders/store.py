"""The queries on orders."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, Insert, Row, Select, Update, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_exchange.types import Fill, OrderReport, OrderType, PositionAction, TradeType
from aviary_trading.orders.record import Intent, Order
from aviary_trading.orders.states import OrderState
from aviary_trading.orders.tables import order

ZERO = Decimal(0)


def to_order(row: Row[Any]) -> Order:
    values = dict(row._mapping)
    values["trade_type"] = TradeType(values["trade_type"])
    values["order_type"] = OrderType(values["order_type"])
    values["position_action"] = PositionAction(values["position_action"])
    values["status"] = OrderState(values["status"])
    return Order(**values)


_WRITE_INTENT = insert(order).on_conflict_do_nothing(constraint="trading_order_client_id").returning(order.c.id)


async def write_intent(connection: AsyncConnection, intent: Intent, now: datetime) -> Order | None:
    """The new order, or ``None`` when its client order id is taken."""
    values = {
        **asdict(intent),
        "exchange_order_id": None,
        "status": OrderState.PENDING_CREATE,
        "filled_amount": ZERO,
        "filled_quote": ZERO,
        "venue_filled_amount": ZERO,
        "fee_paid": ZERO,
        "fee_currency": None,
        "error_message": None,
        "settled": False,
        "version": 0,
        "created_at": now,
        "updated_at": now,
    }
    order_id = await connection.scalar(_WRITE_INTENT, values)
    return None if order_id is None else Order(id=order_id, **values)


async def find(
    connection: AsyncConnection, account_name: str, connector_name: str, client_order_id: str
) -> Order | None:
    query = select(order).where(
        order.c.account_name == account_name,
        order.c.connector_name == connector_name,
        order.c.client_order_id == client_order_id,
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else to_order(row)


async def lock(connection: AsyncConnection, order_id: int) -> Order:
    """The order, held against other writers until the transaction ends."""
    return to_order((await connection.execute(select(order).where(order.c.id == order_id).with_for_update())).one())


async def find_by_news(
    connection: AsyncConnection, account_name: str, connector_name: str, news: OrderReport | Fill
) -> Order | None:
    """The order that a report or fill is about; a venue's order ids are unique for one pair only."""
    query = select(order).where(
        order.c.account_name == account_name,
        order.c.connector_name == connector_name,
        order.c.trading_pair == news.trading_pair,
        (order.c.client_order_id == news.client_order_id) | (order.c.exchange_order_id == news.exchange_order_id),
    )
    row = (await connection.execute(query.limit(1))).one_or_none()
    return None if row is None else to_order(row)


async def save(connection: AsyncConnection, before: Order, after: Order) -> Order:
    """Write what can change; the caller holds the lock."""
    await connection.execute(_saving(before, after))
    return replace(after, version=before.version + 1)


async def save_at_once(
    connection: AsyncConnection, before: Order, after: Order, told: Callable[[CTE], Insert | None]
) -> Order | None:
    """The same with its events in one statement and without a lock; ``None`` when the order has changed since."""
    saved = _saving(before, after).where(order.c.version == before.version).returning(order.c.id).cte("saved")
    events = told(saved)
    statement = select(saved.c.id) if events is None else select(saved.c.id).add_cte(events.cte("told"))
    if await connection.scalar(statement) is None:
        return None
    return replace(after, version=before.version + 1)


def _saving(before: Order, after: Order) -> Update:
    return (
        update(order)
        .where(order.c.id == before.id)
        .values(
            exchange_order_id=after.exchange_order_id,
            status=after.status,
            filled_amount=after.filled_amount,
            filled_quote=after.filled_quote,
            venue_filled_amount=after.venue_filled_amount,
            fee_paid=after.fee_paid,
            fee_currency=after.fee_currency,
            error_message=after.error_message,
            settled=after.settled,
            updated_at=after.updated_at,
            version=before.version + 1,
        )
    )


async def unsettled(connection: AsyncConnection, account_name: str, connector_name: str) -> list[Order]:
    """Everything that may still change at the venue, oldest first."""
    query = select(order).where(
        ~order.c.settled, order.c.account_name == account_name, order.c.connector_name == connector_name
    )
    return [to_order(row) for row in await connection.execute(query.order_by(order.c.id))]


def matching(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return select(order).where(*conditions)
