"""The numbers that Hummingbot stores for its enums."""

from enum import IntEnum
from typing import Final


class RunnableStatus(IntEnum):
    NOT_STARTED = 1
    RUNNING = 2
    SHUTTING_DOWN = 3
    TERMINATED = 4


class CloseType(IntEnum):
    TIME_LIMIT = 1
    STOP_LOSS = 2
    TAKE_PROFIT = 3
    EXPIRED = 4
    EARLY_STOP = 5
    TRAILING_STOP = 6
    INSUFFICIENT_BALANCE = 7
    FAILED = 8
    COMPLETED = 9
    POSITION_HOLD = 10


class Side(IntEnum):
    BUY = 1
    SELL = 2


NONE: Final = 0


def name_of(kind: type[IntEnum], stored: int) -> int | str | None:
    """A number that a newer release has added stays a number."""
    if stored == NONE:
        return None
    return kind(stored).name if stored in set(kind) else stored
