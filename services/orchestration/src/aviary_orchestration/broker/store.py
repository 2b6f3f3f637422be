"""The queries on bots' identities; they see hashes only."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_orchestration.broker.passwords import PasswordHash
from aviary_orchestration.broker.tables import bot_identity


async def find(connection: AsyncConnection, bot_name: str) -> PasswordHash | None:
    query = select(bot_identity.c.salt, bot_identity.c.password_hash).where(bot_identity.c.bot_name == bot_name)
    row = (await connection.execute(query)).first()
    return None if row is None else PasswordHash(row.salt, row.password_hash)


async def put(connection: AsyncConnection, bot_name: str, password: PasswordHash) -> None:
    """Insert, or replace the older one."""
    values = {"salt": password.salt, "password_hash": password.digest, "created_at": func.now()}
    query = insert(bot_identity).values(bot_name=bot_name, **values)
    await connection.execute(query.on_conflict_do_update(constraint=bot_identity.primary_key, set_=values))


async def remove(connection: AsyncConnection, bot_name: str) -> None:
    await connection.execute(delete(bot_identity).where(bot_identity.c.bot_name == bot_name))
