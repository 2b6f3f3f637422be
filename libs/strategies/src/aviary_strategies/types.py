"""The trade's own words, by Hummingbot's names and numbers."""

from enum import IntEnum
from typing import NamedTuple


class Side(IntEnum):
    BUY = 1
    SELL = 2

    @property
    def sign(self) -> int:
        return 1 if self is Side.BUY else -1


class OrderType(IntEnum):
    MARKET = 1
    LIMIT = 2
    LIMIT_MAKER = 3


class CloseType(IntEnum):
    """How an executor ended; 0 stands for one that has not."""

    NONE = 0
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


class Market(NamedTuple):
    """Where something is traded."""

    connector_name: str
    trading_pair: str


class Feed(NamedTuple):
    """Candles that a controller looks at; ``records`` is how many it needs before its first decision."""

    market: Market
    interval: str
    records: int = 0
