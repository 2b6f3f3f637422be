"""What a transaction means for a wallet's share of a pool."""

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.amm.tables import amm_position
from aviary_gateway_proxy.clmm import store
from aviary_gateway_proxy.clmm.project import event_values, oriented
from aviary_gateway_proxy.clmm.record import PositionStatus
from aviary_gateway_proxy.transactions.record import Transaction, TxKind
from aviary_gateway_proxy.transactions.states import TxState

WHOLE: Final = 100

# Counted anew from the events, so that no news, however often it comes, counts twice.
_SUM_UP: Final = text(
    """
    update amm_position set
        deposited_base_amount = sums.base_in, deposited_quote_amount = sums.quote_in,
        withdrawn_base_amount = sums.base_out, withdrawn_quote_amount = sums.quote_out
    from (
        select
            coalesce(sum(base_token_amount) filter (where event_type = 'ADD_LIQUIDITY'), 0) as base_in,
            coalesce(sum(quote_token_amount) filter (where event_type = 'ADD_LIQUIDITY'), 0) as quote_in,
            coalesce(sum(base_token_amount) filter (where event_type = 'REMOVE_LIQUIDITY'), 0) as base_out,
            coalesce(sum(quote_token_amount) filter (where event_type = 'REMOVE_LIQUIDITY'), 0) as quote_out
        from position_event
        where pool_type = 'amm' and pool_address = :pool and wallet_address = :wallet
        and connector = :connector and network = :network and status = 'CONFIRMED'
    ) sums
    where wallet_address = :wallet and pool_address = :pool and connector = :connector and network = :network
    """
)


async def record(connection: AsyncConnection, transaction: Transaction) -> None:
    """A ``Projection``."""
    await store.add_event(connection, event_values(transaction, oriented(transaction), "amm", None))
    if transaction.state is not TxState.CONFIRMED:
        return
    values = _values(transaction)
    changed = {name: values[name] for name in ("status", "closed_at", "last_updated")}
    statement = insert(amm_position).values(values)
    await connection.execute(statement.on_conflict_do_update(constraint="amm_position_share", set_=changed))
    place = {
        "pool": values["pool_address"],
        "wallet": values["wallet_address"],
        "connector": values["connector"],
        "network": values["network"],
    }
    await connection.execute(_SUM_UP, place)


def _values(transaction: Transaction) -> dict[str, Any]:
    about, now = transaction.about, utc_now()
    is_over = transaction.kind is TxKind.AMM_REMOVE and float(about["percentage"]) >= WHOLE
    sums = ("deposited_base_amount", "deposited_quote_amount", "withdrawn_base_amount", "withdrawn_quote_amount")
    return {
        "pool_address": about["pool_address"],
        "network": transaction.network_id,
        "connector": transaction.connector,
        "wallet_address": transaction.wallet,
        "trading_pair": about["trading_pair"],
        "base_token": about["base"],
        "quote_token": about["quote"],
        "created_at": transaction.created_at,
        "closed_at": now if is_over else None,
        "status": (PositionStatus.CLOSED if is_over else PositionStatus.OPEN).value,
        "last_updated": now,
        **dict.fromkeys(sums, 0),
    }
