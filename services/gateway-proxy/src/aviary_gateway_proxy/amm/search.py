"""What was put into plain pools and taken out of them."""

from collections.abc import Sequence

from sqlalchemy import select

from aviary_common.database import Database
from aviary_common.pagination import fingerprint
from aviary_gateway_proxy.amm.schemas import AmmEvent, AmmEventFilter, ShareFilter, ShareOut
from aviary_gateway_proxy.amm.tables import amm_position
from aviary_gateway_proxy.clmm.tables import position_event
from aviary_gateway_proxy.history import HistoryPage, read_page
from aviary_gateway_proxy.places import Places


class AmmHistory:
    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

    async def shares(self, wanted: ShareFilter) -> HistoryPage[ShareOut]:
        """Newest first."""
        table = amm_position
        conditions = wanted.of_table(table)
        if wanted.pool_address is not None:
            conditions.append(table.c.pool_address == wanted.pool_address)
        if wanted.status is not None:
            conditions.append(table.c.status == wanted.status.value)
        mark, order = fingerprint("amm-positions", wanted.filters()), (table.c.created_at, table.c.id)
        async with self._database.single() as connection:
            found = await read_page(connection, select(table).where(*conditions), order, wanted, mark, self._places)
        return found.page([ShareOut.model_validate(dict(row._mapping)) for row in found.rows])

    async def events(self, wanted: AmmEventFilter) -> HistoryPage[AmmEvent]:
        """Newest first."""
        table = position_event
        conditions = [table.c.pool_type == "amm", *wanted.of_table(table)]
        if wanted.pool_address is not None:
            conditions.append(table.c.pool_address == wanted.pool_address)
        if wanted.event_type is not None:
            conditions.append(table.c.event_type == wanted.event_type.value)
        if wanted.status is not None:
            conditions.append(table.c.status == wanted.status.value)
        mark, order = fingerprint("amm-events", wanted.filters()), (table.c.timestamp, table.c.id)
        async with self._database.single() as connection:
            found = await read_page(connection, select(table).where(*conditions), order, wanted, mark, self._places)
        return found.page([AmmEvent.model_validate(dict(row._mapping)) for row in found.rows])


async def pools_of(database: Database, network: str, connector: str, wallet: str) -> Sequence[str]:
    """Addresses of the pools that a wallet has used here."""
    query = select(amm_position.c.pool_address).where(
        amm_position.c.wallet_address == wallet,
        amm_position.c.network == network,
        amm_position.c.connector == connector,
    )
    async with database.single() as connection:
        return list(await connection.scalars(query))
