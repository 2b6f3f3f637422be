"""The positions of the past and their events."""

from typing import Any

from sqlalchemy import Select, func, select

from aviary_common.database import Database
from aviary_common.pagination import fingerprint
from aviary_gateway_proxy.clmm.record import PositionRow
from aviary_gateway_proxy.clmm.refresh import Refresher
from aviary_gateway_proxy.clmm.schemas import ClmmEventOut, ClmmPositionFilter, ClmmPositionOut, Events, EventsAsked
from aviary_gateway_proxy.clmm.tables import position, position_event
from aviary_gateway_proxy.history import Found, HistoryPage, network_ids, read_page
from aviary_gateway_proxy.places import Places


class PositionHistory:
    def __init__(self, database: Database, places: Places, refresher: Refresher) -> None:
        self._database = database
        self._places = places
        self._refresher = refresher

    async def search(self, wanted: ClmmPositionFilter) -> HistoryPage[ClmmPositionOut]:
        """Newest first; with ``refresh`` as they are now."""
        found = await self._page(wanted)
        rows = [PositionRow.of(row) for row in found.rows]
        if wanted.refresh and rows:
            await self._refresher.refresh(rows)
            rows = await self._again(rows)
        return found.page([ClmmPositionOut.of(row) for row in rows])

    async def events(self, position_address: str, wanted: EventsAsked) -> Events:
        """Newest first."""
        query = events_of(position_address, wanted)
        order = (position_event.c.timestamp.desc(), position_event.c.id.desc())
        async with self._database.single() as connection:
            rows = (await connection.execute(query.order_by(*order).limit(wanted.limit))).all()
            total = len(rows)
            if total == wanted.limit:
                total = await connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        return Events(data=[ClmmEventOut.model_validate(dict(row._mapping)) for row in rows], total_count=total)

    async def _page(self, wanted: ClmmPositionFilter) -> Found:
        mark = fingerprint("positions", wanted.filters())
        async with self._database.single() as connection:
            return await read_page(
                connection, query_of(wanted), (position.c.created_at, position.c.id), wanted, mark, self._places
            )

    async def _again(self, rows: list[PositionRow]) -> list[PositionRow]:
        query = select(position).where(position.c.id.in_([row.id for row in rows]))
        async with self._database.single() as connection:
            fresh = {row.id: PositionRow.of(row) for row in await connection.execute(query)}
        return [fresh.get(row.id, row) for row in rows]


def query_of(wanted: ClmmPositionFilter) -> Select[Any]:
    conditions = wanted.of_table(position)
    if wanted.trading_pair is not None:
        conditions.append(position.c.trading_pair == wanted.trading_pair)
    if wanted.status is not None:
        conditions.append(position.c.status == wanted.status.value)
    if wanted.position_addresses:
        conditions.append(position.c.position_address.in_(wanted.position_addresses))
    return select(position).where(*conditions)


def events_of(position_address: str, wanted: EventsAsked) -> Select[Any]:
    """An address that is met on several networks is several positions."""
    table = position_event
    conditions = [table.c.position_address == position_address, table.c.pool_type == "clmm"]
    if wanted.network is not None:
        conditions.append(table.c.network.in_(network_ids(wanted.network, wanted.chain)))
    if wanted.connector is not None:
        conditions.append(table.c.connector == wanted.connector.strip().lower().partition("/")[0])
    if wanted.wallet_address is not None:
        conditions.append(table.c.wallet_address == wanted.wallet_address)
    if wanted.event_type is not None:
        conditions.append(table.c.event_type == wanted.event_type.value)
    return select(table).where(*conditions)
