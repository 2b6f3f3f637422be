"""What all trials of a search have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aviary_strategies.backtest.model import Costs, Funding, MarketRules, Mode
from aviary_strategies.backtest.setup import Setup
from aviary_strategies.controller import Controller
from aviary_strategies.search.segments import Segment
from aviary_strategies.types import Market


@dataclass(frozen=True)
class Conditions:
    """See ``Setup``."""

    resolution: str = "1m"
    mode: Mode = Mode.HONEST
    costs: Costs = field(default_factory=Costs)
    rules: Mapping[Market, MarketRules] = field(default_factory=dict)
    funding: Mapping[Market, Funding] = field(default_factory=dict)
    balances: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def setup(self, controller: Controller[Any], segment: Segment) -> Setup:
        return Setup(
            controller=controller,
            start_s=segment.start_s,
            end_s=segment.end_s,
            resolution=self.resolution,
            mode=self.mode,
            costs=self.costs,
            rules=self.rules,
            funding=self.funding,
            balances=self.balances,
        )
