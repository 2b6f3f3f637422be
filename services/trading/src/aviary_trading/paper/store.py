"""The queries on paper accounts: who holds them, their balances, and what is remembered of their markets."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_trading.paper import tables
from aviary_trading.paper.cursor import Cursor
from aviary_trading.paper.matching import Memory
from aviary_trading.paper.records import Holding
from aviary_trading.paper.shadow import Shadow, Taken

Key = tuple[str, str]
"""Account and connector."""


def of(table: Table, key: Key) -> ColumnElement[bool]:
    return (table.c.account_name == key[0]) & (table.c.connector_name == key[1])


async def create(connection: AsyncConnection, key: Key, now: datetime) -> bool:
    """Whether it is new."""
    row = insert(tables.account).values(account_name=key[0], connector_name=key[1], version=0, created_at=now)
    created = await connection.scalars(row.on_conflict_do_nothing().returning(tables.account.c.version))
    return created.one_or_none() is not None


async def version(connection: AsyncConnection, key: Key) -> int:
    return int((await connection.scalars(select(tables.account.c.version).where(of(tables.account, key)))).one())


async def hold(connection: AsyncConnection, key: Key) -> None:
    """Until the transaction ends, nobody else changes this account."""
    await connection.execute(select(tables.account.c.version).where(of(tables.account, key)).with_for_update())


async def touch(connection: AsyncConnection, key: Key) -> None:
    """The account changes; holds it too."""
    await connection.execute(
        update(tables.account).where(of(tables.account, key)).values(version=tables.account.c.version + 1)
    )


async def holdings(connection: AsyncConnection, key: Key) -> dict[str, Holding]:
    """By token; what came to nothing is there with zero."""
    rows = await connection.execute(select(tables.balance).where(of(tables.balance, key)))
    return {row.token: Holding(row.total, row.reserved) for row in rows}


async def put_holdings(connection: AsyncConnection, key: Key, held: Mapping[str, Holding]) -> None:
    if not held:
        return
    rows = [_keyed(key, token=token, total=item.total, reserved=item.reserved) for token, item in sorted(held.items())]
    upsert = insert(tables.balance)
    values = {"total": upsert.excluded.total, "reserved": upsert.excluded.reserved}
    await connection.execute(upsert.on_conflict_do_update(constraint="paper_balance_pkey", set_=values), rows)


async def forget(connection: AsyncConnection, key: Key) -> None:
    """Balances, and what is remembered of markets."""
    for table in (tables.balance, tables.market):
        await connection.execute(delete(table).where(of(table, key)))


async def memory(connection: AsyncConnection, key: Key, trading_pair: str) -> Memory:
    query = select(tables.market).where(of(tables.market, key), tables.market.c.trading_pair == trading_pair)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return Memory()
    return Memory(Cursor(row.seen_at, frozenset(row.seen_ids)), bids=_shadow(row.bids), asks=_shadow(row.asks))


async def put_memory(connection: AsyncConnection, key: Key, trading_pair: str, known: Memory) -> None:
    values: dict[str, Any] = {
        "seen_at": known.cursor.at,
        "seen_ids": sorted(known.cursor.ids),
        "bids": _texts(known.bids),
        "asks": _texts(known.asks),
    }
    row = insert(tables.market).values(_keyed(key, trading_pair=trading_pair, **values))
    await connection.execute(row.on_conflict_do_update(constraint="paper_market_pkey", set_=values))


def _keyed(key: Key, **values: Any) -> dict[str, Any]:
    return {"account_name": key[0], "connector_name": key[1], **values}


def _shadow(raw: Mapping[str, Iterable[str]]) -> Shadow:
    return {Decimal(price): Taken(*(Decimal(text) for text in taken)) for price, taken in raw.items()}


def _texts(shadow: Shadow) -> dict[str, list[str]]:
    return {str(price): [str(taken.displayed), str(taken.amount)] for price, taken in shadow.items()}
