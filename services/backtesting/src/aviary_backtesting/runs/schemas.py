"""What the new routes answer."""

from datetime import UTC, datetime
from typing import Any, Self

from pydantic import BaseModel

from aviary_backtesting.results.parts import PartName
from aviary_backtesting.runs.run import Run
from aviary_backtesting.runs.spec import Json
from aviary_backtesting.runs.states import Phase, Status


class FailureOut(BaseModel):
    """``status`` is the HTTP status that whoever waited was answered with."""

    status: int
    code: str
    detail: str


class BacktestBrief(BaseModel):
    """A run in a list."""

    run_id: str
    controller_name: str
    status: Status
    phase: Phase | None
    progress: float
    mode: str
    start_time: datetime
    end_time: datetime
    resolution: str
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    net_pnl_quote: float | None
    error: FailureOut | None

    @classmethod
    def of(cls, run: Run) -> Self:
        return cls(**_brief(run))


class BacktestOut(BacktestBrief):
    """``digest`` is the result's: the same for the same config, candles, mode, costs, balances, venue terms
    and engine, on every machine."""

    config: Json
    costs: dict[str, float]
    min_coverage: float
    candles: str | None
    starting_balances: Json
    funding_rate: float | None
    source_digest: str | None
    """Of the code, where the controller is a user's."""
    engine_version: str | None
    candle_digest: str | None
    digest: str | None
    summary: Json | None
    metrics: Json | None
    tables: Json | None
    coverage: Json | None
    venue_terms: list[Json] | None
    """The funding and the trading rules that were counted with, market by market."""
    warnings: list[str]
    """What makes the result worth less than it looks."""
    parts: list[PartName]
    """What can be read of the result; the larger ones may still be on their way."""

    @classmethod
    def of(cls, run: Run) -> Self:
        completed = run.status is Status.COMPLETED
        return cls(
            **_brief(run),
            config=run.spec.config,
            costs=dict(run.spec.costs),
            min_coverage=run.spec.min_coverage,
            candles=run.spec.candles,
            starting_balances=run.spec.balances,
            funding_rate=run.spec.funding_rate,
            source_digest=None if run.spec.source is None else run.spec.source["digest"],
            engine_version=run.engine_version,
            candle_digest=run.candle_digest,
            digest=run.digest,
            summary=run.summary,
            metrics=run.metrics,
            tables=run.tables,
            coverage=run.coverage,
            venue_terms=run.venue_terms,
            warnings=run.warnings or [],
            parts=list(PartName) if completed else [],
        )


def _brief(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "controller_name": run.controller_name,
        "status": run.status,
        "phase": run.phase,
        "progress": run.progress,
        "mode": run.spec.mode,
        "start_time": datetime.fromtimestamp(run.spec.start_s, UTC),
        "end_time": datetime.fromtimestamp(run.spec.end_s, UTC),
        "resolution": run.spec.resolution,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "completed_at": run.completed_at,
        "net_pnl_quote": None if run.summary is None else run.summary.get("net_pnl_quote"),
        "error": None if run.error is None else FailureOut(**run.error),
    }


class BacktestDeleted(BaseModel):
    run_id: str
    status: str = "deleted"
