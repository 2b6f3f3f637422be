"""What to run, and the candles that takes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import numpy as np

from aviary_strategies.backtest.model import ENGINE_VERSION, Costs, Funding, MarketRules, Mode
from aviary_strategies.backtest.proven import refuse_unproven
from aviary_strategies.backtest.result import Json
from aviary_strategies.controller import Controller
from aviary_strategies.intervals import seconds_of
from aviary_strategies.types import Market


@dataclass(frozen=True)
class Setup:
    """Goes through the candles that open at ``start_s`` or later; up to ``end_s``, at which in honest the last one has
    closed, and in compat the last one opens.

    Raises ``CannotRun`` in compat for a controller whose numbers cannot be compared with the reference engine's.
    ``balances`` are what the account owns at the start, by connector and asset.
    """

    controller: Controller[Any]
    start_s: float
    end_s: float
    resolution: str = "1m"
    mode: Mode = Mode.HONEST
    costs: Costs = field(default_factory=Costs)
    rules: Mapping[Market, MarketRules] = field(default_factory=dict)
    funding: Mapping[Market, Funding] = field(default_factory=dict)
    balances: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.start_s < self.end_s:
            raise ValueError("start_s has to be before end_s")
        seconds_of(self.resolution)
        if self.mode is Mode.COMPAT:
            refuse_unproven(self.controller)

    @property
    def config(self) -> Mapping[str, Json]:
        told: dict[str, Json] = self.controller.config.model_dump(mode="json")
        return told

    @property
    def capital(self) -> float:
        return float(getattr(self.controller.config, "total_amount_quote", 0.0))

    @property
    def told(self) -> Mapping[str, Json]:
        """All of it but candles, for a hash."""
        return {
            "engine": ENGINE_VERSION,
            "mode": self.mode.value,
            "controller": self.controller.name,
            "config": self.config,
            "start_s": float(self.start_s),
            "end_s": float(self.end_s),
            "resolution": self.resolution,
            "costs": asdict(self.costs),
            "rules": sorted([*market, *(float(each) for each in rules)] for market, rules in self.rules.items()),
            "funding": sorted([*market, *self._settled(told)] for market, told in self.funding.items()),
            "balances": sorted([*place, amount] for place, amount in self.balances.items()),
        }

    def _settled(self, funding: Funding) -> tuple[str, str]:
        """Times and rates of what counts, whatever else is known."""
        within = (funding.ts >= self.start_s) & (funding.ts < self.end_s)
        columns = (np.ascontiguousarray(each[within], "<f8") for each in (funding.ts, funding.rate))
        ts, rate = (column.tobytes().hex() for column in columns)
        return ts, rate


class CandleRange(NamedTuple):
    """Candles that open within ``[start_s, end_s]``."""

    market: Market
    interval: str
    start_s: float
    end_s: float


def traded(setup: Setup) -> tuple[CandleRange, ...]:
    """The candles that are gone through, market by market."""
    step = seconds_of(setup.resolution)
    end = setup.end_s if setup.mode is Mode.COMPAT else setup.end_s - step
    markets = dict.fromkeys(setup.controller.markets)
    return tuple(CandleRange(market, setup.resolution, setup.start_s, end) for market in markets)


def watched(setup: Setup) -> tuple[CandleRange, ...]:
    """The candles of the features, feed by feed: in honest with those that warm them up before the start."""
    ranges = []
    for feed in setup.controller.feeds:
        step = seconds_of(feed.interval)
        if setup.mode is Mode.COMPAT:
            start, end = setup.start_s, setup.end_s
        else:
            start, end = setup.start_s - (feed.records + 1) * step, setup.end_s - step
        ranges.append(CandleRange(feed.market, feed.interval, start, end))
    return tuple(ranges)


def needed(setup: Setup) -> tuple[CandleRange, ...]:
    """All candles that ``run`` wants, each market and interval once."""
    ranges: dict[tuple[Market, str], CandleRange] = {}
    for each in (*traded(setup), *watched(setup)):
        key = (each.market, each.interval)
        known = ranges.get(key, each)
        ranges[key] = CandleRange(*key, min(known.start_s, each.start_s), max(known.end_s, each.end_s))
    return tuple(ranges.values())
