"""Whether a Sharpe ratio is more than luck: Bailey and López de Prado, "The Deflated Sharpe Ratio: Correcting for
Selection Bias, Backtest Overfitting and Non-Normality", Journal of Portfolio Management 40 (5), 2014.

Ratios are per bar here, not annualised; kurtosis is 3 for normal returns.
"""

import math
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from aviary_strategies.candles import Column

EULER: Final = 0.5772156649015329
_NORMAL: Final = NormalDist()


class Returns(NamedTuple):
    """What is known of a series of returns; ``sharpe`` is mean over deviation, of the whole series."""

    length: int
    sharpe: float
    skewness: float
    kurtosis: float


def returns_of(steps: Column) -> Returns | None:
    """None when they do not vary."""
    mean = float(np.mean(steps)) if len(steps) else 0.0
    around = steps - mean
    variance = float(np.mean(around**2)) if len(steps) else 0.0
    if variance <= 0.0:
        return None
    deviation = math.sqrt(variance)
    third, fourth = float(np.mean((around / deviation) ** 3)), float(np.mean((around / deviation) ** 4))
    return Returns(len(steps), mean / deviation, third, fourth)


def probabilistic_sharpe(returns: Returns, benchmark: float = 0.0) -> float:
    """How likely the true ratio is above ``benchmark`` (equation 8)."""
    sharpe = returns.sharpe
    spread = 1.0 - returns.skewness * sharpe + (returns.kurtosis - 1.0) / 4.0 * sharpe**2
    if spread <= 0.0 or returns.length < 2:
        return math.nan
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt(returns.length - 1) / math.sqrt(spread))


def expected_best(trials: int, variance: float) -> float:
    """The best ratio to expect of so many worthless trials, whose ratios vary by ``variance`` (equation 9)."""
    if trials < 2:
        return 0.0
    usual = _NORMAL.inv_cdf(1.0 - 1.0 / trials)
    unusual = _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * ((1.0 - EULER) * usual + EULER * unusual)


def deflated_sharpe(returns: Returns, trials: int, variance: float) -> float:
    """How likely the best of ``trials`` is better than the best of so many worthless ones: below 0.95 it may well be
    luck. Trials count as independent, which understates it for neighbours in a grid."""
    return probabilistic_sharpe(returns, expected_best(trials, variance))
