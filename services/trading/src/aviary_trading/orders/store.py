"""The queries on orders; ``writes`` has the statements that write many at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Update, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_exchange.types import Fill, OrderReport, OrderType, PositionAction, TimeInForce, TradeType
from aviary_trading.orders.record import Order
from aviary_trading.orders.states import OrderState
from aviary_trading.orders.tables import IS_UNCLEAR, order


def to_order(row: Row[Any]) -> Order:
    values = dict(row._mapping)
    values["trade_type"] = TradeType(values["trade_type"])
    values["order_type"] = OrderType(values["order_type"])
    values["position_action"] = PositionAction(values["position_action"])
    values["time_in_force"] = TimeInForce(values["time_in_force"]) if values["time_in_force"] else None
    values["status"] = OrderState(values["status"])
    return Order(**values)


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


async def read(connection: AsyncConnection, order_id: int) -> Order:
    return to_order((await connection.execute(select(order).where(order.c.id == order_id))).one())


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
        (order.c.client_order_id == news.client_order_id)
        | (order.c.venue_client_id == news.client_order_id)
        | (order.c.exchange_order_id == news.exchange_order_id),
    )
    row = (await connection.execute(query.limit(1))).one_or_none()
    return None if row is None else to_order(row)


async def save(connection: AsyncConnection, before: Order, after: Order) -> None:
    """Write what can change; the caller holds the lock."""
    await connection.execute(_saving(before, after))


async def unclear(connection: AsyncConnection, account_name: str, connector_name: str, since: datetime) -> list[Order]:
    """What nobody has cleared since then: orders that are being placed or cancelled, and those that miss fills."""
    query = select(order).where(
        text(IS_UNCLEAR),
        order.c.account_name == account_name,
        order.c.connector_name == connector_name,
        order.c.updated_at < since,
    )
    return [to_order(row) for row in await connection.execute(query.order_by(order.c.id))]


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
            fee_quote=after.fee_quote,
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
