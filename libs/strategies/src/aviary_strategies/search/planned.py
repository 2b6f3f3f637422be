"""Directional controllers with a plan: their features once, then nothing but kernels."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aviary_strategies.actions import Action
from aviary_strategies.backtest.metrics import YEAR_S
from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.position_terms import terms_of
from aviary_strategies.backtest.prepare import Prepared
from aviary_strategies.backtest.run import AllCandles, prepared_for
from aviary_strategies.backtest.sweep_kernel import METRICS as SWEPT
from aviary_strategies.backtest.sweep_kernel import PARAMETERS, run_sets, signals_of
from aviary_strategies.candles import Candles, Column
from aviary_strategies.context import Context
from aviary_strategies.controller import Controller
from aviary_strategies.controllers.directional import DirectionalController
from aviary_strategies.controllers.plans import DirectionalPlan
from aviary_strategies.search.conditions import Conditions
from aviary_strategies.search.metrics import METRICS
from aviary_strategies.search.segments import Segment
from aviary_strategies.types import Feed, Market

AT_ONCE = 256
"""Configs between two looks whether somebody has asked to stop."""
Rows = NDArray[np.float64]


class SignalOnly(Controller[Any]):
    """A controller without the features that only its readers want to see."""

    def __init__(self, whole: Controller[Any]) -> None:
        super().__init__(whole.config)
        self._whole = whole

    @property
    def markets(self) -> Sequence[Market]:
        return self._whole.markets

    @property
    def feeds(self) -> Sequence[Feed]:
        return self._whole.feeds

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        return {"signal": self._whole.features(candles)["signal"]}

    def decide(self, context: Context) -> list[Action]:
        return self._whole.decide(context)


def plans_of(group: Sequence[Controller[Any]]) -> list[DirectionalPlan] | None:
    """None when one has to be asked row by row, or follows no signal."""
    plans = [each.plan() if isinstance(each, DirectionalController) else None for each in group]
    found = [plan for plan in plans if plan is not None]
    return found if len(found) == len(plans) else None


def planned_rows(
    controller: Controller[Any],
    plans: Sequence[DirectionalPlan],
    segment: Segment,
    conditions: Conditions,
    candles: AllCandles,
) -> Iterator[Rows]:
    """By ``METRICS``, for some of the plans at a time, in their order; ``controller`` is one with their features."""
    if conditions.mode is Mode.HONEST:  # in compat a row without one of the others vanishes
        controller = SignalOnly(controller)
    prepared = prepared_for(conditions.setup(controller, segment), candles)
    signals = signals_of(np.ascontiguousarray(prepared.features["signal"]))
    for _, alike in groupby(plans, key=_kind):
        same = list(alike)
        terms = terms_of(same[0].barriers, conditions.mode, conditions.costs)
        capital = float(same[0].total_amount_quote)
        for first in range(0, len(same), AT_ONCE):
            sets = np.array([_set(plan) for plan in same[first : first + AT_ONCE]])
            table = np.empty((len(sets), len(SWEPT)))
            run_sets(prepared.clock, signals, terms, capital, sets, table)
            yield _told(table, prepared, capital, conditions.mode)


def _kind(plan: DirectionalPlan) -> tuple[object, ...]:
    """What is not in a set of the kernel's."""
    return plan.total_amount_quote, plan.barriers.open_order_type, plan.barriers.take_profit_order_type


def _set(plan: DirectionalPlan) -> list[float]:
    """By ``PARAMETERS``; what is NaN is off."""
    barriers, trailing = plan.barriers, plan.barriers.trailing
    told: Mapping[str, float | None] = {
        "stop_loss": barriers.stop_loss,
        "take_profit": barriers.take_profit,
        "time_limit": barriers.time_limit,
        "activation": None if trailing is None else trailing.activation,
        "delta": None if trailing is None else trailing.delta,
        "cooldown_s": plan.cooldown_s,
        "max_executors_per_side": plan.max_executors_per_side,
    }
    values = [told[name] for name in PARAMETERS]
    return [float("nan") if value is None else float(value) for value in values]


def _told(table: Rows, prepared: Prepared, capital: float, mode: Mode) -> Rows:
    found = dict(zip(SWEPT, table.T, strict=True))
    profit = found["net_pnl_quote"]
    years = len(prepared.clock.ts) * prepared.clock.step_s / YEAR_S
    is_compat = mode is Mode.COMPAT
    fall = -found["max_drawdown_usd"] if is_compat else found["equity_max_drawdown_quote"]
    told = {
        **{name: found[name] for name in ("net_pnl_quote", "profit_factor", "total_positions", "total_volume")},
        "net_pnl": _ratio(profit, capital),
        "sharpe": found["sharpe_ratio" if is_compat else "equity_sharpe"],
        "sortino": found["equity_sortino"],
        "calmar": np.full(len(table), np.nan) if is_compat else _ratio(profit / years, fall),
        "max_drawdown": _ratio(fall, capital),
        "accuracy": found["win_rate"],
        "fees_quote": found["total_fees_quote"],
        "exposure": found["exposure"],
    }
    return np.stack([told[name] for name in METRICS], axis=1)


def _ratio(part: Column, whole: Column | float) -> Column:
    """NaN where a division by zero would be due."""
    divisor = np.broadcast_to(np.asarray(whole, np.float64), part.shape)
    found = np.full(part.shape, np.nan)
    np.divide(part, divisor, out=found, where=divisor != 0.0)
    return found
