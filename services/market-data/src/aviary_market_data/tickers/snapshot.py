"""All tickers of one connector as they were read together, and their form in Valkey."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import orjson

from aviary_exchange.types import Ticker
from aviary_market_data.rates.market import Market


@dataclass(frozen=True, slots=True)
class Quote:
    last: Decimal
    bid: Decimal | None
    ask: Decimal | None


@dataclass(frozen=True)
class Snapshot:
    """``read_at`` is wall time in seconds, taken before the venue was asked."""

    read_at: float
    quotes: Mapping[str, Quote]

    @cached_property
    def market(self) -> Market:
        """The same prices, prepared for finding rates."""
        return Market({pair: quote.last for pair, quote in self.quotes.items()})

    @classmethod
    def of(cls, read_at: float, tickers: Iterable[Ticker]) -> "Snapshot":
        return cls(read_at, {each.trading_pair: Quote(each.last, each.bid, each.ask) for each in tickers})

    @classmethod
    def parse(cls, document: str) -> "Snapshot":
        told = orjson.loads(document)
        quotes = {
            pair: Quote(Decimal(last), _decimal(bid), _decimal(ask))
            for pair, (last, bid, ask) in told["quotes"].items()
        }
        return cls(told["read_at"], quotes)

    def document(self) -> str:
        quotes = {pair: (str(each.last), _text(each.bid), _text(each.ask)) for pair, each in self.quotes.items()}
        return orjson.dumps({"read_at": self.read_at, "quotes": quotes}).decode()


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
