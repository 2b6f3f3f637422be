"""Many barrier sets of one directional controller at once: its signal is worked out once, and only metrics are kept."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from aviary_strategies.backtest.position_terms import terms_of
from aviary_strategies.backtest.run import AllCandles, prepared_for
from aviary_strategies.backtest.setup import Setup
from aviary_strategies.backtest.sweep_kernel import PARAMETERS, run_sets, signals_of
from aviary_strategies.backtest.sweep_metrics import METRICS
from aviary_strategies.candles import Column
from aviary_strategies.controllers.directional import DirectionalController
from aviary_strategies.controllers.plans import DirectionalPlan
from aviary_strategies.errors import CannotRun


class Table(NamedTuple):
    """``values[i, names.index(metric)]`` of set i; the ``equity_`` ones and the exposure are NaN in compat."""

    names: tuple[str, ...]
    values: Column

    def __getitem__(self, name: str) -> Column:  # type: ignore[override]
        return self.values[:, self.names.index(name)]


def run_many(setup: Setup, candles: AllCandles, sets: Mapping[str, Column], *, threads: int = 1) -> Table:
    """``sets`` has columns of equal length by ``PARAMETERS``; one that is left out is as in the setup's config, and NaN
    turns a barrier off. Numbers are those of ``run``, but for the last digits of sums."""
    plan = plan_of(setup)
    prepared = prepared_for(setup, candles)
    signals = signals_of(np.ascontiguousarray(prepared.features["signal"]))
    block = block_of(plan, sets)
    table = np.empty((len(block), len(METRICS)))
    terms = terms_of(plan.barriers, setup.mode, setup.costs)
    total = float(plan.total_amount_quote)
    bounds = np.linspace(0, len(block), threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        parts = [
            pool.submit(run_sets, prepared.clock, signals, terms, total, block[first:end], table[first:end])
            for first, end in pairwise(bounds)
        ]
        for part in parts:
            part.result()
    return Table(METRICS, table)


def plan_of(setup: Setup) -> DirectionalPlan:
    """Raises ``CannotRun`` for controllers that do more than follow a signal."""
    controller = setup.controller
    plan = controller.plan() if isinstance(controller, DirectionalController) else None
    if plan is None:
        raise CannotRun(f"{controller.name} is no controller whose barriers can be swept at once")
    return plan


def block_of(plan: DirectionalPlan, sets: Mapping[str, Column]) -> Column:
    """The sets as one block (sets, ``PARAMETERS``); a ``ValueError`` for what no set can have."""
    if unknown := set(sets) - set(PARAMETERS):
        raise ValueError(f"no parameter of a barrier set: {', '.join(sorted(unknown))}")
    barriers, nan = plan.barriers, float("nan")
    trailing = barriers.trailing
    own = {
        "stop_loss": nan if barriers.stop_loss is None else barriers.stop_loss,
        "take_profit": nan if barriers.take_profit is None else barriers.take_profit,
        "time_limit": nan if barriers.time_limit is None else barriers.time_limit,
        "activation": nan if trailing is None else trailing.activation,
        "delta": nan if trailing is None else trailing.delta,
        "cooldown_s": plan.cooldown_s,
        "max_executors_per_side": plan.max_executors_per_side,
    }
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(sets.get(name, own[name]), float)) for name in PARAMETERS))
    block = np.ascontiguousarray(np.stack(columns, axis=1))
    slots = block[:, PARAMETERS.index("max_executors_per_side")]
    if not ((slots >= 1) & (slots == np.floor(slots))).all():
        raise ValueError("max_executors_per_side is a whole number from 1 on")
    return block
