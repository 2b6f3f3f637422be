"""``/market-data/downloads``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_common.pagination import Limit, Page
from aviary_market_data.candle_store.downloads.schemas import DownloadOut, NewDownload
from aviary_market_data.candle_store.downloads.service import Downloads

router = APIRouter(prefix="/market-data/downloads", tags=["Market data"])


async def downloads_of(request: Request) -> Downloads:
    downloads: Downloads = request.app.state.downloads
    return downloads


DownloadsDep = Annotated[Downloads, Depends(downloads_of)]
DownloadId = Annotated[int, Path(ge=1, lt=2**63)]


@router.post("", operation_id="start_candle_download", responses=refusals(NotFound), status_code=202)
async def download_candles(new: NewDownload, downloads: DownloadsDep) -> DownloadOut:
    """Fetch a range of candles into the store, in the background; asking again returns the one under way."""
    return DownloadOut.of(await downloads.add(new))


@router.get("", operation_id="list_candle_downloads", responses=refusals(BadRequest))
async def list_downloads(
    downloads: DownloadsDep, limit: Annotated[Limit, Query()] = 100, cursor: str | None = None
) -> Page[DownloadOut]:
    """Newest first."""
    return (await downloads.page(limit, cursor)).page(DownloadOut.of)


@router.get("/{download_id}", operation_id="get_candle_download", responses=refusals(NotFound))
async def get_download(download_id: DownloadId, downloads: DownloadsDep) -> DownloadOut:
    """How far a download is."""
    return DownloadOut.of(await downloads.get(download_id))


@router.delete("/{download_id}", operation_id="cancel_candle_download", responses=refusals(NotFound, Conflict))
async def cancel_download(download_id: DownloadId, downloads: DownloadsDep) -> DownloadOut:
    """End a download for good; what it has fetched stays."""
    return DownloadOut.of(await downloads.cancel(download_id))
