"""The queries on accounts."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.accounts.tables import account


async def names(connection: AsyncConnection) -> list[str]:
    return list(await connection.scalars(select(account.c.name).order_by(account.c.created_at, account.c.name)))


async def exists(connection: AsyncConnection, name: str) -> bool:
    return await connection.scalar(select(account.c.name).where(account.c.name == name)) is not None


async def add(connection: AsyncConnection, name: str) -> bool:
    """Whether it is new."""
    added = insert(account).values(name=name).on_conflict_do_nothing().returning(account.c.name)
    return await connection.scalar(added) is not None


async def remove(connection: AsyncConnection, name: str) -> bool:
    """Whether it was there. Its credentials go with it."""
    return await connection.scalar(delete(account).where(account.c.name == name).returning(account.c.name)) is not None
