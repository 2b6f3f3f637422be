"""The states of an order and the ways between them, as a table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from aviary_exchange.types import VenueOrderState


class OrderState(StrEnum):
    PENDING_CREATE = "PENDING_CREATE"
    """The intent is written; whether the venue has the order is not known yet."""
    OPEN = "OPEN"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    PENDING_CANCEL = "PENDING_CANCEL"
    """A cancellation was sent and the venue has not confirmed it yet."""
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    """The venue proved that it does not have the order. Should it show the order after all, the venue is right."""


S = OrderState
FINAL: Final = frozenset({S.FILLED, S.CANCELLED, S.FAILED})
ACTIVE: Final = frozenset(OrderState) - FINAL

TRANSITIONS: Final[Mapping[OrderState, frozenset[OrderState]]] = {
    S.PENDING_CREATE: frozenset({S.OPEN, S.PARTIALLY_FILLED, S.FILLED, S.PENDING_CANCEL, S.CANCELLED, S.FAILED}),
    S.OPEN: frozenset({S.PARTIALLY_FILLED, S.FILLED, S.PENDING_CANCEL, S.CANCELLED}),
    S.PARTIALLY_FILLED: frozenset({S.FILLED, S.PENDING_CANCEL, S.CANCELLED}),
    S.PENDING_CANCEL: frozenset({S.OPEN, S.PARTIALLY_FILLED, S.FILLED, S.CANCELLED, S.FAILED}),
    S.FILLED: frozenset(),
    S.CANCELLED: frozenset(),
    S.FAILED: frozenset({S.OPEN, S.PARTIALLY_FILLED, S.FILLED, S.CANCELLED}),
}

_FROM_VENUE: Final[Mapping[VenueOrderState, OrderState]] = {
    VenueOrderState.OPEN: S.OPEN,
    VenueOrderState.PARTIALLY_FILLED: S.PARTIALLY_FILLED,
    VenueOrderState.FILLED: S.FILLED,
    VenueOrderState.CANCELLED: S.CANCELLED,
    VenueOrderState.REJECTED: S.FAILED,
}

ALIASES: Final[Mapping[str, OrderState]] = {
    "SUBMITTED": S.PENDING_CREATE,
    "CANCELED": S.CANCELLED,
    "PENDING_APPROVAL": S.PENDING_CREATE,
    "COMPLETED": S.FILLED,
}


class IllegalTransition(Exception):
    """A caller tried to move an order where the table does not allow it."""


def may_move(current: OrderState, target: OrderState) -> bool:
    return target is current or target in TRANSITIONS[current]


def move(current: OrderState, target: OrderState) -> OrderState:
    if not may_move(current, target):
        raise IllegalTransition(f"{current} -> {target}")
    return target


def seen_at_venue(current: OrderState, venue: VenueOrderState) -> OrderState:
    """The state after a report. Reports may come late or twice, so one that the table does not allow changes nothing;
    while a cancellation is under way, only its end or a fill to the end is news."""
    target = _FROM_VENUE[venue]
    if current is S.PENDING_CANCEL and target in {S.OPEN, S.PARTIALLY_FILLED}:
        return current
    return target if target in TRANSITIONS[current] else current


def parse_state(text: str) -> OrderState:
    """A state by its name or by one of the names other systems use; ``ValueError`` otherwise."""
    folded = text.strip().upper()
    return ALIASES.get(folded) or OrderState(folded)
