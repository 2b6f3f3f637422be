"""The queries on funding payments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.pagination import Slice, paginate
from aviary_exchange.types import FundingPayment
from aviary_trading.funding.schemas import FundingFilter
from aviary_trading.funding.tables import funding_payment

ITEM: Final[ColumnElement[str]] = literal_column(
    """
    json_build_object(
        'id', id, 'funding_payment_id', connector_name || '_' || trading_pair || '_' || payment_id,
        'exchange_funding_id', payment_id, 'timestamp', at, 'account_name', account_name,
        'connector_name', connector_name, 'trading_pair', trading_pair, 'funding_rate', trim_scale(rate),
        'funding_payment', trim_scale(amount), 'fee_currency', currency,
        'position_size', trim_scale(position_size), 'position_side', position_side
    )::text
    """
).label("item")


async def add(
    connection: AsyncConnection, account_name: str, connector_name: str, payments: Sequence[FundingPayment]
) -> list[FundingPayment]:
    """Store what is not stored yet and return it."""
    if not payments:
        return []
    rows = [
        {
            "account_name": account_name,
            "connector_name": connector_name,
            "trading_pair": item.trading_pair,
            "payment_id": item.payment_id,
            "amount": item.amount,
            "currency": item.currency,
            "rate": item.rate,
            "position_size": item.position_size,
            "position_side": item.position_side,
            "at": item.at,
        }
        for item in payments
    ]
    statement = insert(funding_payment).values(rows).on_conflict_do_nothing(constraint="funding_payment_once")
    returned = statement.returning(funding_payment.c.trading_pair, funding_payment.c.payment_id)
    new = {(row.trading_pair, row.payment_id) for row in await connection.execute(returned)}
    return [item for item in payments if (item.trading_pair, item.payment_id) in new]


async def newest_at(connection: AsyncConnection, account_name: str, connector_name: str) -> datetime | None:
    query = select(func.max(funding_payment.c.at)).where(
        funding_payment.c.account_name == account_name, funding_payment.c.connector_name == connector_name
    )
    found: datetime | None = await connection.scalar(query)
    return found


async def page(connection: AsyncConnection, wanted: FundingFilter) -> Slice[Row[Any]]:
    """Newest first."""
    order = [funding_payment.c.at, funding_payment.c.id]
    conditions = [*wanted.conditions(funding_payment), *wanted.between(funding_payment.c.at)]
    return await paginate(
        connection,
        select(ITEM, *order).select_from(funding_payment).where(*conditions),
        order=order,
        descending=True,
        limit=wanted.limit,
        cursor=wanted.cursor,
        mark=wanted.mark("funding"),
    )
