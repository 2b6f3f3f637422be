"""What the old routes take, in both spellings, and what they answer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import BaseModel, model_validator
from pydantic.json_schema import SkipJsonSchema

from aviary_backtesting.runs.asked import EXAMPLE_CONFIG, Asked
from aviary_backtesting.runs.run import Run
from aviary_backtesting.runs.spec import Json
from aviary_backtesting.runs.states import Status
from aviary_common.models import example
from aviary_common.timestamps import UtcTime

_OUTER: Final = ("start_time", "end_time", "backtesting_resolution", "trade_cost", "mode", "min_coverage", "candles")


class LegacyAsked(Asked):
    """Flat, with ``config`` as a controller's config or the name of a stored one; or all of it inside of ``config``,
    with one or more ``controller_config``."""

    model_config = example(
        {
            "config": EXAMPLE_CONFIG,
            "start_time": 1790812800,
            "end_time": 1791417600,
        }
    )

    start_time: UtcTime = datetime.fromtimestamp(1735689600, UTC)
    end_time: UtcTime = datetime.fromtimestamp(1738368000, UTC)
    more: SkipJsonSchema[tuple[Json | str, ...]] = ()
    """Configs beside the first one, each for a run of its own."""
    is_list: SkipJsonSchema[bool] = False

    @model_validator(mode="before")
    @classmethod
    def unwrap(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        flat = {name: each for name, each in value.items() if name not in ("more", "is_list")}
        inner = flat.get("config")
        return _unwrapped(flat, inner) if isinstance(inner, dict) and "controller_config" in inner else flat

    @property
    def configs(self) -> list[Json | str]:
        return [self.config, *self.more]


def _unwrapped(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    given = inner["controller_config"]
    entries = given if isinstance(given, list) else [given]
    configs = [_named(entry, inner) for entry in entries]
    first, *more = configs or [{}]
    times = {name: inner[name] for name in _OUTER if inner.get(name) is not None}
    return {**outer, **times, "config": first, "more": more, "is_list": len(configs) > 1}


def _named(entry: Any, inner: Mapping[str, Any]) -> Any:
    """A config that does not say which controller it is for is for the one named beside it."""
    if not isinstance(entry, dict):
        return entry
    beside = {name: inner[name] for name in ("controller_name", "controller_type") if inner.get(name)}
    return {**beside, **entry}


class LegacyResult(BaseModel):
    """As ``/backtesting/run`` has always told it."""

    executors: list[dict[str, Any]]
    processed_data: dict[str, Any]
    results: dict[str, Any]
    position_holds: list[Any]
    position_held_timeseries: list[Any]
    pnl_timeseries: list[Any]


class LegacyResults(BaseModel):
    """One for each config."""

    runs: list[LegacyResult]


class Submitted(BaseModel):
    task_id: str
    status: Status


class BacktestTask(BaseModel):
    """As tasks have always been listed; ``progress`` and ``phase`` are new."""

    task_id: str
    status: Status
    config: Json
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    error: str | None
    progress: float
    phase: str | None

    @classmethod
    def of(cls, run: Run) -> "BacktestTask":
        return cls(
            task_id=run.run_id,
            status=run.status,
            config=run.spec.config,
            created_at=run.created_at,
            started_at=run.started_at,
            completed_at=run.completed_at,
            error=None if run.error is None else run.error["detail"],
            progress=run.progress,
            phase=run.phase,
        )


class BacktestTaskDone(BacktestTask):
    """``result`` is there once it has completed."""

    result: LegacyResult | None = None


class Deleted(BaseModel):
    status: str = "deleted"
    task_id: str
