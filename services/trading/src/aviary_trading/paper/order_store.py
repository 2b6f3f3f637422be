"""The queries on paper orders and their fills."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_exchange.types import NewOrder, OrderType, TimeInForce, TradeType
from aviary_trading.paper import tables
from aviary_trading.paper.records import ZERO, PaperFill, PaperOrder, PaperState
from aviary_trading.paper.settle import MODEL, Change
from aviary_trading.paper.store import Key, of

_COLUMNS = [column for column in tables.order.c if column.name not in {"account_name", "connector_name"}]


async def add(connection: AsyncConnection, key: Key, order: NewOrder, reserved: object, now: datetime) -> int | None:
    """Its id; ``None`` when the client order id is taken."""
    row = insert_new(tables.order).values(
        account_name=key[0],
        connector_name=key[1],
        client_order_id=order.client_order_id,
        trading_pair=order.trading_pair,
        trade_type=order.trade_type,
        order_type=order.order_type,
        time_in_force=order.time_in_force,
        amount=order.amount,
        price=order.price,
        state=PaperState.NEW,
        reserved=reserved,
        filled_amount=ZERO,
        filled_quote=ZERO,
        fills=0,
        created_at=now,
        updated_at=now,
    )
    statement = row.on_conflict_do_nothing(constraint="paper_order_client_id").returning(tables.order.c.id)
    return (await connection.scalars(statement)).one_or_none()


async def find(connection: AsyncConnection, key: Key, client_order_id: str) -> PaperOrder | None:
    query = _orders(key).where(tables.order.c.client_order_id == client_order_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _to_order(row)


async def open_orders(connection: AsyncConnection, key: Key, trading_pair: str | None = None) -> list[PaperOrder]:
    """Oldest first."""
    query = _orders(key).where(text(tables.IS_OPEN)).order_by(tables.order.c.id)
    if trading_pair is not None:
        query = query.where(tables.order.c.trading_pair == trading_pair)
    return [_to_order(row) for row in await connection.execute(query)]


async def save(connection: AsyncConnection, change: Change) -> None:
    """What can change of the order, and its new fills; the caller holds the account."""
    after = change.after
    await connection.execute(
        update(tables.order)
        .where(tables.order.c.id == after.id)
        .values(
            state=after.state,
            reserved=after.reserved,
            filled_amount=after.filled_amount,
            filled_quote=after.filled_quote,
            fills=after.fills,
            queue_ahead=after.queue_ahead,
            reason=after.reason,
            updated_at=after.updated_at,
        )
    )
    if change.fills:
        rows = [asdict(fill) | {"model": MODEL} for fill in change.fills]
        await connection.execute(insert(tables.fill), rows)


async def fills(
    connection: AsyncConnection, key: Key, trading_pair: str, since: datetime, order_id: int | None
) -> Sequence[tuple[PaperOrder, PaperFill]]:
    """With the order of each, oldest first."""
    columns = [column.label(f"fill_{column.name}") for column in tables.fill.c if column.name not in {"id", "model"}]
    query = (
        select(*_COLUMNS, *columns)
        .join_from(tables.order, tables.fill)
        .where(of(tables.order, key), tables.order.c.trading_pair == trading_pair, tables.fill.c.at >= since)
        .order_by(tables.fill.c.id)
    )
    if order_id is not None:
        query = query.where(tables.order.c.id == order_id)
    return [(_to_order(row), _to_fill(row)) for row in await connection.execute(query)]


def _orders(key: Key) -> Select[Any]:
    return select(*_COLUMNS).where(of(tables.order, key))


def _to_order(row: Row[Any]) -> PaperOrder:
    values = {column.name: row._mapping[column.name] for column in _COLUMNS}
    values["trade_type"] = TradeType(values["trade_type"])
    values["order_type"] = OrderType(values["order_type"])
    values["time_in_force"] = TimeInForce(values["time_in_force"]) if values["time_in_force"] else None
    values["state"] = PaperState(values["state"])
    return PaperOrder(**values)


def _to_fill(row: Row[Any]) -> PaperFill:
    values = row._mapping
    return PaperFill(**{name: values[f"fill_{name}"] for name in PaperFill.__slots__})
