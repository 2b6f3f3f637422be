"""``/bot-orchestration/bot-runs``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from aviary_common.access.principal import name_account, own_accounts
from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_common.pagination import Limit
from aviary_orchestration.bots.names import Wanted
from aviary_orchestration.runs.schemas import RunAnswer, RunCountsAnswer, RunOut, RunRemoved, RunsAnswer
from aviary_orchestration.runs.service import MAX_OFFSET, Runs
from aviary_orchestration.runs.store import Filter

router = APIRouter(prefix="/bot-orchestration/bot-runs", tags=["Bot orchestration"])


async def runs_of(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


async def filter_of(
    bot_name: Wanted = None,
    account_name: Wanted = None,
    strategy_type: Wanted = None,
    strategy_name: Wanted = None,
    run_status: Wanted = None,
    deployment_status: Wanted = None,
) -> Filter:
    return Filter(bot_name, account_name, strategy_type, strategy_name, run_status, deployment_status, own_accounts())


RunsDep = Annotated[Runs, Depends(runs_of)]
RunId = Annotated[int, Path(ge=1, lt=2**63)]


@router.get("", operation_id="list_bot_runs", responses=refusals(BadRequest))
async def list_runs(
    runs: RunsDep,
    wanted: Annotated[Filter, Depends(filter_of)],
    limit: Annotated[Limit, Query()] = 100,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> RunsAnswer:
    """Newest first."""
    found, total = await runs.page(wanted, limit, offset)
    return RunsAnswer(data=[RunOut.of(run) for run in found], total=total, limit=limit, offset=offset)


@router.get("/stats", operation_id="get_bot_run_stats")
async def stats(runs: RunsDep) -> RunCountsAnswer:
    """How many runs there are, by type and state."""
    return RunCountsAnswer(data=await runs.counts())


@router.get("/{bot_run_id}", operation_id="get_bot_run", responses=refusals(NotFound))
async def get_run(bot_run_id: RunId, runs: RunsDep) -> RunAnswer:
    """One run."""
    run = await runs.get(bot_run_id)
    name_account(run.account_name)
    return RunAnswer(data=RunOut.of(run))


@router.delete("/{bot_run_id}", operation_id="delete_bot_run", responses=refusals(NotFound, Conflict))
async def delete_run(bot_run_id: RunId, runs: RunsDep) -> RunRemoved:
    """Forget a run that has ended, with its archive."""
    run, archive_deleted = await runs.remove(bot_run_id)
    return RunRemoved(
        message=f"The run of {run.bot_name} is gone.",
        bot_name=run.bot_name,
        archived_folder_deleted=archive_deleted,
    )
