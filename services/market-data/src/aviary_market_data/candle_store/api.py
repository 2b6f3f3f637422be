"""``/market-data/candles/...`` and ``/internal/candles``: what is stored, in, out and told."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse

from aviary_common.errors import BadRequest, NotFound, TooLarge
from aviary_common.http.document import in_forms, refusals
from aviary_common.models import Name, TradingPair
from aviary_common.pagination import Limit, Page
from aviary_common.timestamps import UtcTime
from aviary_market_data.candle_store.files import Series
from aviary_market_data.candle_store.headers import DIGEST, GAPS, gap_notes, told
from aviary_market_data.candle_store.rendering import COLUMNS, Column, Format
from aviary_market_data.candle_store.schemas import Imported, SeriesOut
from aviary_market_data.candle_store.service import CandleStore
from aviary_market_data.candle_store.transfer import KINDS, Transfer
from aviary_market_data.venues import Venues

router = APIRouter(prefix="/market-data/candles", tags=["Market data"])
internal = APIRouter(prefix="/internal", include_in_schema=False)
ARROW = "application/vnd.apache.arrow.stream"
CSV = "timestamp,open,high,low,close,volume\n1790812800,50000,50040,49980,50010,12.5\n"
FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": CSV},
            "application/vnd.apache.parquet": {"schema": {"type": "string"}},
        },
    }
}


async def store_of(request: Request) -> CandleStore:
    store: CandleStore = request.app.state.candle_store
    return store


async def transfer_of(request: Request) -> Transfer:
    transfer: Transfer = request.app.state.candle_transfer
    return transfer


async def series_of(connector_name: Name, trading_pair: TradingPair, interval: str = "1m") -> Series:
    return Series(connector_name, trading_pair, interval)


TransferDep = Annotated[Transfer, Depends(transfer_of)]
SeriesDep = Annotated[Series, Depends(series_of)]


@router.get("/catalogue", operation_id="list_stored_candles", responses=refusals(BadRequest, NotFound))
async def list_stored(
    store: Annotated[CandleStore, Depends(store_of)],
    connector_name: Name | None = None,
    trading_pair: TradingPair | None = None,
    limit: Annotated[Limit, Query()] = 100,
    cursor: str | None = None,
) -> Page[SeriesOut]:
    """The stored series: what has been fetched, how much it is, and what is missing."""
    connector = None if connector_name is None else Venues.source_of(connector_name)
    return (await store.page(connector, trading_pair, limit, cursor)).page(SeriesOut.of)


@router.post("/import", operation_id="import_candles", responses=refusals(NotFound, TooLarge), openapi_extra=FILE)
async def import_candles(
    series: SeriesDep, request: Request, transfer: TransferDep, overwrite: bool = False
) -> Imported:
    """Store the candles of a CSV or parquet file, which is the request's body."""
    content_type = request.headers.get("content-type", "")
    return await transfer.take(series, content_type, request.stream(), overwrite=overwrite)


@router.get(
    "/export",
    operation_id="export_candles",
    responses=in_forms(KINDS, "The file") | refusals(BadRequest, NotFound),
    response_class=FileResponse,
)
async def export_candles(
    series: SeriesDep,
    transfer: TransferDep,
    after: BackgroundTasks,
    start_time: UtcTime,
    end_time: UtcTime | None = None,
    format: Format = "csv",  # noqa: A002 - its name in the query
) -> FileResponse:
    """What is stored of a range as a file. X-Candle-Gaps names what is missing, and why."""
    file = await transfer.export(series, start_time, end_time, format)
    after.add_task(file.path.unlink, missing_ok=True)
    kind = next(name for name, each in KINDS.items() if each == format)
    headers = {GAPS: told(gap_notes(series.trading_pair, series.interval, file.gaps))}
    return FileResponse(file.path, media_type=kind, filename=file.name, headers=headers, background=after)


@internal.get("/candles")
async def get_arrow(
    series: SeriesDep,
    transfer: TransferDep,
    start_time: UtcTime,
    end_time: UtcTime | None = None,
    column: Annotated[list[Column] | None, Query()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """What is stored of a range as an Arrow stream, for other services; all columns, or those that are named. Who has
    the candles already names their digest in If-None-Match, and is told 304 while they are the same."""
    if if_none_match is not None and if_none_match == await transfer.digest(series, start_time, end_time):
        return Response(status_code=304, headers={DIGEST: if_none_match})
    arrow = await transfer.arrow(series, start_time, end_time, column or COLUMNS)
    headers = {DIGEST: arrow.digest, GAPS: told(gap_notes(series.trading_pair, series.interval, arrow.gaps))}
    return Response(arrow.content, media_type=ARROW, headers=headers)
