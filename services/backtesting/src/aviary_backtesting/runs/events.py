"""What is told of runs."""

from aviary_backtesting.runs.run import Run
from aviary_backtesting.runs.spec import Json, RunSpec
from aviary_backtesting.runs.work import Findings
from aviary_common.timestamps import utc_now
from aviary_messages.events import BacktestCancelled, BacktestFailed, BacktestFinished, BacktestQueued


def queued(run_id: str, spec: RunSpec) -> BacktestQueued:
    return BacktestQueued(run_id=run_id, controller_name=spec.controller_name, at=utc_now())


def cancelled(run: Run) -> BacktestCancelled:
    return BacktestCancelled(run_id=run.run_id, controller_name=run.controller_name, at=utc_now())


def finished(run: Run, found: Findings) -> BacktestFinished:
    return BacktestFinished(
        run_id=run.run_id,
        controller_name=run.controller_name,
        at=utc_now(),
        digest=found.digest,
        net_pnl_quote=found.summary.get("net_pnl_quote"),
    )


def failed(run: Run, error: Json) -> BacktestFailed:
    return BacktestFailed(
        run_id=run.run_id,
        controller_name=run.controller_name,
        at=utc_now(),
        code=error["code"],
        reason=error["detail"],
    )
