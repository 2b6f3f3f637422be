"""What the routes answer."""

from datetime import UTC, datetime
from typing import Any, Self

from pydantic import BaseModel

from aviary_backtesting.runs.schemas import FailureOut
from aviary_backtesting.runs.spec import Json
from aviary_backtesting.runs.states import Status
from aviary_backtesting.sweeps.spec import Method, Split
from aviary_backtesting.sweeps.sweep import Sweep
from aviary_common.timestamps import utc_now


class SweepBrief(BaseModel):
    """A sweep in a list. ``done`` of ``total`` configs are computed, ``invalid`` of them could not be; ``eta_s`` is
    how long the others will take at this pace."""

    sweep_id: str
    controller_name: str
    status: Status
    method: Method
    objective: str
    done: int
    total: int
    invalid: int
    progress: float
    configs_per_s: float | None
    eta_s: float | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    error: FailureOut | None

    @classmethod
    def of(cls, sweep: Sweep) -> Self:
        return cls(**_brief(sweep))


class SweepOut(SweepBrief):
    """``result`` has the best configs in and out of sample, the number of trials, and how far luck explains them."""

    config: Json
    space: Json
    seed: int
    direction: str
    split: Split
    start_time: datetime
    end_time: datetime
    resolution: str
    mode: str
    costs: dict[str, float]
    min_coverage: float
    candles: str | None
    starting_balances: Json
    funding_rate: float | None
    venue_terms: list[Json] | None
    """The funding and the trading rules that all configs are held to, market by market."""
    warnings: list[str]
    """What makes the result worth less than it looks."""
    result: Json | None

    @classmethod
    def of(cls, sweep: Sweep) -> Self:
        spec, base = sweep.spec, sweep.spec.base
        return cls(
            **_brief(sweep),
            config=base.config,
            space=spec.space,
            seed=spec.seed,
            direction="max" if spec.is_largest_best else "min",
            split=spec.split,
            start_time=datetime.fromtimestamp(base.start_s, UTC),
            end_time=datetime.fromtimestamp(base.end_s, UTC),
            resolution=base.resolution,
            mode=base.mode,
            costs=dict(base.costs),
            min_coverage=base.min_coverage,
            candles=base.candles,
            starting_balances=base.balances,
            funding_rate=base.funding_rate,
            venue_terms=None if sweep.venue_terms is None else sweep.venue_terms.told,
            warnings=[] if sweep.venue_terms is None else list(sweep.venue_terms.warnings),
            result=sweep.result,
        )


def _brief(sweep: Sweep) -> dict[str, Any]:
    pace = _pace(sweep)
    left = sweep.spec.trials - sweep.done
    return {
        "sweep_id": sweep.sweep_id,
        "controller_name": sweep.spec.base.controller_name,
        "status": sweep.status,
        "method": sweep.spec.method,
        "objective": sweep.spec.objective,
        "done": sweep.done,
        "total": sweep.spec.trials,
        "invalid": sweep.invalid,
        "progress": sweep.done / sweep.spec.trials,
        "configs_per_s": pace,
        "eta_s": left / pace if pace and not sweep.status.has_ended else None,
        "created_at": sweep.created_at,
        "started_at": sweep.started_at,
        "completed_at": sweep.completed_at,
        "error": None if sweep.error is None else FailureOut(**sweep.error),
    }


def _pace(sweep: Sweep) -> float | None:
    """Of all workers together, since the first of them began."""
    if sweep.started_at is None or not sweep.done:
        return None
    return sweep.done / max(((sweep.completed_at or utc_now()) - sweep.started_at).total_seconds(), 1e-3)


class SweepDeleted(BaseModel):
    sweep_id: str
    status: str = "deleted"
