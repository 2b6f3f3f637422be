"""An order book as Valkey keeps it: JSON, with the venue's own digits as text."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import orjson

from aviary_exchange.types import Level, OrderBook

Digits = tuple[str, str]
"""Price and amount."""


@dataclass(frozen=True, eq=False)
class Book:
    """Bids from high to low, asks from low to high. In a complete book each side has ``levels`` levels, or all that the
    venue has.

    ``at`` is when the owner had it, ``venue_at`` what the venue says, both in epoch seconds.
    """

    trading_pair: str
    bids: Sequence[Digits]
    asks: Sequence[Digits]
    levels: int
    is_complete: bool
    at: float
    venue_at: float
    update_id: int | None = None
    written: dict[tuple[str, int], str] = field(default_factory=dict)
    """What callers get of it, by form and depth: written once, however many ask."""

    @classmethod
    def of(cls, book: OrderBook, levels: int) -> "Book":
        bids, asks = _digits(book.bids), _digits(book.asks)
        return cls(
            book.trading_pair,
            bids,
            asks,
            levels,
            book.is_complete,
            time.time(),
            book.at.timestamp(),
            book.update_id,
        )

    @classmethod
    def from_json(cls, text: str, trading_pair: str) -> "Book":
        stored = orjson.loads(text)
        return cls(
            trading_pair,
            stored["bids"],
            stored["asks"],
            stored["levels"],
            stored["is_complete"],
            stored["at"],
            stored["venue_at"],
            stored["update_id"],
        )

    def to_json(self) -> bytes:
        return orjson.dumps(
            {
                "at": self.at,
                "venue_at": self.venue_at,
                "update_id": self.update_id,
                "levels": self.levels,
                "is_complete": self.is_complete,
                "bids": self.bids,
                "asks": self.asks,
            }
        )

    def has(self, depth: int) -> bool:
        """As many levels as that on each side, or all there are."""
        if depth <= min(len(self.bids), len(self.asks)):
            return True
        return self.is_complete and (depth <= self.levels or max(len(self.bids), len(self.asks)) < self.levels)

    def is_whole(self, side: Sequence[Level]) -> bool:
        """The venue has no more on that side."""
        return self.is_complete and len(side) < self.levels

    @cached_property
    def exact_bids(self) -> Sequence[Level]:
        return [Level(Decimal(price), Decimal(amount)) for price, amount in self.bids]

    @cached_property
    def exact_asks(self) -> Sequence[Level]:
        return [Level(Decimal(price), Decimal(amount)) for price, amount in self.asks]


def _digits(levels: Sequence[Level]) -> list[Digits]:
    return [(plain(level.price), plain(level.amount)) for level in levels]


def plain(value: Decimal) -> str:
    """The digits without exponent and without zeros at the end; as it stands, a JSON number."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
