"""``/backtesting/run`` and ``/backtesting/tasks``: the routes and answers that have always been."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from aviary_backtesting.results.service import Results
from aviary_backtesting.runs.api import ResultsDep, RunId, RunsDep
from aviary_backtesting.runs.legacy import (
    BacktestTask,
    BacktestTaskDone,
    Deleted,
    LegacyAsked,
    LegacyResult,
    LegacyResults,
    Submitted,
)
from aviary_backtesting.runs.run import Kind, Run
from aviary_backtesting.runs.service import Runs
from aviary_backtesting.runs.states import Status
from aviary_common.errors import Conflict, NotFound, TooLarge
from aviary_common.http.document import refusals

router = APIRouter(prefix="/backtesting", tags=["Backtesting"])
JSON = "application/json"
Accepted = Annotated[str, Header(alias="Accept-Encoding")]


@router.post(
    "/run",
    operation_id="run_backtest",
    response_model=LegacyResult | LegacyResults,
    responses=refusals(NotFound, TooLarge, Conflict),
)
async def run_backtest(asked: LegacyAsked, runs: RunsDep, results: ResultsDep, accepted: Accepted = "") -> Response:
    """Run a backtest and wait for its result; several configs give ``{"runs": [...]}``."""
    return await _answer(asked, runs, results, accepted)


@router.post(
    "/run-backtesting",
    operation_id="run_reference_backtest",
    response_model=LegacyResult | LegacyResults,
    responses=refusals(NotFound, TooLarge, Conflict),
)
async def run_backtesting(asked: LegacyAsked, runs: RunsDep, results: ResultsDep, accepted: Accepted = "") -> Response:
    """The same."""
    return await _answer(asked, runs, results, accepted)


@router.post("/tasks", operation_id="start_backtest_task", responses=refusals(NotFound, TooLarge))
async def submit(asked: LegacyAsked, runs: RunsDep) -> Submitted:
    """Run a backtest in the background."""
    run = await runs.add(asked, asked.config, Kind.TASK)
    return Submitted(task_id=run.run_id, status=run.status)


@router.get("/tasks", operation_id="list_backtest_tasks")
async def list_tasks(runs: RunsDep) -> list[BacktestTask]:
    """The newest ones, without their results."""
    return [BacktestTask.of(run) for run in await runs.tasks()]


@router.get(
    "/tasks/{task_id}", operation_id="get_backtest_task", response_model=BacktestTaskDone, responses=refusals(NotFound)
)
async def get_task(task_id: RunId, runs: RunsDep, results: ResultsDep) -> Response:
    """How far it is, with its result once it has completed."""
    run = await runs.get(task_id)
    told = BacktestTask.of(run).model_dump_json().encode()
    if run.status is not Status.COMPLETED or run.kind is not Kind.TASK:
        return Response(told, media_type=JSON)
    return Response(told[:-1] + b',"result":' + await results.legacy_text(run) + b"}", media_type=JSON)


@router.delete("/tasks/{task_id}", operation_id="delete_backtest_task", responses=refusals(NotFound))
async def delete_task(task_id: RunId, runs: RunsDep) -> Deleted:
    """Forget it; one under way is cancelled."""
    await runs.delete(task_id)
    return Deleted(task_id=task_id)


async def _answer(asked: LegacyAsked, runs: Runs, results: Results, accepted: str) -> Response:
    if asked.is_list:
        bodies = [await results.legacy_text(await _done(asked, config, runs)) for config in asked.configs]
        return Response(b'{"runs":[' + b",".join(bodies) + b"]}", media_type=JSON)
    run = await _done(asked, asked.config, runs)
    if "gzip" in accepted:
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(await results.legacy(run), media_type=JSON, headers=headers)
    return Response(await results.legacy_text(run), media_type=JSON)


async def _done(asked: LegacyAsked, config: object, runs: Runs) -> Run:
    assert isinstance(config, dict | str)  # noqa: S101 - as the model says
    return await runs.do(asked, config, Kind.TASK)
