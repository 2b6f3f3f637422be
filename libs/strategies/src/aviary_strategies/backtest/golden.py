"""What the reference engine answered, to be compared with what this one does."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aviary_strategies.backtest.executors import Executors
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.result import Result
from aviary_strategies.backtest.setup import Setup, needed
from aviary_strategies.candles import Candles, Column
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.types import Market

CLOSE_ENOUGH = 1e-12
"""Relative; of sums, which the reference adds up in another order. All else is compared to the last bit."""


@dataclass(frozen=True)
class Golden:
    """One run: config, executors as columns, summary, and series as the values that changed, row by row."""

    name: str
    setup: Setup
    reference_s: float
    executors: Mapping[str, list[Any]]
    summary: Mapping[str, Any]
    series: Mapping[str, Any]

    def candles(self, read: Candles) -> Mapping[tuple[Market, str], Candles]:
        """The golden candles under every market and interval that this run asks for."""
        return {(each.market, each.interval): read for each in needed(self.setup)}


def candles_in(folder: Path) -> Candles:
    with gzip.open(folder / "candles.csv.gz", "rt") as file:
        columns = np.loadtxt(file, delimiter=",", skiprows=1, unpack=True)
    return Candles(60, *(np.ascontiguousarray(column) for column in columns))


def golden_in(folder: Path) -> Iterator[Golden]:
    for path in sorted(folder.glob("*.json.gz")):
        told = json.loads(gzip.decompress(path.read_bytes()))
        meta = told["meta"]
        setup = Setup(
            controller_named(told["config"]),
            meta["start"],
            meta["end"],
            meta["resolution"],
            Mode.COMPAT,
            Costs(trade_cost=meta["trade_cost"]),
        )
        yield Golden(meta["controller"], setup, meta["seconds"], told["executors"], told["summary"], told["series"])


def equal_executors(golden: Golden, executors: Executors) -> int:
    """How many are equal in every column, bit for bit, at the same place of the list."""
    if len(executors) != len(golden.executors["side"]):
        return 0
    equal = np.ones(len(executors), np.bool_)
    for name, told in golden.executors.items():
        mine = executors.levels if name == "level" else getattr(executors, name)
        equal &= np.array([a == b for a, b in zip(told, mine, strict=True)], np.bool_)
    return int(np.count_nonzero(equal))


def unequal_metrics(golden: Golden, result: Result) -> list[str]:
    """The names of the metrics that differ."""
    told, mine = golden.summary, result.summary
    return sorted(name for name in {*told, *mine} if not _same(told.get(name), mine.get(name)))


def unequal_series(golden: Golden, result: Result) -> list[str]:
    """The names of the series that differ anywhere, in any bit."""
    told = golden.series
    count = told["rows"]
    wanted = {name: _unfolded(changes, count) for name, changes in told["changes"].items()}
    wanted["timestamp"] = told["first_s"] + told["step_s"] * np.arange(count, dtype=np.float64)
    return sorted(
        name
        for name in {*wanted, *result.series}
        if name not in wanted or name not in result.series or not np.array_equal(wanted[name], result.series[name])
    )


def _same(told: Any, mine: Any) -> bool:
    if isinstance(told, float) and isinstance(mine, float | int):
        return abs(told - mine) <= CLOSE_ENOUGH * abs(told)
    return bool(told == mine)


def _unfolded(changes: list[tuple[int, float]], count: int) -> Column:
    column = np.zeros(count)
    for row, value in changes:
        column[row:] = value
    return column
