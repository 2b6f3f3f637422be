"""What a transaction means for the swaps: one row each, written again with all news."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_gateway_proxy.swaps.amounts import Side, Traded
from aviary_gateway_proxy.swaps.tables import swap
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.recover import Evidence
from aviary_gateway_proxy.transactions.snapshot import Snapshot


async def record(connection: AsyncConnection, transaction: Transaction) -> None:
    """A ``Projection``."""
    values = _values(transaction)
    changed = {name: value for name, value in values.items() if name not in ("transaction_id", "timestamp")}
    statement = insert(swap).values(values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["transaction_id"], set_=changed))


async def witness(transaction: Transaction, before: Snapshot, balances: Mapping[str, int]) -> Evidence:
    """A swap moves both balances, the one up and the other down; by how much is what was traded."""
    ends = [each for each in transaction.about.get("tokens") or () if each]
    if len(ends) < 2 or any(address not in balances or address not in before.balances for address, _ in ends):
        return Evidence(None)
    base, quote = (_moved(each, before, balances) for each in ends)
    if not base and not quote:
        return Evidence(seen=False)
    given, got = (quote, base) if transaction.about["side"] == Side.BUY.value else (base, quote)
    if given >= 0 or got <= 0:
        return Evidence(None)
    return Evidence(seen=True, result={"amountIn": str(-given), "amountOut": str(got)})


def _moved(token: list[Any], before: Snapshot, balances: Mapping[str, int]) -> Decimal:
    address, decimals = token
    return Decimal(balances[address] - before.balances[address]).scaleb(-int(decimals))


def _values(transaction: Transaction) -> dict[str, Any]:
    about, side = transaction.about, Side(transaction.about["side"])
    amount = Decimal(about["amount"])
    told = Traded.told(transaction.result)
    # What the caller fixed is known even when nobody has told the amounts.
    into = told.into if told.into is not None else amount if side is Side.SELL else None
    out = told.out if told.out is not None else amount if side is Side.BUY else None
    return {
        "transaction_id": transaction.id,
        "transaction_hash": transaction.hash,
        "timestamp": transaction.created_at,
        "network": transaction.network_id,
        "connector": transaction.connector,
        "trading_type": about["trading_type"],
        "wallet_address": transaction.wallet,
        "trading_pair": about["trading_pair"],
        "base_token": about["base"],
        "quote_token": about["quote"],
        "side": side.value,
        "amount": amount,
        "input_amount": into,
        "output_amount": out,
        "price": Traded(into, out).price(side),
        "slippage_pct": about.get("slippage_pct"),
        "gas_fee": transaction.fee,
        "gas_token": transaction.fee_token,
        "status": transaction.status.value,
        "state": transaction.state.value,
        "pool_address": about.get("pool_address"),
        "quote_id": about.get("quote_id"),
        "error_message": transaction.error,
    }
