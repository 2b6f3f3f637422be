"""The queries on credentials; they see sealed records only."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.credentials.tables import credential
from aviary_common.vault import Sealed

Key = tuple[str, str]


async def connectors(connection: AsyncConnection, account_name: str) -> list[str]:
    query = select(credential.c.connector_name).where(credential.c.account_name == account_name)
    return list(await connection.scalars(query.order_by(credential.c.connector_name)))


async def keys(connection: AsyncConnection) -> list[Key]:
    """All pairs of account and connector."""
    query = select(credential.c.account_name, credential.c.connector_name)
    rows = await connection.execute(query.order_by(credential.c.account_name, credential.c.connector_name))
    return [(account, connector) for account, connector in rows]


async def find(connection: AsyncConnection, account_name: str, connector_name: str) -> Sealed | None:
    query = select(credential.c.sealed).where(
        credential.c.account_name == account_name, credential.c.connector_name == connector_name
    )
    sealed = await connection.scalar(query)
    return None if sealed is None else Sealed.model_validate(sealed)


async def put(connection: AsyncConnection, account_name: str, connector_name: str, sealed: Sealed) -> None:
    """Insert, or replace the older ones."""
    values = {"sealed": sealed.model_dump(mode="json"), "updated_at": func.now()}
    query = insert(credential).values(account_name=account_name, connector_name=connector_name, **values)
    await connection.execute(query.on_conflict_do_update(constraint=credential.primary_key, set_=values))


async def remove(connection: AsyncConnection, account_name: str, connector_name: str) -> bool:
    """Whether there were any."""
    query = delete(credential).where(
        credential.c.account_name == account_name, credential.c.connector_name == connector_name
    )
    return await connection.scalar(query.returning(credential.c.account_name)) is not None
