"""The levels of a grid: how many, where and how large."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from aviary_strategies.actions import GridSpec
from aviary_strategies.backtest.model import MarketRules
from aviary_strategies.candles import Column

MARGIN: Final = 1.05
"""An order stays this much above the smallest one allowed, so that a move of the price does not make it too small."""
USUAL_MIN_NOTIONAL: Final = 5.0


@dataclass(frozen=True, slots=True)
class GridLevels:
    """``prices`` from the spec's start to its end, each for ``quote`` and closed ``take_profit`` (a fraction) away."""

    prices: Column
    quote: float
    take_profit: float


def grid_levels(spec: GridSpec, price: float, rules: MarketRules) -> GridLevels:
    """As many as the amount and the spread between orders allow, at least one."""
    smallest = max(spec.min_order_amount_quote, rules.min_notional or USUAL_MIN_NOTIONAL) * MARGIN
    least_base = _up(smallest / price, rules.amount_step)
    least_quote = least_base * price
    reach = (spec.end_price - spec.start_price) / spec.start_price
    step = max(spec.min_spread_between_orders, rules.price_step / price)
    count = max(1, min(int(spec.total_amount_quote / least_quote), int(reach / step)))
    quote = _down(spec.total_amount_quote / price / count, rules.amount_step) * price
    if quote > 0:
        count = max(1, min(count, int(spec.total_amount_quote / quote)))
    if count == 1:
        prices, step = np.array([(spec.start_price + spec.end_price) / 2]), reach
    else:
        prices, step = np.linspace(spec.start_price, spec.end_price, count), reach / (count - 1)
    wanted = spec.barriers.take_profit or step
    return GridLevels(prices, quote, max(step, wanted) if spec.coerce_tp_to_step else wanted)


def _up(amount: float, step: float) -> float:
    return math.ceil(amount / step - 1e-9) * step if step else amount


def _down(amount: float, step: float) -> float:
    return math.floor(amount / step + 1e-9) * step if step else amount
