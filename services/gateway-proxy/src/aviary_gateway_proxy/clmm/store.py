"""The queries on positions and their events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_gateway_proxy.clmm.record import PositionRow, PositionStatus
from aviary_gateway_proxy.clmm.tables import position, position_event
from aviary_gateway_proxy.pools.shapes import PositionInfo

Key = tuple[str, str, str]
"""Network id, connector, position address."""

# Counted anew from the events, so that no news, however often it comes, counts twice.
_SUM_UP: Final = text(
    """
    update clmm_position set
        initial_base_token_amount = sums.base_in, initial_quote_token_amount = sums.quote_in,
        withdrawn_base_amount = sums.base_out, withdrawn_quote_amount = sums.quote_out,
        base_fee_collected = sums.base_fee, quote_fee_collected = sums.quote_fee
    from (
        select
            coalesce(sum(base_token_amount) filter (where is_in), 0) as base_in,
            coalesce(sum(quote_token_amount) filter (where is_in), 0) as quote_in,
            coalesce(sum(base_token_amount) filter (where not is_in), 0) as base_out,
            coalesce(sum(quote_token_amount) filter (where not is_in), 0) as quote_out,
            coalesce(sum(base_fee_collected), 0) as base_fee,
            coalesce(sum(quote_fee_collected), 0) as quote_fee
        from (
            select *, event_type in ('OPEN', 'ADD_LIQUIDITY', 'DISCOVERED') as is_in from position_event
            where position_address = :address and network = :network and connector = :connector
            and pool_type = 'clmm' and status = 'CONFIRMED'
        ) event
    ) sums
    where position_address = :address and network = :network and connector = :connector
    """
)


async def find(connection: AsyncConnection, key: Key) -> PositionRow | None:
    row = (await connection.execute(select(position).where(*_is(key)))).one_or_none()
    return None if row is None else PositionRow.of(row)


async def find_all(connection: AsyncConnection, network: str, connector: str, wallet: str) -> Sequence[PositionRow]:
    """Of one wallet."""
    query = select(position).where(
        position.c.network == network, position.c.connector == connector, position.c.wallet_address == wallet
    )
    return [PositionRow.of(row) for row in await connection.execute(query)]


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> bool:
    """Whether it is new."""
    statement = insert(position).values(values).on_conflict_do_nothing(constraint="clmm_position_address")
    return (await connection.execute(statement.returning(position.c.id))).one_or_none() is not None


async def add_event(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Written again with all news of its transaction."""
    changed = {name: value for name, value in values.items() if name not in ("transaction_id", "timestamp")}
    statement = insert(position_event).values(values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["transaction_id"], set_=changed))


async def change(
    connection: AsyncConnection, key: Key, base: Decimal, quote: Decimal, *, fees_taken: bool, now: datetime
) -> None:
    """Principal in (or out, below zero) between two looks at the chain."""
    values: dict[Any, Any] = {
        position.c.base_token_amount: func.greatest(position.c.base_token_amount + base, 0),
        position.c.quote_token_amount: func.greatest(position.c.quote_token_amount + quote, 0),
        position.c.last_updated: now,
    }
    if fees_taken:
        values |= {position.c.base_fee_pending: 0, position.c.quote_fee_pending: 0}
    await connection.execute(update(position).where(*_is(key)).values(values))


async def close(connection: AsyncConnection, key: Key, now: datetime) -> None:
    values = {
        "status": PositionStatus.CLOSED.value,
        "closed_at": now,
        "last_updated": now,
        "base_token_amount": 0,
        "quote_token_amount": 0,
        "base_fee_pending": 0,
        "quote_fee_pending": 0,
    }
    await connection.execute(update(position).where(*_is(key)).values(values))


async def refresh(connection: AsyncConnection, row: PositionRow, info: PositionInfo, now: datetime) -> None:
    """``info`` is in the row's orientation."""
    values = {
        "base_token_amount": info.base_token_amount,
        "quote_token_amount": info.quote_token_amount,
        "base_fee_pending": info.base_fee_amount,
        "quote_fee_pending": info.quote_fee_amount,
        "current_price": info.price,
        "lower_bin_id": info.lower_bin_id,
        "upper_bin_id": info.upper_bin_id,
        "last_updated": now,
    }
    await connection.execute(
        update(position).where(position.c.id == row.id, position.c.status == PositionStatus.OPEN.value).values(values)
    )


async def sum_up(connection: AsyncConnection, key: Key) -> None:
    network, connector, address = key
    await connection.execute(_SUM_UP, {"network": network, "connector": connector, "address": address})


def _is(key: Key) -> tuple[Any, ...]:
    network, connector, address = key
    return (
        position.c.network == network,
        position.c.connector == connector,
        position.c.position_address == address,
    )
