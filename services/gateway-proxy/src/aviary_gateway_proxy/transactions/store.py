"""The queries on transactions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_gateway_proxy.transactions.record import Intent, Transaction, TxKind, Wallet
from aviary_gateway_proxy.transactions.states import TxState
from aviary_gateway_proxy.transactions.tables import IS_UNFINISHED, transaction

JSON_COLUMNS: Final = ("request", "about", "before", "result")

# Two that ask at the same time may both find the wallet free; the unique index then lets one of them pass.
_TAKE_TURN: Final = text(
    """
    update gateway_transaction mine set in_flight = true
    where mine.id = :id and mine.state = 'PENDING' and not exists (
        select from gateway_transaction other
        where other.chain = mine.chain and other.network = mine.network and other.wallet = mine.wallet
        and (other.in_flight or (other.state = 'PENDING' and other.id < mine.id and other.expires_at > now()))
    )
    """
)


def to_transaction(row: Row[Any]) -> Transaction:
    values = dict(row._mapping)
    values["kind"], values["state"] = TxKind(values["kind"]), TxState(values["state"])
    return Transaction(**values)


async def add(
    connection: AsyncConnection, intent: Intent, owner: str, now: datetime, expires_at: datetime
) -> Transaction:
    values = {
        "kind": intent.kind.value,
        "chain": intent.wallet.chain,
        "network": intent.wallet.network,
        "connector": intent.connector,
        "wallet": intent.wallet.address,
        "path": intent.path,
        "request": plain(intent.request),
        "about": plain(intent.about),
        "before": {},
        "state": TxState.PENDING.value,
        "in_flight": False,
        "answered": False,
        "owner": owner,
        "created_at": now,
        "expires_at": expires_at,
        "look_at": now,
    }
    return to_transaction(
        (await connection.execute(insert(transaction).values(values).returning(*transaction.c))).one()
    )


async def count_waiting(connection: AsyncConnection, wallet: Wallet, now: datetime) -> int:
    query = (
        select(func.count())
        .select_from(transaction)
        .where(text("state = 'PENDING'"), *_of(wallet), transaction.c.expires_at > now)
    )
    return await connection.scalar(query) or 0


async def take_turn(connection: AsyncConnection, transaction_id: int) -> bool:
    """Whether it is this one's turn: none of the wallet's is in flight, and none that waits is older."""
    try:
        return (await connection.execute(_TAKE_TURN, {"id": transaction_id})).rowcount == 1
    except IntegrityError:
        return False


async def read(connection: AsyncConnection, transaction_id: int) -> Transaction | None:
    row = (await connection.execute(select(transaction).where(transaction.c.id == transaction_id))).one_or_none()
    return None if row is None else to_transaction(row)


async def lock(connection: AsyncConnection, transaction_id: int) -> Transaction:
    """The transaction, held against other writers until the database transaction ends."""
    query = select(transaction).where(transaction.c.id == transaction_id).with_for_update()
    return to_transaction((await connection.execute(query)).one())


async def find_by_hash(connection: AsyncConnection, key: str) -> Transaction | None:
    """The newest: an approval that was not necessary has no hash of its own."""
    query = select(transaction).where(transaction.c.hash == key).order_by(transaction.c.id.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else to_transaction(row)


async def due(connection: AsyncConnection, now: datetime, limit: int) -> Sequence[Transaction]:
    """Unfinished ones whose time for a look has come, the longest due first."""
    query = (
        select(transaction)
        .where(text(IS_UNFINISHED), transaction.c.look_at <= now)
        .order_by(transaction.c.look_at)
        .limit(limit)
    )
    return [to_transaction(row) for row in await connection.execute(query)]


async def save(connection: AsyncConnection, after: Transaction) -> None:
    """Write what can change; the caller holds the lock."""
    values = {
        "state": after.state.value,
        "in_flight": after.in_flight,
        "answered": after.answered,
        "before": plain(after.before),
        "result": None if after.result is None else plain(after.result),
        "hash": after.hash,
        "fee": after.fee,
        "fee_token": after.fee_token,
        "error": after.error,
        "sent_at": after.sent_at,
        "settled_at": after.settled_at,
        "look_at": after.look_at,
    }
    await connection.execute(update(transaction).where(transaction.c.id == after.id).values(values))


async def postpone(connection: AsyncConnection, transaction_id: int, look_at: datetime) -> None:
    await connection.execute(update(transaction).where(transaction.c.id == transaction_id).values(look_at=look_at))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: decimals as text."""
    kept: dict[str, Any] = orjson.loads(orjson.dumps(dict(values), default=str))
    return kept


def _of(wallet: Wallet) -> tuple[Any, ...]:
    return tuple(
        transaction.c[name] == value for name, value in zip(("chain", "network", "wallet"), _key(wallet), strict=True)
    )


def _key(wallet: Wallet) -> tuple[str, str, str]:
    return wallet.chain, wallet.network, wallet.address
