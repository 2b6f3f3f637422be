from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from aviary_common.models import DecimalNumber, Name, Tolerant, TradingPair, example
from aviary_common.timestamps import UtcTime


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

    @property
    def pairs(self) -> list[str]:
        return list(dict.fromkeys(pair for pair, _ in self.wanted))

    @property
    def names(self) -> list[str]:
        """Of the intervals."""
        return list(dict.fromkeys(interval for _, interval in self.wanted))

    @property
    def is_scalar(self) -> bool:
        """Whether the answer is a bare list."""
        return self.trading_pairs is None and self.intervals is None


class CandlesRequest(WhichCandles):
    model_config = example(
        {"connector_name": "sandbox", "trading_pair": "BTC-USDT", "interval": "1m", "max_records": 10}
    )

    max_records: Annotated[int, Field(ge=1)] = 500


class HistoricalCandlesRequest(WhichCandles):
    model_config = example(
        {
            "connector_name": "sandbox",
            "trading_pair": "BTC-USDT",
            "interval": "1h",
            "start_time": "2026-10-01T00:00:00Z",
            "end_time": "2026-10-02T00:00:00Z",
        }
    )

    start_time: UtcTime | None = None
    end_time: UtcTime | None = None

    @model_validator(mode="after")
    def start_before_end(self) -> Self:
        if self.start_time and self.end_time and self.start_time > self.end_time:
            raise ValueError("start_time must not be after end_time")
        return self


class CandleOut(BaseModel):
    """``timestamp`` is the open time in seconds; null where the venue does not tell."""

    model_config = example(
        {
            "timestamp": 1790856000.0,
            "open": 50000.0,
            "high": 50040.0,
            "low": 49980.0,
            "close": 50010.0,
            "volume": 12.5,
            "quote_asset_volume": 625100.0,
            "n_trades": 310,
            "taker_buy_base_volume": 6.1,
            "taker_buy_quote_volume": 305000.0,
        }
    )

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


CandleLists = dict[str, dict[str, list[CandleOut]]]
"""Pair, interval, candles."""
