"""The lists of orders and trades: filters to conditions, conditions to a page."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Table

from aviary_common.database import Database
from aviary_common.pagination import Slice, fingerprint, paginate
from aviary_trading.fills import store as fill_store
from aviary_trading.fills.tables import fill
from aviary_trading.orders import store
from aviary_trading.orders.record import Order
from aviary_trading.orders.schemas import ListFilter, OrderFilter, TradeFilter
from aviary_trading.orders.states import ACTIVE
from aviary_trading.orders.tables import order


class OrderLists:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def active(self, wanted: ListFilter) -> Slice[Order]:
        """Oldest first."""
        conditions = [*_conditions(order, wanted), order.c.status.in_(ACTIVE)]
        async with self._database.single() as connection:
            page = await paginate(
                connection,
                store.matching(conditions),
                order=[order.c.id],
                descending=False,
                limit=wanted.limit,
                cursor=wanted.cursor,
                mark=_mark("active", wanted),
            )
        return Slice([store.to_order(row) for row in page.rows], page.limit, page.next_cursor, page.total)

    async def search(self, wanted: OrderFilter) -> Slice[Order]:
        """Newest first."""
        conditions = [*_conditions(order, wanted), *_between(order.c.created_at, wanted)]
        if wanted.status is not None:
            conditions.append(order.c.status == wanted.status)
        async with self._database.single() as connection:
            page = await paginate(
                connection,
                store.matching(conditions),
                order=[order.c.created_at, order.c.id],
                descending=True,
                limit=wanted.limit,
                cursor=wanted.cursor,
                mark=_mark("search", wanted),
            )
        return Slice([store.to_order(row) for row in page.rows], page.limit, page.next_cursor, page.total)

    async def trades(self, wanted: TradeFilter) -> Slice[Row[Any]]:
        """Newest first; rows of the fill table."""
        conditions = [*_conditions(fill, wanted), *_between(fill.c.at, wanted)]
        if wanted.trade_types is not None:
            conditions.append(fill.c.trade_type.in_(wanted.trade_types))
        async with self._database.single() as connection:
            return await paginate(
                connection,
                fill_store.newest(conditions),
                order=[fill.c.at, fill.c.id],
                descending=True,
                limit=wanted.limit,
                cursor=wanted.cursor,
                mark=_mark("trades", wanted),
            )


def _conditions(table: Table, wanted: ListFilter) -> list[ColumnElement[bool]]:
    given = {
        "account_name": wanted.account_names,
        "connector_name": wanted.connector_names,
        "trading_pair": wanted.trading_pairs,
    }
    return [table.c[name].in_(values) for name, values in given.items() if values is not None]


def _between(column: ColumnElement[Any], wanted: OrderFilter | TradeFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.start_time is not None:
        conditions.append(column >= wanted.start_time)
    if wanted.end_time is not None:
        conditions.append(column <= wanted.end_time)
    return conditions


def _mark(purpose: str, wanted: ListFilter) -> str:
    return fingerprint(purpose, wanted.model_dump(exclude={"cursor", "limit"}))
