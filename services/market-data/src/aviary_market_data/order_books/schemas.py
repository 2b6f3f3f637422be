from typing import Annotated, Self

from pydantic import BaseModel, Field

from aviary_common.models import DecimalNumber, Name, Tolerant, TradingPair
from aviary_exchange.types import Level, OrderBook


class OrderBookRequest(Tolerant):
    connector_name: Name
    trading_pair: TradingPair
    depth: Annotated[int, Field(ge=1, le=1000)] = 10


class LevelOut(BaseModel):
    price: DecimalNumber
    amount: DecimalNumber

    @classmethod
    def of(cls, level: Level) -> Self:
        return cls(price=level.price, amount=level.amount)


class OrderBookOut(BaseModel):
    """Bids from high to low, asks from low to high; ``timestamp`` in seconds is when the venue was read."""

    trading_pair: str
    bids: list[LevelOut]
    asks: list[LevelOut]
    timestamp: float

    @classmethod
    def of(cls, book: OrderBook, depth: int) -> Self:
        return cls(
            trading_pair=book.trading_pair,
            bids=[LevelOut.of(level) for level in book.bids[:depth]],
            asks=[LevelOut.of(level) for level in book.asks[:depth]],
            timestamp=book.at.timestamp(),
        )
