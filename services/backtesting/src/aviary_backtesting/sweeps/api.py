"""``/backtesting/sweeps``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from aviary_backtesting.results.rendering import KINDS, Format
from aviary_backtesting.runs.states import Status
from aviary_backtesting.sweeps.asked import AskedSweep
from aviary_backtesting.sweeps.schemas import SweepBrief, SweepDeleted, SweepOut
from aviary_backtesting.sweeps.service import Sweeps
from aviary_common.errors import BadRequest, Conflict, NotFound, TooLarge
from aviary_common.http.document import in_forms, refusals
from aviary_common.pagination import Limit, Page

router = APIRouter(prefix="/backtesting/sweeps", tags=["Backtesting"])


async def sweeps_of(request: Request) -> Sweeps:
    sweeps: Sweeps = request.app.state.sweeps
    return sweeps


SweepsDep = Annotated[Sweeps, Depends(sweeps_of)]
SweepId = Annotated[str, Path(max_length=64, pattern=r"^[^\x00]*$")]


@router.post("", operation_id="start_sweep", responses=refusals(NotFound, TooLarge), status_code=202)
async def start(asked: AskedSweep, sweeps: SweepsDep) -> SweepOut:
    """Try many configs on the same candles, in the background, on all workers there are."""
    return SweepOut.of(await sweeps.add(asked))


@router.get("", operation_id="list_sweeps", responses=refusals(BadRequest))
async def list_sweeps(
    sweeps: SweepsDep,
    status: Status | None = None,
    limit: Annotated[Limit, Query()] = 100,
    cursor: str | None = None,
) -> Page[SweepBrief]:
    """Newest first."""
    return (await sweeps.page(status, limit, cursor)).page(SweepBrief.of)


@router.get("/{sweep_id}", operation_id="get_sweep", responses=refusals(NotFound))
async def get_sweep(sweep_id: SweepId, sweeps: SweepsDep) -> SweepOut:
    """How far it is, and what came out."""
    return SweepOut.of(await sweeps.get(sweep_id))


@router.get(
    "/{sweep_id}/table",
    operation_id="get_sweep_table",
    responses=in_forms(KINDS.values(), "The table") | refusals(NotFound),
    response_class=Response,
)
async def get_table(
    sweep_id: SweepId,
    sweeps: SweepsDep,
    format: Format = "json",  # noqa: A002 - its name in the query
    sort: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Every config that is computed, with its metrics. ``sort`` names a column, a minus before it for the largest
    first; JSON and CSV have 1000 rows unless ``limit`` says otherwise."""
    return Response(await sweeps.table(sweep_id, sort, limit, format), media_type=KINDS[format])


@router.post("/{sweep_id}/cancel", operation_id="cancel_sweep", responses=refusals(NotFound, Conflict))
async def cancel(sweep_id: SweepId, sweeps: SweepsDep) -> SweepOut:
    """End it; what is computed already stays in its table."""
    return SweepOut.of(await sweeps.cancel(sweep_id))


@router.delete("/{sweep_id}", operation_id="delete_sweep", responses=refusals(NotFound))
async def delete(sweep_id: SweepId, sweeps: SweepsDep) -> SweepDeleted:
    """Forget it, with its table; one under way is cancelled."""
    await sweeps.delete(sweep_id)
    return SweepDeleted(sweep_id=sweep_id)
