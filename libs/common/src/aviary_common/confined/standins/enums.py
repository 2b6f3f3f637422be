"""Hummingbot's enumerations that stand in configs, with its numbers."""

from enum import Enum
from typing import TypeVar

E = TypeVar("E", bound=Enum)


class OrderType(Enum):
    MARKET = 1
    LIMIT = 2
    LIMIT_MAKER = 3
    AMM_SWAP = 4

    def is_limit_type(self) -> bool:
        return self in (OrderType.LIMIT, OrderType.LIMIT_MAKER)


class TradeType(Enum):
    BUY = 1
    SELL = 2
    RANGE = 3


class PositionAction(Enum):
    OPEN = "OPEN"
    CLOSE = "CLOSE"
    NIL = "NIL"


class PositionSide(Enum):
    LONG = "LONG"
    SHORT = "SHORT"
    BOTH = "BOTH"


class PositionMode(Enum):
    HEDGE = "HEDGE"
    ONEWAY = "ONEWAY"


class PriceType(Enum):
    MidPrice = 1
    BestBid = 2
    BestAsk = 3
    LastTrade = 4
    LastOwnTrade = 5
    InventoryCost = 6
    Custom = 7


class ClientConfigEnum(Enum):
    def __str__(self) -> str:
        return str(self.value)


def parse_enum_value(kind: type[E], value: object, field_name: str | None = None) -> object:
    """A member by its name in any case, or by its value; what is no text or number is left to pydantic."""
    if isinstance(value, str) and value.strip().upper() in kind.__members__:
        return kind[value.strip().upper()]
    if isinstance(value, str | int):
        try:
            return kind(int(value) if isinstance(value, str) and value.isdecimal() else value)
        except ValueError:
            names = ", ".join(kind.__members__)
            raise ValueError(f"{field_name or kind.__name__} is {value!r} and must be one of {names}") from None
    return value
