"""What ``POST /backtesting/sweeps`` takes."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from aviary_backtesting.runs.asked import EXAMPLE_CONFIG, AskedInFull
from aviary_backtesting.runs.spec import Json, RunSpec
from aviary_backtesting.sweeps.spec import Method, Split, SweepSpec
from aviary_common.models import example

MAX_SEED = 2**63 - 1


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _named(value: object) -> object:
    """A split may be told by its kind alone."""
    return {"kind": value} if isinstance(value, str) else value


class AskedSweep(AskedInFull):
    """``config`` is varied by ``space``: for each field a list of values, or ``low`` and ``high`` with a ``step``, a
    ``count`` or ``log``; nested fields have dots in their names. ``trials`` is for random and tpe: a grid has as many
    as it has points. ``direction`` is max, but for drawdown and fees."""

    model_config = example(
        {
            "config": EXAMPLE_CONFIG,
            "start_time": "2026-10-01T00:00:00Z",
            "end_time": "2026-10-08T00:00:00Z",
            "space": {"bb_length": [50, 100], "stop_loss": {"low": 0.005, "high": 0.03, "count": 3}},
            "method": "grid",
        }
    )

    space: Json
    method: Annotated[Method, BeforeValidator(_lower)] = Method.GRID
    trials: int | None = Field(default=None, ge=1)
    seed: int = Field(default=0, ge=0, le=MAX_SEED)
    objective: Annotated[str, StringConstraints(max_length=32)] = "sharpe"
    direction: Annotated[Literal["max", "min"], BeforeValidator(_lower)] | None = None
    split: Annotated[Split, BeforeValidator(_named)] = Field(default_factory=Split)
    best: int = Field(default=10, ge=1, le=100)
    """How many of the best are told, and run again in full."""
    batch: int = Field(default=32, ge=1, le=1000)
    """How many configs tpe chooses at once, without knowing what comes out of the others."""

    @model_validator(mode="after")
    def trials_where_they_do_not_follow(self) -> Self:
        if self.method is Method.GRID and self.trials is not None:
            raise ValueError("a grid has as many trials as it has points: leave trials out")
        if self.method is not Method.GRID and self.trials is None:
            raise ValueError(f"trials: say how many {self.method} shall try")
        if self.method is Method.TPE and self.split.kind == "walk_forward":
            raise ValueError("tpe has seen the tests of all folds but the last: use a holdout, or a random search")
        return self

    def sweep(self, base: RunSpec, smallest_is_best: frozenset[str]) -> SweepSpec:
        """``trials`` is 0 until the points of a grid are counted."""
        direction = self.direction or ("min" if self.objective in smallest_is_best else "max")
        return SweepSpec(
            base=base,
            space=self.space,
            method=self.method,
            trials=self.trials or 0,
            seed=self.seed,
            objective=self.objective,
            is_largest_best=direction == "max",
            split=self.split,
            best=self.best,
            batch=self.batch,
        )
