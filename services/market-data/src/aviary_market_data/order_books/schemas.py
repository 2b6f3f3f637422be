from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from aviary_common.models import Amount, DecimalNumber, Name, Tolerant, TradingPair, aliases, example
from aviary_market_data.order_books.questions import Answered


class OrderBookRequest(Tolerant):
    model_config = example({"connector_name": "sandbox", "trading_pair": "BTC-USDT", "depth": 5})

    connector_name: Name
    trading_pair: TradingPair
    depth: Annotated[int, Field(ge=1, le=1000)] = 10


class LevelOut(BaseModel):
    price: DecimalNumber
    amount: DecimalNumber


class OrderBookOut(BaseModel):
    """Bids from high to low, asks from low to high. ``timestamp`` in seconds is the venue's, ``age_s`` how long ago
    the book was known to be so; it comes from the live ``feed`` or was asked of the ``venue``."""

    trading_pair: str
    bids: list[LevelOut]
    asks: list[LevelOut]
    timestamp: float
    update_id: int | None
    """The venue's number of the last change in it, where it counts them."""
    age_s: float
    source: Literal["feed", "venue"]


class BookQuestion(Tolerant):
    """Either ``is_buy`` or ``side``; a buyer walks the asks upward, a seller the bids downward."""

    connector_name: Name
    trading_pair: TradingPair
    is_buy: bool

    @model_validator(mode="before")
    @classmethod
    def side_says_the_same(cls, given: object) -> object:
        if not isinstance(given, Mapping) or given.get("is_buy") is not None:
            return given
        side = str(given.get("side", "")).strip().lower()
        if side not in ("buy", "sell"):
            raise ValueError('is_buy (true or false) or side ("buy" or "sell") is required')
        return {**given, "is_buy": side == "buy"}


class VolumeQuestion(BookQuestion):
    model_config = example({"connector_name": "sandbox", "trading_pair": "BTC-USDT", "is_buy": True, "volume": "0.1"})

    volume: Amount


class QuoteVolumeQuestion(BookQuestion):
    model_config = example(
        {"connector_name": "sandbox", "trading_pair": "BTC-USDT", "is_buy": True, "quote_volume": "5000"}
    )

    quote_volume: Amount = aliases("quote_volume", "volume")


class PriceQuestion(BookQuestion):
    model_config = example({"connector_name": "sandbox", "trading_pair": "BTC-USDT", "is_buy": True, "price": "60000"})

    price: Amount


class BookAnswer(BaseModel):
    """What does not apply is null, and so is what the book cannot answer: ``reason`` then says why."""

    trading_pair: str
    is_buy: bool
    query_volume: DecimalNumber | None = None
    query_quote_volume: DecimalNumber | None = None
    query_price: DecimalNumber | None = None
    result_price: DecimalNumber | None = None
    result_volume: DecimalNumber | None = None
    result_quote_volume: DecimalNumber | None = None
    average_price: DecimalNumber | None = None
    reason: str | None = None
    timestamp: float
    age_s: float
    source: Literal["feed", "venue"]

    @classmethod
    def of(cls, question: BookQuestion, answer: Answered) -> Self:
        walk = answer.walk
        return cls(
            trading_pair=question.trading_pair,
            is_buy=question.is_buy,
            query_volume=getattr(question, "volume", None),
            query_quote_volume=getattr(question, "quote_volume", None),
            query_price=getattr(question, "price", None),
            result_price=walk.price,
            result_volume=walk.volume or None,
            result_quote_volume=walk.quote_volume or None,
            average_price=walk.average_price,
            reason=answer.reason,
            timestamp=answer.read.book.venue_at,
            age_s=round(answer.read.age_s, 3),
            source=answer.read.source,
        )
