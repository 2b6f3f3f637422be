"""The queries on accounts."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.accounts.tables import account


async def names(connection: AsyncConnection) -> list[str]:
    return list(await connection.scalars(select(account.c.name).order_by(account.c.created_at, account.c.name)))


async def exists(connection: AsyncConnection, name: str) -> bool:
    return await connection.scalar(select(account.c.name).where(account.c.name == name)) is not None


async def keep(connection: AsyncConnection, name: str) -> bool:
    """Whether it exists; until the transaction ends it cannot be removed."""
    query = select(account.c.name).where(account.c.name == name)
    return await connection.scalar(query.with_for_update(read=True, key_share=True)) is not None


async def lock(connection: AsyncConnection, name: str) -> bool:
    """Whether it exists; until the transaction ends nobody else can remove it or add credentials to it."""
    query = select(account.c.name).where(account.c.name == name)
    return await connection.scalar(query.with_for_update()) is not None


async def add(connection: AsyncConnection, name: str) -> bool:
    """Whether it is new."""
    added = insert(account).values(name=name).on_conflict_do_nothing().returning(account.c.name)
    return await connection.scalar(added) is not None


async def remove(connection: AsyncConnection, name: str) -> None:
    """Its credentials go with it."""
    await connection.execute(delete(account).where(account.c.name == name))
