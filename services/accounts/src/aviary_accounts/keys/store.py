"""The queries on API keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.keys.tables import api_key
from aviary_common.access import Scope


@dataclass(frozen=True)
class Key:
    """``last_used_at`` is right to a minute or so."""

    id: str
    name: str
    owner: str
    digest: str
    scope: Scope
    accounts: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_in_force(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


async def find(connection: AsyncConnection, key_id: str) -> Key | None:
    row = (await connection.execute(select(api_key).where(api_key.c.id == key_id))).one_or_none()
    return None if row is None else _key(row)


async def listed(connection: AsyncConnection, owner: str | None) -> list[Key]:
    """Of one owner, or all; newest first."""
    query = select(api_key).order_by(api_key.c.created_at.desc(), api_key.c.id)
    if owner is not None:
        query = query.where(api_key.c.owner == owner)
    return [_key(row) for row in await connection.execute(query)]


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> Key:
    return _key((await connection.execute(insert(api_key).values(**values).returning(*api_key.c))).one())


async def revoke(connection: AsyncConnection, key_id: str, now: datetime) -> None:
    query = update(api_key).where(api_key.c.id == key_id, api_key.c.revoked_at.is_(None))
    await connection.execute(query.values(revoked_at=now))


async def revoke_all(connection: AsyncConnection, owner: str, now: datetime) -> None:
    query = update(api_key).where(api_key.c.owner == owner, api_key.c.revoked_at.is_(None))
    await connection.execute(query.values(revoked_at=now))


async def note_use(connection: AsyncConnection, key_id: str, now: datetime, every: timedelta) -> None:
    last = api_key.c.last_used_at
    query = update(api_key).where(api_key.c.id == key_id, or_(last.is_(None), last < now - every))
    await connection.execute(query.values(last_used_at=now))


def _key(row: Row[Any]) -> Key:
    return Key(**{**row._asdict(), "scope": Scope(row.scope)})
