"""A run as its row tells it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from aviary_backtesting.runs.spec import Json, RunSpec
from aviary_backtesting.runs.states import Phase, Status
from aviary_common.errors import AviaryError, from_wire


class Kind(StrEnum):
    RUN = "run"
    TASK = "task"
    """It was asked for on one of the old routes, and its result is kept in the old form as well."""


@dataclass(frozen=True, slots=True)
class Run:
    """``saved`` is false while the larger parts of a completed run's result are still being written."""

    id: int
    run_id: str
    kind: Kind
    controller_name: str
    spec: RunSpec
    status: Status
    phase: Phase | None
    progress: float
    error: Json | None
    worker: str | None
    attempt: int
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    saved: bool
    bytes: int
    engine_version: str | None
    candle_digest: str | None
    digest: str | None
    summary: Json | None
    metrics: Json | None
    tables: Json | None
    coverage: Json | None
    venue_terms: list[Json] | None
    warnings: list[str] | None

    @property
    def failure(self) -> AviaryError | None:
        """What whoever waited for it is told."""
        if self.error is None:
            return None
        return from_wire(self.error["status"], self.error["detail"], self.error["code"])


def told(error: AviaryError) -> Json:
    return {"status": error.status, "code": error.code, "detail": error.detail}


def run_of(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        run_id=row.run_id,
        kind=Kind(row.kind),
        controller_name=row.controller_name,
        spec=RunSpec(
            config=row.config,
            start_s=row.start_s,
            end_s=row.end_s,
            resolution=row.resolution,
            mode=row.mode,
            costs=row.costs,
            min_coverage=row.min_coverage,
            candles=row.candles,
            source=row.source,
            balances=row.balances,
            funding_rate=row.funding_rate,
        ),
        status=Status(row.status),
        phase=None if row.phase is None else Phase(row.phase),
        progress=row.progress,
        error=row.error,
        worker=row.worker,
        attempt=row.attempt,
        created_at=row.created_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        saved=row.saved,
        bytes=row.bytes,
        engine_version=row.engine_version,
        candle_digest=row.candle_digest,
        digest=row.digest,
        summary=row.summary,
        metrics=row.metrics,
        tables=row.tables,
        coverage=row.coverage,
        venue_terms=row.venue_terms,
        warnings=row.warnings,
    )
