"""The queries on credentials; they see sealed records only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.credentials.tables import credential
from aviary_common.vault import Sealed

Key = tuple[str, str]


@dataclass(frozen=True)
class Record:
    """``stored`` is what the table holds, to the letter; ``sealed`` is what it says."""

    key: Key
    stored: Mapping[str, Any]

    @property
    def sealed(self) -> Sealed:
        return Sealed.model_validate(self.stored)


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


async def count(connection: AsyncConnection) -> int:
    return await connection.scalar(select(func.count()).select_from(credential)) or 0


async def following(connection: AsyncConnection, after: Key, limit: int) -> list[Record]:
    """The next records in the order of their keys."""
    account_name, connector_name = credential.c.account_name, credential.c.connector_name
    query = select(account_name, connector_name, credential.c.sealed).order_by(account_name, connector_name)
    rows = await connection.execute(query.where(tuple_(account_name, connector_name) > after).limit(limit))
    return [Record((account, connector), sealed) for account, connector, sealed in rows]


async def exchange(connection: AsyncConnection, record: Record, sealed: Sealed) -> bool:
    """Put ``sealed`` in the place of the record; whether it was still there, unchanged."""
    account_name, connector_name = record.key
    query = update(credential).where(
        credential.c.account_name == account_name,
        credential.c.connector_name == connector_name,
        credential.c.sealed == record.stored,
    )
    values = query.values(sealed=sealed.model_dump(mode="json")).returning(credential.c.account_name)
    return await connection.scalar(values) is not None
