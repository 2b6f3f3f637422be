"""Which event a change of a transaction is."""

from datetime import datetime

from aviary_common.bus import Event
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.states import ON_ITS_WAY, TxState
from aviary_messages.events import TransactionConfirmed, TransactionFailed, TransactionSubmitted


def event_of(transaction: Transaction, now: datetime) -> Event | None:
    plain = {
        "transaction_id": transaction.id,
        "transaction_hash": transaction.hash,
        "kind": transaction.kind.value,
        "chain": transaction.chain,
        "network": transaction.network,
        "connector": transaction.connector,
        "wallet_address": transaction.wallet,
        "state": transaction.state.value,
        "at": now,
    }
    if transaction.state in ON_ITS_WAY:
        return TransactionSubmitted.model_validate(plain)
    if transaction.state is TxState.CONFIRMED:
        return TransactionConfirmed.model_validate(plain | {"fee": transaction.fee, "fee_token": transaction.fee_token})
    if transaction.is_final:
        return TransactionFailed.model_validate(
            plain | {"reason": transaction.error or transaction.state.value.lower()}
        )
    return None
