"""Controllers whose decisions are a base rule's: from plan to records without asking them row by row."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.actions import PositionSpec
from aviary_strategies.backtest.directional import run_directional, signal_rows
from aviary_strategies.backtest.exact import exact_of
from aviary_strategies.backtest.market_making import run_market_making
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.position_terms import terms_of
from aviary_strategies.backtest.records import Records
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.candles import Column
from aviary_strategies.controllers.plans import DirectionalPlan, MarketMakingPlan
from aviary_strategies.types import Side

Plan = DirectionalPlan | MarketMakingPlan


class Recorded(NamedTuple):
    records: Records
    length: int
    templates: tuple[PositionSpec, ...]
    refused: int
    """Orders that the market would not have taken."""


def run_plan(plan: Plan, rows: Rows, features: Mapping[str, Column], mode: Mode, costs: Costs) -> Recorded:
    if isinstance(plan, DirectionalPlan):
        return _directional(plan, rows, features, mode, costs)
    return _market_making(plan, rows, features, mode, costs)


def _directional(
    plan: DirectionalPlan, rows: Rows, features: Mapping[str, Column], mode: Mode, costs: Costs
) -> Recorded:
    records, count, refused = run_directional(
        rows,
        signal_rows(features["signal"]),
        terms_of(plan.barriers, mode, costs),
        exact_of(plan.total_amount_quote),
        plan.max_executors_per_side,
        float(plan.cooldown_s),
        mode is Mode.COMPAT,
    )
    templates = tuple(PositionSpec(plan.market, side, 0.0, 0.0, plan.barriers, leverage=plan.leverage) for side in Side)
    return Recorded(records, count, templates, refused)


def _market_making(
    plan: MarketMakingPlan, rows: Rows, features: Mapping[str, Column], mode: Mode, costs: Costs
) -> Recorded:
    levels = plan.levels
    signs: NDArray[np.int64] = np.array([level.side.sign for level in levels], np.int64)
    spreads = np.array([level.spread for level in levels], np.float64)
    quotes = np.array([exact_of(level.amount_quote) for level in levels], np.float64).reshape(len(levels), 2)
    ones = features.get("spread_multiplier")
    records, count, refused = run_market_making(
        rows,
        features.get("reference_price", rows.close),
        np.ones(len(rows.ts)) if ones is None else ones,
        terms_of(plan.barriers, mode, costs),
        (signs, spreads, quotes),
        float(plan.refresh_s),
        float(plan.cooldown_s),
    )
    templates = tuple(
        PositionSpec(plan.market, level.side, 0.0, 0.0, plan.barriers, leverage=plan.leverage, level_id=level.level_id)
        for level in levels
    )
    return Recorded(records, count, templates, refused)
