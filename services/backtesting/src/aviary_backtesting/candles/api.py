"""``POST /backtesting/candles``: candles of one's own."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from aviary_backtesting.candles.sent import SentCandles
from aviary_backtesting.candles.uploads import Upload
from aviary_backtesting.runs.asked import Interval
from aviary_common.errors import TooLarge
from aviary_common.http.document import refusals

router = APIRouter(prefix="/backtesting", tags=["Backtesting"])
CSV = """timestamp,open,high,low,close,volume
1790812800,50000,50040,49980,50010,12.5
1790812860,50010,50030,50000,50020,8.1
"""
FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": CSV},
            "application/vnd.apache.parquet": {"schema": {"type": "string"}},
        },
    }
}


class UploadOut(BaseModel):
    """``digest`` is what a backtest names as its ``candles``; ``end`` is when the last candle opens."""

    digest: str
    interval_s: int
    rows: int
    start: datetime
    end: datetime

    @classmethod
    def of(cls, upload: Upload) -> "UploadOut":
        return cls(
            digest=upload.digest,
            interval_s=upload.interval_s,
            rows=upload.rows,
            start=datetime.fromtimestamp(upload.start_s, UTC),
            end=datetime.fromtimestamp(upload.end_s, UTC),
        )


async def sent_of(request: Request) -> SentCandles:
    sent: SentCandles = request.app.state.sent_candles
    return sent


@router.post(
    "/candles",
    operation_id="upload_backtest_candles",
    responses=refusals(TooLarge),
    status_code=201,
    openapi_extra=FILE,
)
async def upload(
    request: Request, sent: Annotated[SentCandles, Depends(sent_of)], interval: Interval | None = None
) -> UploadOut:
    """Send candles as CSV or parquet in the body. The interval is taken from them where it is not given."""
    content_type = request.headers.get("content-type", "")
    return UploadOut.of(await sent.take(content_type, request.stream(), interval))
