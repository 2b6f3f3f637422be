"""What somebody has learnt about a transaction, and the transaction after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.settings import TransactionPace
from aviary_gateway_proxy.transactions.states import FINAL, ON_ITS_WAY, TxState, may_move


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is ``None`` leaves what was known. ``fee`` is in the chain's own currency."""

    state: TxState
    hash: str | None = None
    result: Mapping[str, Any] | None = None
    fee: Decimal | None = None
    fee_token: str | None = None
    error: str | None = None
    answered: bool | None = None
    """Whether Gateway is done with it: otherwise it may still send."""


def after(current: Transaction, outcome: Outcome, now: datetime, pace: TransactionPace) -> Transaction:
    """News may come late or twice: what the table does not allow changes nothing."""
    if current.is_final or not may_move(current.state, outcome.state):
        return current
    changed = replace(
        current,
        state=outcome.state,
        hash=outcome.hash or current.hash,
        result=current.result if outcome.result is None else dict(outcome.result),
        fee=current.fee if outcome.fee is None else outcome.fee,
        fee_token=outcome.fee_token or current.fee_token,
        answered=current.answered if outcome.answered is None else outcome.answered,
        error=None if outcome.state is TxState.CONFIRMED else outcome.error or current.error,
        settled_at=now if outcome.state in FINAL else None,
        look_at=now + pace.next_look(current.age(now)),
    )
    return replace(changed, in_flight=current.in_flight and still_blocks(changed, now, pace))


def still_blocks(transaction: Transaction, now: datetime, pace: TransactionPace) -> bool:
    """Whether the wallet's next one must wait: on EVM chains the next nonce is free when this one is used, on others
    as soon as Gateway has answered."""
    if transaction.is_final:
        return False
    if transaction.state in ON_ITS_WAY:
        return transaction.sender.is_evm and transaction.age(now).total_seconds() < pace.hold_s
    return True
