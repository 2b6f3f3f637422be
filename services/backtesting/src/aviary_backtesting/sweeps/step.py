"""A piece of a sweep's work, small enough for one worker to do in a moment."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Row

from aviary_backtesting.runs.spec import Json
from aviary_backtesting.sweeps.spec import Method
from aviary_backtesting.sweeps.sweep import Sweep

FIRST_SHARD: Final = 8
"""Configs, while nobody knows how long one takes."""


class StepKind(StrEnum):
    SHARD = "shard"
    ASK = "ask"
    """Choose the next batch from what came out so far."""
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Step:
    """The configs from ``first`` on; ``points`` where they do not follow from their indexes."""

    id: int
    sweep: int
    kind: StepKind
    first: int
    configs: int
    points: list[Json] | None
    attempt: int


class Size(NamedTuple):
    """Of a shard."""

    shard_s: float
    most: int


class Next(NamedTuple):
    kind: StepKind
    first: int
    configs: int


def step_of(row: Row[Any]) -> Step:
    return Step(row.id, row.sweep, StepKind(row.kind), row.first, row.configs, row.points, row.attempt)


def next_of(sweep: Sweep, size: Size) -> Next:
    """What can be begun, of a sweep that has something."""
    first, left = sweep.next_index, sweep.spec.trials - sweep.next_index
    if not left:
        return Next(StepKind.FINISH, first, 0)
    if sweep.spec.method is Method.TPE:
        return Next(StepKind.ASK, first, min(left, sweep.spec.batch))
    return Next(StepKind.SHARD, first, min(left, shard_size(sweep.rate, size)))


def shard_size(rate: float | None, size: Size) -> int:
    return FIRST_SHARD if rate is None else max(1, min(size.most, int(rate * size.shard_s)))
