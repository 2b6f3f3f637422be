"""What the store tells of itself."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Self

from pydantic import BaseModel

from aviary_market_data.candle_store.catalogue import Known
from aviary_market_data.candle_store.files import Series
from aviary_market_data.candle_store.spans import Gap, Span


class SpanOut(BaseModel):
    """``start`` belongs to it, ``end`` does not."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, span: Span) -> Self:
        return cls(start=datetime.fromtimestamp(span.start_s, UTC), end=datetime.fromtimestamp(span.end_s, UTC))


class GapOut(BaseModel):
    """Candles that are missing, and why."""

    start: datetime
    end: datetime
    reason: str

    @classmethod
    def of(cls, gap: Gap) -> Self:
        span = SpanOut.of(gap.span)
        return cls(start=span.start, end=span.end, reason=gap.reason)


class SeriesOut(BaseModel):
    """``digest`` changes when a candle does."""

    connector_name: str
    trading_pair: str
    interval: str
    ranges: list[SpanOut]
    rows: int
    bytes: int
    digest: str
    gaps: list[GapOut]

    @classmethod
    def of(cls, entry: tuple[Series, Known]) -> Self:
        series, known = entry
        months = known.months.values()
        return cls(
            connector_name=series.connector,
            trading_pair=series.trading_pair,
            interval=series.interval,
            ranges=[SpanOut.of(span) for span in known.ranges],
            rows=sum(month.rows for month in months),
            bytes=sum(month.bytes for month in months),
            digest=_digest(f"{name}:{month.digest}" for name, month in known.months.items()),
            gaps=[GapOut.of(gap) for gap in known.gaps],
        )


class Imported(BaseModel):
    """``still_open`` candles were left out."""

    connector_name: str
    trading_pair: str
    interval: str
    rows: int
    still_open: int
    start: datetime | None
    end: datetime | None


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
