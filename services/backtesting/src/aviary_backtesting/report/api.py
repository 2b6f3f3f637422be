"""``/backtesting/runs/{run_id}/report``."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse, Response

from aviary_backtesting.results.service import etag_of
from aviary_backtesting.runs.api import NOT_MODIFIED, ResultsDep, RunId, RunsDep
from aviary_common.errors import Conflict, NotFound
from aviary_common.http.document import refusals

router = APIRouter(prefix="/backtesting/runs", tags=["Backtesting"])


@router.get(
    "/{run_id}/report",
    operation_id="get_backtest_report",
    responses=refusals(NotFound, Conflict),
    response_class=HTMLResponse,
)
async def get_report(
    run_id: RunId, runs: RunsDep, results: ResultsDep, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """Charts, metrics and tables in one HTML file, which needs no network to be opened."""
    from aviary_backtesting.report.page import rendered
    from aviary_backtesting.report.reading import told_of

    run = await runs.get(run_id)
    etag = etag_of(run, "report")
    if if_none_match == etag:
        return Response(status_code=NOT_MODIFIED, headers={"ETag": etag})
    told = await told_of(run, results)
    page = await asyncio.to_thread(rendered, told)
    return HTMLResponse(page, headers={"ETag": etag, "Content-Disposition": f'inline; filename="{run.run_id}.html"'})
