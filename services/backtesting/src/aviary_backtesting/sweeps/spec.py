"""What is to be searched."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from aviary_backtesting.runs.spec import Json, RunSpec


class Method(StrEnum):
    GRID = "grid"
    RANDOM = "random"
    TPE = "tpe"
    """Tree-structured Parzen estimator: each batch is chosen after those before it."""


class Split(BaseModel):
    """``holdout`` keeps the last ``share`` of the range apart; ``walk_forward`` has ``folds`` + 1 stretches, each but
    the first of them the test of what was learned before it; ``none`` keeps nothing apart."""

    kind: Literal["holdout", "walk_forward", "none"] = "holdout"
    share: float = Field(default=0.3, gt=0, lt=1, allow_inf_nan=False)
    folds: int = Field(default=4, ge=1, le=50)
    anchored: bool = True


@dataclass(frozen=True, slots=True)
class SweepSpec:
    """``base`` is the run that every config is a variation of; ``best`` of the configs are run again in full."""

    base: RunSpec
    space: Json
    method: Method
    trials: int
    seed: int
    objective: str
    is_largest_best: bool
    split: Split
    best: int
    batch: int
