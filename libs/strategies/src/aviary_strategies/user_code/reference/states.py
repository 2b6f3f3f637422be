"""Enumerations of executors, with Hummingbot's numbers."""

from enum import Enum


class CloseType(Enum):
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


class RunnableStatus(Enum):
    NOT_STARTED = 1
    RUNNING = 2
    SHUTTING_DOWN = 3
    TERMINATED = 4


class ExecutionStrategy(Enum):
    LIMIT = 0
    LIMIT_MAKER = 1
    MARKET = 2
    LIMIT_CHASER = 3


class DCAMode(Enum):
    MAKER = "MAKER"
    TAKER = "TAKER"
