"""The life of a run, as a table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        return not NEXT[self]


NEXT: Final[Mapping[Status, frozenset[Status]]] = {
    Status.PENDING: frozenset({Status.RUNNING, Status.FAILED, Status.CANCELLED}),
    Status.RUNNING: frozenset({Status.PENDING, Status.COMPLETED, Status.FAILED, Status.CANCELLED}),
    Status.COMPLETED: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
}
UNFINISHED: Final = tuple(status for status in Status if NEXT[status])


def before(status: Status) -> tuple[Status, ...]:
    """From which it may be reached."""
    return tuple(each for each, following in NEXT.items() if status in following)


class Phase(StrEnum):
    """What a worker is at."""

    CANDLES = "candles"
    RUNNING = "running"
    SAVING = "saving"
