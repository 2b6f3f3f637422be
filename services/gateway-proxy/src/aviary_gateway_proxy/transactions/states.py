"""The states of a transaction and the ways between them, as a table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class TxState(StrEnum):
    PENDING = "PENDING"
    """The intent is written; nothing has been sent."""
    SENT = "SENT"
    """Gateway is being asked; nobody knows yet what became of it."""
    SUBMITTED = "SUBMITTED"
    """It has a hash and is not final."""
    UNKNOWN = "UNKNOWN"
    """Gateway's answer was lost or says too little: what has happened is being found out."""
    CONFIRMED = "CONFIRMED"
    REVERTED = "REVERTED"
    """Mined, and refused by the contract."""
    DROPPED = "DROPPED"
    """No node knows it any more, and nothing can bring it back."""
    FAILED = "FAILED"
    """It never reached the chain."""
    REJECTED = "REJECTED"
    """Refused before it could be sent."""


class TxStatus(StrEnum):
    """What the API tells."""

    SUBMITTED = "SUBMITTED"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"


class IllegalTransition(Exception):
    """A caller tried to move a transaction where the table does not allow it."""


S = TxState
FINAL: Final = frozenset({S.CONFIRMED, S.REVERTED, S.DROPPED, S.FAILED, S.REJECTED})
UNFINISHED: Final = frozenset(TxState) - FINAL
ON_ITS_WAY: Final = frozenset({S.SUBMITTED, S.UNKNOWN})

_ENDS: Final = frozenset({S.CONFIRMED, S.REVERTED, S.DROPPED, S.FAILED})
TRANSITIONS: Final[Mapping[TxState, frozenset[TxState]]] = {
    S.PENDING: frozenset({S.SENT, S.REJECTED}),
    S.SENT: frozenset({S.SUBMITTED, S.UNKNOWN, S.REJECTED}) | _ENDS,
    S.UNKNOWN: frozenset({S.SUBMITTED}) | _ENDS,
    S.SUBMITTED: _ENDS,
    S.CONFIRMED: frozenset(),
    S.REVERTED: frozenset(),
    S.DROPPED: frozenset(),
    S.FAILED: frozenset(),
    S.REJECTED: frozenset(),
}


def may_move(current: TxState, target: TxState) -> bool:
    return target is current or target in TRANSITIONS[current]


def move(current: TxState, target: TxState) -> TxState:
    if not may_move(current, target):
        raise IllegalTransition(f"{current} -> {target}")
    return target


def status_of(state: TxState) -> TxStatus:
    if state is S.CONFIRMED:
        return TxStatus.CONFIRMED
    return TxStatus.FAILED if state in FINAL else TxStatus.SUBMITTED
