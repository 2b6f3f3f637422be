"""The queries on users."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.users.tables import login_user
from aviary_common.access import Scope


@dataclass(frozen=True)
class User:
    name: str
    verifier: str
    scope: Scope
    accounts: Sequence[str] | None
    disabled: bool
    created_at: datetime


async def find(connection: AsyncConnection, name: str) -> User | None:
    row = (await connection.execute(select(login_user).where(login_user.c.name == name))).one_or_none()
    return None if row is None else _user(row)


async def lock(connection: AsyncConnection, name: str) -> User | None:
    """Until the transaction ends nobody else changes it."""
    query = select(login_user).where(login_user.c.name == name).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _user(row)


async def everybody(connection: AsyncConnection) -> list[User]:
    return [_user(row) for row in await connection.execute(select(login_user).order_by(login_user.c.name))]


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> User | None:
    """None when the name is taken."""
    query = insert(login_user).values(**values).on_conflict_do_nothing().returning(*login_user.c)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _user(row)


async def change(connection: AsyncConnection, name: str, values: Mapping[str, Any]) -> User:
    query = update(login_user).where(login_user.c.name == name).values(**values).returning(*login_user.c)
    return _user((await connection.execute(query)).one())


async def remove(connection: AsyncConnection, name: str) -> None:
    await connection.execute(delete(login_user).where(login_user.c.name == name))


def _user(row: Row[Any]) -> User:
    return User(**{**row._asdict(), "scope": Scope(row.scope)})
