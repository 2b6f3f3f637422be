from collections.abc import Mapping

from pydantic import BaseModel

from aviary_market_data.tickers.snapshot import Quote, Snapshot


class TickerOut(BaseModel):
    """``bid`` and ``ask`` are null where the venue's tickers have none; ``timestamp`` in seconds."""

    price: float
    bid: float | None
    ask: float | None
    timestamp: float


class TickersOut(BaseModel):
    """By connector: the tickers of its pairs, how old they are in seconds, or why there are none."""

    tickers: dict[str, dict[str, TickerOut]]
    ages_s: dict[str, float]
    errors: dict[str, str]
    timestamp: float


def tickers_of(snapshot: Snapshot) -> Mapping[str, Mapping[str, float | None]]:
    """Plain, because a venue may list thousands of pairs."""
    return {pair: _ticker(quote, snapshot.read_at) for pair, quote in snapshot.quotes.items()}


def _ticker(quote: Quote, read_at: float) -> Mapping[str, float | None]:
    return {
        "price": float(quote.last),
        "bid": None if quote.bid is None else float(quote.bid),
        "ask": None if quote.ask is None else float(quote.ask),
        "timestamp": read_at,
    }
