"""``/backtesting/runs``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from aviary_backtesting.results.parts import PartName
from aviary_backtesting.results.rendering import KINDS, Format
from aviary_backtesting.results.service import Results, etag_of
from aviary_backtesting.runs.asked import AskedInFull
from aviary_backtesting.runs.run import Kind
from aviary_backtesting.runs.schemas import BacktestBrief, BacktestDeleted, BacktestOut
from aviary_backtesting.runs.service import Runs
from aviary_backtesting.runs.states import Status
from aviary_backtesting.runs.store import Filter
from aviary_common.errors import BadRequest, Conflict, NotFound, TooLarge
from aviary_common.http.document import in_forms, refusals
from aviary_common.pagination import Limit, Page

router = APIRouter(prefix="/backtesting/runs", tags=["Backtesting"])


async def runs_of(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


async def results_of(request: Request) -> Results:
    results: Results = request.app.state.results
    return results


RunsDep = Annotated[Runs, Depends(runs_of)]
ResultsDep = Annotated[Results, Depends(results_of)]
RunId = Annotated[str, Path(max_length=64, pattern=r"^[^\x00]*$")]
IfNoneMatch = Annotated[str | None, Header()]
NOT_MODIFIED = 304


@router.post(
    "",
    operation_id="start_backtest",
    status_code=202,
    responses=refusals(NotFound, TooLarge) | {200: {"model": BacktestOut}},
)
async def start(asked: AskedInFull, runs: RunsDep, response: Response, wait: bool = False) -> BacktestOut:
    """Begin a backtest. With ``wait`` the answer comes when it has ended, with its summary and metrics."""
    if not wait:
        return BacktestOut.of(await runs.add(asked, asked.config, Kind.RUN))
    response.status_code = 200
    return BacktestOut.of(await runs.do(asked, asked.config, Kind.RUN))


@router.get("", operation_id="list_backtests", responses=refusals(BadRequest))
async def list_runs(
    runs: RunsDep,
    status: Status | None = None,
    controller_name: Annotated[str | None, Query(max_length=128, pattern=r"^[^\x00]*$")] = None,
    kind: Kind | None = None,
    limit: Annotated[Limit, Query()] = 100,
    cursor: str | None = None,
) -> Page[BacktestBrief]:
    """Newest first."""
    return (await runs.page(Filter(status, controller_name, kind), limit, cursor)).page(BacktestBrief.of)


@router.get(
    "/{run_id}",
    operation_id="get_backtest",
    responses=refusals(NotFound) | {NOT_MODIFIED: {"description": "As it was"}},
)
async def get_run(run_id: RunId, runs: RunsDep, response: Response, if_none_match: IfNoneMatch = None) -> BacktestOut:
    """How far it is, and what came out."""
    run = await runs.get(run_id)
    response.headers["ETag"] = etag = etag_of(run)
    if if_none_match == etag:
        return Response(status_code=NOT_MODIFIED, headers={"ETag": etag})  # type: ignore[return-value]
    return BacktestOut.of(run)


@router.post("/{run_id}/cancel", operation_id="cancel_backtest", responses=refusals(NotFound, Conflict))
async def cancel(run_id: RunId, runs: RunsDep) -> BacktestOut:
    """End it without a result."""
    return BacktestOut.of(await runs.cancel(run_id))


@router.delete("/{run_id}", operation_id="delete_backtest", responses=refusals(NotFound))
async def delete(run_id: RunId, runs: RunsDep) -> BacktestDeleted:
    """Forget it, with its result; one under way is cancelled."""
    await runs.delete(run_id)
    return BacktestDeleted(run_id=run_id)


@router.get(
    "/{run_id}/{part}",
    operation_id="get_backtest_part",
    responses=in_forms(KINDS.values(), "The part") | refusals(NotFound, Conflict),
    response_class=Response,
)
async def get_part(
    run_id: RunId,
    part: PartName,
    runs: RunsDep,
    results: ResultsDep,
    columns: Annotated[str | None, Query(max_length=4000)] = None,
    max_points: Annotated[int | None, Query(ge=10, le=1_000_000)] = None,
    format: Format = "json",  # noqa: A002 - its name in the query
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A part of the result, by columns. ``max_points`` thins out what is plotted over time, and keeps its extremes."""
    run = await runs.get(run_id)
    etag = etag_of(run, part, columns, max_points, format)
    if if_none_match == etag:
        return Response(status_code=NOT_MODIFIED, headers={"ETag": etag})
    names = None if columns is None else [name.strip() for name in columns.split(",") if name.strip()]
    content = await results.part(run, part, names, max_points, format)
    return Response(content, media_type=KINDS[format], headers={"ETag": etag})
