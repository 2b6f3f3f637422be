"""What callers hear of a transaction."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from aviary_common.models import DecimalText
from aviary_gateway_proxy.transactions.record import Transaction, TxKind
from aviary_gateway_proxy.transactions.states import TxState, TxStatus

UNKNOWN = "unknown"
SUBMITTED = "submitted"


def told_status(transaction: Transaction) -> str:
    """``unknown`` while it is being found out what has become of it."""
    return UNKNOWN if transaction.state is TxState.UNKNOWN else SUBMITTED


class TransactionOut(BaseModel):
    """``status`` is SUBMITTED, CONFIRMED or FAILED, ``state`` says it finer."""

    transaction_id: str
    transaction_hash: str | None
    kind: TxKind
    network: str
    connector: str | None
    wallet_address: str
    status: TxStatus
    state: TxState
    gas_fee: DecimalText | None
    gas_token: str | None
    error_message: str | None
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    about: dict[str, Any]

    @classmethod
    def of(cls, transaction: Transaction) -> Self:
        return cls(
            transaction_id=str(transaction.id),
            transaction_hash=transaction.hash,
            kind=transaction.kind,
            network=transaction.network_id,
            connector=transaction.connector,
            wallet_address=transaction.wallet,
            status=transaction.status,
            state=transaction.state,
            gas_fee=transaction.fee,
            gas_token=transaction.fee_token,
            error_message=transaction.error,
            created_at=transaction.created_at,
            sent_at=transaction.sent_at,
            settled_at=transaction.settled_at,
            about=transaction.about,
        )
