"""What a transaction means for a position: an event each, and the position itself once it is confirmed."""

from decimal import Decimal
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.clmm import store
from aviary_gateway_proxy.clmm.record import EventType, PositionStatus
from aviary_gateway_proxy.clmm.splits import Moved, moved
from aviary_gateway_proxy.pools.orientation import Orientation
from aviary_gateway_proxy.transactions.record import Transaction, TxKind
from aviary_gateway_proxy.transactions.states import TxState

TYPES: Final = {
    TxKind.OPEN: EventType.OPEN,
    TxKind.ADD: EventType.ADD_LIQUIDITY,
    TxKind.REMOVE: EventType.REMOVE_LIQUIDITY,
    TxKind.COLLECT: EventType.COLLECT_FEES,
    TxKind.CLOSE: EventType.CLOSE,
    TxKind.AMM_ADD: EventType.ADD_LIQUIDITY,
    TxKind.AMM_REMOVE: EventType.REMOVE_LIQUIDITY,
}
ALL: Final = Decimal(100)


async def record(connection: AsyncConnection, transaction: Transaction) -> None:
    """A ``Projection``; the change of the position itself comes once, with the step to CONFIRMED."""
    amounts = oriented(transaction)
    await store.add_event(connection, event_values(transaction, amounts, "clmm", address_of(transaction)))
    address = address_of(transaction)
    if transaction.state is not TxState.CONFIRMED or address is None:
        return
    key = (transaction.network_id, transaction.connector or "", address)
    if transaction.kind is TxKind.OPEN:
        await store.add(connection, _row(transaction, address))
    await _change(connection, transaction, key, amounts)
    await store.sum_up(connection, key)


async def _change(connection: AsyncConnection, transaction: Transaction, key: store.Key, amounts: Moved) -> None:
    now = utc_now()
    if transaction.kind is TxKind.CLOSE:
        await store.close(connection, key, now)
        return
    sign = -1 if transaction.kind is TxKind.REMOVE else 1
    base, quote = (Decimal(0), Decimal(0)) if transaction.kind is TxKind.COLLECT else (amounts.base, amounts.quote)
    fees_taken = transaction.kind in (TxKind.REMOVE, TxKind.COLLECT)
    await store.change(connection, key, sign * base, sign * quote, fees_taken=fees_taken, now=now)


def address_of(transaction: Transaction) -> str | None:
    """Of a position that is being opened it is in the answer."""
    told = transaction.about.get("position_address") or (transaction.result or {}).get("positionAddress")
    return str(told) if told else None


def oriented(transaction: Transaction) -> Moved:
    """In the pair as the user wrote it."""
    about = transaction.about
    info = (transaction.before.get("domain") or {}).get("info") or about.get("info")
    share = Decimal(str(about.get("percentage") or ALL)) / ALL
    told = moved(transaction.kind, transaction.result or {}, info, share)
    turn = Orientation(flipped=bool(about["flipped"]))
    base, quote = turn.amounts(told.base, told.quote)
    base_fee, quote_fee = turn.amounts(told.base_fee, told.quote_fee)
    none = Decimal(0)
    return Moved(base or none, quote or none, base_fee or none, quote_fee or none)


def event_values(transaction: Transaction, amounts: Moved, pool_type: str, address: str | None) -> dict[str, Any]:
    known = transaction.result is not None
    return {
        "transaction_id": transaction.id,
        "pool_type": pool_type,
        "event_type": TYPES[transaction.kind].value,
        "timestamp": transaction.created_at,
        "network": transaction.network_id,
        "connector": transaction.connector,
        "wallet_address": transaction.wallet,
        "pool_address": transaction.about["pool_address"],
        "position_address": address,
        "trading_pair": transaction.about["trading_pair"],
        "transaction_hash": transaction.hash,
        "base_token_amount": amounts.base if known else None,
        "quote_token_amount": amounts.quote if known else None,
        "base_fee_collected": amounts.base_fee if known else None,
        "quote_fee_collected": amounts.quote_fee if known else None,
        "gas_fee": transaction.fee,
        "gas_token": transaction.fee_token,
        "status": transaction.status.value,
        "state": transaction.state.value,
        "error_message": transaction.error,
    }


def _row(transaction: Transaction, address: str) -> dict[str, Any]:
    """Of a new position; its amounts follow from its events."""
    about, result = transaction.about, transaction.result or {}
    lower, upper = Decimal(about["lower_price"]), Decimal(about["upper_price"])
    return empty_row() | {
        "position_address": address,
        "pool_address": about["pool_address"],
        "network": transaction.network_id,
        "connector": transaction.connector,
        "wallet_address": transaction.wallet,
        "trading_pair": about["trading_pair"],
        "base_token": about["base"],
        "quote_token": about["quote"],
        "base_token_address": about["base_address"],
        "quote_token_address": about["quote_address"],
        "created_at": transaction.created_at,
        "last_updated": transaction.created_at,
        "lower_price": lower,
        "upper_price": upper,
        "entry_price": about["entry_price"],
        "current_price": about["entry_price"],
        "percentage": width(lower, upper),
        "position_rent": result.get("positionRent"),
    }


def empty_row() -> dict[str, Any]:
    amounts = ("initial_base_token_amount", "initial_quote_token_amount", "base_token_amount", "quote_token_amount")
    fees = ("base_fee_collected", "quote_fee_collected", "base_fee_pending", "quote_fee_pending")
    zeros = (*amounts, *fees, "withdrawn_base_amount", "withdrawn_quote_amount")
    return {"status": PositionStatus.OPEN.value, **dict.fromkeys(zeros, Decimal(0))}


def width(lower: Decimal, upper: Decimal) -> Decimal | None:
    """Of the range, as a share of its lower end."""
    return min(round((upper - lower) / lower, 6), Decimal(10) ** 17) if lower else None
