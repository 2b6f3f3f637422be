"""What tells one state of the stored candles from another."""

from collections.abc import Sequence
from hashlib import blake2b

from aviary_market_data.candle_store.catalogue import Known
from aviary_market_data.candle_store.files import Series
from aviary_market_data.candle_store.grid import by_month, month_name
from aviary_market_data.candle_store.spans import Span


def months_of(span: Span) -> list[str]:
    return [month_name(part.start_s) for part in by_month(span)]


def editions(known: Known, span: Span) -> list[str]:
    """Of the files that a span is read from."""
    return [f"{month}:{known.months[month].digest}" for month in months_of(span) if month in known.months]


def digest(series: Series, interval: str, span: Span, made_of: Sequence[str], missing: Sequence[Span]) -> str:
    """Of candles of an interval, made from a series' files; ``missing`` is what has never been fetched."""
    told = repr((series, interval, span, made_of, missing))
    return blake2b(told.encode(), digest_size=16).hexdigest()
