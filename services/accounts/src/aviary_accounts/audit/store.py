"""The queries on the audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.audit.chain import ORIGIN, hash_of
from aviary_accounts.audit.tables import audit_entry
from aviary_common.audit import AuditEntry


@dataclass(frozen=True)
class Link:
    """One entry in its place."""

    seq: int
    hash: bytes
    entry: AuditEntry


async def lock(connection: AsyncConnection) -> None:
    """Until the transaction ends nobody else appends."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("accounts/audit", 0))))


async def head(connection: AsyncConnection) -> tuple[int, bytes]:
    query = select(audit_entry.c.seq, audit_entry.c.hash).order_by(audit_entry.c.seq.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return (0, ORIGIN) if row is None else (row.seq, row.hash)


async def known(connection: AsyncConnection, ids: Sequence[UUID]) -> set[UUID]:
    return set(await connection.scalars(select(audit_entry.c.id).where(audit_entry.c.id.in_(ids))))


async def append(connection: AsyncConnection, entries: Sequence[AuditEntry]) -> None:
    """In their order, those that are there already left out; under ``lock``."""
    there = await known(connection, [entry.id for entry in entries])
    seq, previous = await head(connection)
    rows = []
    for entry in entries:
        if entry.id in there:
            continue
        there.add(entry.id)
        seq += 1
        previous = hash_of(previous, seq, entry)
        rows.append(entry.model_dump() | {"seq": seq, "hash": previous})
    if rows:
        await connection.execute(insert(audit_entry), rows)


async def following(connection: AsyncConnection, after: int, limit: int) -> list[Link]:
    query = select(audit_entry).where(audit_entry.c.seq > after).order_by(audit_entry.c.seq).limit(limit)
    return [link_of(row) for row in await connection.execute(query)]


def entries() -> Select[Any]:
    return select(audit_entry)


def link_of(row: Row[Any]) -> Link:
    values = row._asdict()
    return Link(values.pop("seq"), values.pop("hash"), AuditEntry.model_validate(values))
