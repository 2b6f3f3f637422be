"""A sweep as its row tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from aviary_backtesting.runs.spec import Json, RunSpec
from aviary_backtesting.runs.states import Status
from aviary_backtesting.sweeps.spec import Method, Split, SweepSpec
from aviary_backtesting.venue_terms.terms import VenueTerms


@dataclass(frozen=True, slots=True)
class Sweep:
    """See ``tables``."""

    id: int
    sweep_id: str
    spec: SweepSpec
    status: Status
    next_index: int
    done: int
    invalid: int
    rate: float | None
    bytes: int
    venue_terms: VenueTerms | None
    error: Json | None
    result: Json | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None


def sweep_of(row: Row[Any]) -> Sweep:
    return Sweep(
        id=row.id,
        sweep_id=row.sweep_id,
        spec=SweepSpec(
            base=RunSpec(
                config=row.config,
                start_s=row.start_s,
                end_s=row.end_s,
                resolution=row.resolution,
                mode=row.mode,
                costs=row.costs,
                min_coverage=row.min_coverage,
                candles=row.candles,
                balances=row.balances,
                funding_rate=row.funding_rate,
            ),
            space=row.space,
            method=Method(row.method),
            trials=row.trials,
            seed=row.seed,
            objective=row.objective,
            is_largest_best=row.is_largest_best,
            split=Split(**row.split),
            best=row.best,
            batch=row.batch,
        ),
        status=Status(row.status),
        next_index=row.next_index,
        done=row.done,
        invalid=row.invalid,
        rate=row.rate,
        bytes=row.bytes,
        venue_terms=None if row.venue_terms is None else VenueTerms.model_validate(row.venue_terms),
        error=row.error,
        result=row.result,
        created_at=row.created_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
    )
