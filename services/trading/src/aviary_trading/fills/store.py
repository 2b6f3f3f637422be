"""The queries on fills."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_exchange.types import Fill
from aviary_trading.fills.tables import fill
from aviary_trading.orders.apply import fee_in_quote
from aviary_trading.orders.record import Order


async def add(connection: AsyncConnection, order: Order, fills: Sequence[Fill]) -> list[Fill]:
    """Store what is not stored yet and return it, in the given order."""
    if not fills:
        return []
    rows = [values_of(order, item) for item in fills]
    statement = insert(fill).values(rows).on_conflict_do_nothing(constraint="fill_trade_id").returning(fill.c.trade_id)
    new = set(await connection.scalars(statement))
    return [item for item in fills if item.trade_id in new]


def values_of(order: Order, item: Fill) -> dict[str, Any]:
    """A row of the fill table."""
    return {
        "order_id": order.id,
        "account_name": order.account_name,
        "connector_name": order.connector_name,
        "trading_pair": order.trading_pair,
        "trade_id": item.trade_id,
        "client_order_id": order.client_order_id,
        "trade_type": order.trade_type,
        "amount": item.amount,
        "price": item.price,
        "fee": item.fee,
        "fee_currency": item.fee_currency,
        "fee_quote": fee_in_quote(item),
        "is_maker": item.is_maker,
        "at": item.at,
    }
