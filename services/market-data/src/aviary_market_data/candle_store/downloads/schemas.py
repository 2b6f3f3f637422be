"""What downloads take and answer."""

from datetime import UTC, datetime
from typing import Self

from pydantic import BaseModel, model_validator

from aviary_common.models import Name, Tolerant, TradingPair, example
from aviary_common.timestamps import UtcTime
from aviary_market_data.candle_store.downloads.store import Download, State
from aviary_market_data.candle_store.schemas import GapOut


class NewDownload(Tolerant):
    model_config = example(
        {
            "connector_name": "sandbox",
            "trading_pair": "BTC-USDT",
            "interval": "1m",
            "start_time": "2026-10-01T00:00:00Z",
            "end_time": "2026-10-02T00:00:00Z",
        }
    )

    connector_name: Name
    trading_pair: TradingPair
    interval: str = "1m"
    start_time: UtcTime
    end_time: UtcTime | None = None
    """Now, if it is not given."""

    @model_validator(mode="after")
    def start_before_end(self) -> Self:
        if self.end_time and self.start_time > self.end_time:
            raise ValueError("start_time must not be after end_time")
        return self


class DownloadOut(BaseModel):
    """``interval`` is what is fetched: longer candles are put together from those of a minute where they can be.
    ``done`` counts what is stored already, too; ``end_time`` is when the last candle closes."""

    id: int
    connector_name: str
    trading_pair: str
    interval: str
    start_time: datetime
    end_time: datetime
    state: State
    done: int
    total: int
    position: datetime
    gaps: list[GapOut]
    error: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, download: Download) -> Self:
        return cls(
            id=download.id,
            connector_name=download.series.connector,
            trading_pair=download.series.trading_pair,
            interval=download.series.interval,
            start_time=datetime.fromtimestamp(download.span.start_s, UTC),
            end_time=datetime.fromtimestamp(download.span.end_s, UTC),
            state=download.state,
            done=download.done,
            total=download.total,
            position=datetime.fromtimestamp(download.position_s, UTC),
            gaps=[GapOut.of(gap) for gap in download.gaps],
            error=download.error,
            created_at=download.created_at,
            updated_at=download.updated_at,
        )
