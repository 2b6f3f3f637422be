"""What was set last, for venues that cannot tell."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_exchange.types import PositionMode
from aviary_trading.perpetuals.tables import leverage, position_mode


async def mode_of(connection: AsyncConnection, account_name: str, connector_name: str) -> PositionMode | None:
    query = select(position_mode.c.mode).where(
        position_mode.c.account_name == account_name, position_mode.c.connector_name == connector_name
    )
    found = await connection.scalar(query)
    return None if found is None else PositionMode(found)


async def remember_mode(
    connection: AsyncConnection, account_name: str, connector_name: str, mode: PositionMode
) -> None:
    row = insert(position_mode).values(account_name=account_name, connector_name=connector_name, mode=mode)
    keys = [position_mode.c.account_name, position_mode.c.connector_name]
    await connection.execute(row.on_conflict_do_update(index_elements=keys, set_={"mode": mode}))


async def leverages_of(connection: AsyncConnection, account_name: str, connector_name: str) -> Mapping[str, int]:
    """By pair."""
    query = select(leverage.c.trading_pair, leverage.c.leverage).where(
        leverage.c.account_name == account_name, leverage.c.connector_name == connector_name
    )
    return {row.trading_pair: row.leverage for row in await connection.execute(query)}


async def remember_leverage(
    connection: AsyncConnection, account_name: str, connector_name: str, trading_pair: str, value: int
) -> None:
    row = insert(leverage).values(
        account_name=account_name, connector_name=connector_name, trading_pair=trading_pair, leverage=value
    )
    keys = [leverage.c.account_name, leverage.c.connector_name, leverage.c.trading_pair]
    await connection.execute(row.on_conflict_do_update(index_elements=keys, set_={"leverage": value}))
