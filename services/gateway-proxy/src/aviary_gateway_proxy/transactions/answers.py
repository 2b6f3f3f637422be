"""What Gateway's answer to a transaction means. Plain rules on plain values."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from aviary_gateway_proxy.transactions.outcome import Outcome
from aviary_gateway_proxy.transactions.states import TxState
from aviary_gateway_proxy.upstream.client import Answer
from aviary_gateway_proxy.upstream.errors import words_of

REFUSED: Final = "The contract refused it: the transaction was reverted."
CONFIRMED: Final = 1
FAILED: Final = -1
NO_HASH: Final = re.compile(r"0x0{64}")
"""What Gateway answers for an approval that was not necessary."""

HASH: Final = re.compile(r'transactionHash[\\"]*\s*[:=]\s*[\\"]*(0x[0-9a-fA-F]{64})')
REVERTED: Final = re.compile(r'\\?"status\\?"\s*:\s*0\b|CALL_EXCEPTION')
NEVER_SENT: Final = re.compile(
    r"nonce has already been used|NONCE_EXPIRED|replacement fee too low|REPLACEMENT_UNDERPRICED|insufficient funds"
    r"|wallet not found|invalid password|wrong password|bad decrypt|token not found|pool not found|invalid BigNumber",
    re.IGNORECASE,
)
"""With a 500 Gateway says so before anything has left it. A nonce that is taken belongs to somebody else's."""


def outcome_of(answer: Answer) -> Outcome:
    """``UNKNOWN`` for whatever does not prove what has happened: a 500 often hides a transaction that will be mined."""
    if answer.is_good:
        return _of_good(answer.body)
    words = words_of(answer.body)
    if answer.status < 500:
        return Outcome(state=TxState.REJECTED, error=words)
    message = _message(answer.body)
    if found := HASH.search(message):
        reverted = bool(REVERTED.search(message))
        error = REFUSED if reverted else words
        return Outcome(
            state=TxState.REVERTED if reverted else TxState.SUBMITTED,
            hash=found.group(1),
            error=error,
        )
    if NEVER_SENT.search(message):
        return Outcome(state=TxState.REJECTED, error=words)
    return Outcome(state=TxState.UNKNOWN, error=words, answered=True)


def _of_good(body: Any) -> Outcome:
    told: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    key, status = str(told.get("signature") or ""), told.get("status")
    data = told.get("data")
    result = dict(data) if isinstance(data, Mapping) else None
    if NO_HASH.fullmatch(key):
        return Outcome(state=TxState.CONFIRMED, result=result or {})
    if not key:
        return Outcome(
            state=TxState.UNKNOWN, result=result, error="Gateway answered without a signature.", answered=True
        )
    if status == FAILED:
        return Outcome(state=TxState.FAILED, hash=key, result=result, error="Gateway says that it failed.")
    state = TxState.CONFIRMED if status == CONFIRMED else TxState.SUBMITTED
    return Outcome(state=state, hash=key, result=result, fee=fee_in(result))


def fee_in(result: Mapping[str, Any] | None) -> Decimal | None:
    """What Gateway says that the transaction cost."""
    told = (result or {}).get("fee")
    try:
        return None if told is None else Decimal(str(told))
    except InvalidOperation:
        return None


def _message(body: Any) -> str:
    return str(body.get("message") or "") if isinstance(body, Mapping) else str(body)
