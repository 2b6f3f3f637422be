"""The lists of orders and trades: filters to conditions, conditions to a page of items that are JSON already."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, literal_column, select, text

from aviary_common.database import Database
from aviary_common.pagination import Slice, paginate
from aviary_trading.fills.tables import fill
from aviary_trading.filters import ListFilter
from aviary_trading.orders.schemas import OrderFilter, TradeFilter
from aviary_trading.orders.tables import IS_ACTIVE, order

Items = Slice[Row[Any]]
"""Each row's ``item`` is the JSON text of one element."""

ORDER_ITEM: Final[ColumnElement[str]] = literal_column(
    """
    json_build_object(
        'order_id', client_order_id, 'client_order_id', client_order_id, 'exchange_order_id', exchange_order_id,
        'account_name', account_name, 'connector_name', connector_name, 'trading_pair', trading_pair,
        'trade_type', trade_type, 'order_type', order_type, 'position_action', position_action,
        'time_in_force', time_in_force, 'amount', trim_scale(amount), 'price', trim_scale(price), 'status', status,
        'filled_amount', trim_scale(filled_amount),
        'average_fill_price', trim_scale(round(filled_quote / nullif(filled_amount, 0), 18)),
        'fee_paid', trim_scale(fee_paid), 'fee_currency', fee_currency, 'fee_quote', trim_scale(fee_quote),
        'created_at', created_at, 'updated_at', updated_at, 'error_message', error_message
    )::text
    """
).label("item")

TRADE_ITEM: Final[ColumnElement[str]] = literal_column(
    """
    json_build_object(
        'trade_id', client_order_id || '_' || trade_id, 'order_id', client_order_id,
        'client_order_id', client_order_id, 'account_name', account_name, 'connector_name', connector_name,
        'trading_pair', trading_pair, 'trade_type', trade_type, 'amount', trim_scale(amount),
        'price', trim_scale(price), 'fee_paid', trim_scale(fee), 'fee_currency', fee_currency,
        'fee_quote', trim_scale(fee_quote), 'is_maker', is_maker, 'timestamp', at
    )::text
    """
).label("item")


class OrderLists:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def active(self, wanted: ListFilter) -> Items:
        """Oldest first."""
        conditions = [*wanted.conditions(order), text(IS_ACTIVE)]
        return await self._page("active", order, ORDER_ITEM, conditions, [order.c.id], wanted, descending=False)

    async def search(self, wanted: OrderFilter) -> Items:
        """Newest first."""
        conditions = [*wanted.conditions(order), *wanted.between(order.c.created_at)]
        if wanted.status is not None:
            conditions.append(order.c.status == wanted.status)
        return await self._page("search", order, ORDER_ITEM, conditions, [order.c.created_at, order.c.id], wanted)

    async def trades(self, wanted: TradeFilter) -> Items:
        """Newest first."""
        conditions = [*wanted.conditions(fill), *wanted.between(fill.c.at)]
        if wanted.trade_types is not None:
            conditions.append(fill.c.trade_type.in_(wanted.trade_types))
        return await self._page("trades", fill, TRADE_ITEM, conditions, [fill.c.at, fill.c.id], wanted)

    async def _page(
        self,
        purpose: str,
        table: Table,
        item: ColumnElement[str],
        conditions: list[Any],
        order_by: list[ColumnElement[Any]],
        wanted: ListFilter,
        *,
        descending: bool = True,
    ) -> Items:
        async with self._database.single() as connection:
            return await paginate(
                connection,
                select(item, *order_by).select_from(table).where(*conditions),
                order=order_by,
                descending=descending,
                limit=wanted.limit,
                cursor=wanted.cursor,
                mark=wanted.mark(purpose),
            )
