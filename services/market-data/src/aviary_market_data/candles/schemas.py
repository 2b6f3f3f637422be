from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from aviary_common.models import DecimalNumber, Name, Tolerant, TradingPair
from aviary_common.timestamps import UtcTime
from aviary_exchange.types import Candle


class WhichCandles(Tolerant):
    """One pair and interval, or lists of both; the answer has the form of the question."""

    connector_name: Name
    trading_pair: TradingPair | None = None
    interval: str = "1m"
    trading_pairs: Annotated[list[TradingPair], Field(min_length=1, max_length=50)] | None = None
    intervals: Annotated[list[str], Field(min_length=1, max_length=20)] | None = None

    @model_validator(mode="after")
    def some_pair(self) -> Self:
        if self.trading_pair is None and self.trading_pairs is None:
            raise ValueError("trading_pair or trading_pairs is required")
        return self

    @property
    def wanted(self) -> list[tuple[str, str]]:
        """All pairs with all intervals."""
        pairs = self.trading_pairs if self.trading_pairs is not None else [self.trading_pair or ""]
        every = ((pair, interval) for pair in pairs for interval in self.intervals or [self.interval])
        return list(dict.fromkeys(every))


class CandlesRequest(WhichCandles):
    max_records: Annotated[int, Field(ge=1)] = 500


class HistoricalCandlesRequest(WhichCandles):
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None

    @model_validator(mode="after")
    def start_before_end(self) -> Self:
        if self.start_time and self.end_time and self.start_time > self.end_time:
            raise ValueError("start_time must not be after end_time")
        return self


class CandleOut(BaseModel):
    """``timestamp`` is the open time in seconds; null where the venue does not tell."""

    timestamp: float
    open: DecimalNumber
    high: DecimalNumber
    low: DecimalNumber
    close: DecimalNumber
    volume: DecimalNumber
    quote_asset_volume: DecimalNumber | None
    n_trades: int | None
    taker_buy_base_volume: DecimalNumber | None
    taker_buy_quote_volume: DecimalNumber | None

    @classmethod
    def of(cls, candle: Candle) -> Self:
        return cls(
            timestamp=candle.open_time_s,
            open=candle.open,
            high=candle.high,
            low=candle.low,
            close=candle.close,
            volume=candle.volume,
            quote_asset_volume=candle.quote_volume,
            n_trades=candle.trades,
            taker_buy_base_volume=candle.taker_buy_base,
            taker_buy_quote_volume=candle.taker_buy_quote,
        )


CandleLists = dict[str, dict[str, list[CandleOut]]]
"""Pair, interval, candles."""


def in_form_of(question: WhichCandles, found: dict[tuple[str, str], list[CandleOut]]) -> list[CandleOut] | CandleLists:
    """A bare list for the scalar form, a list per pair and interval for the list form."""
    if question.trading_pairs is None and question.intervals is None:
        return found[question.wanted[0]]
    lists: CandleLists = {}
    for (pair, interval), candles in found.items():
        lists.setdefault(pair, {})[interval] = candles
    return lists
