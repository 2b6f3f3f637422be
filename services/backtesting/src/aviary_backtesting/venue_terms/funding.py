"""Funding rates over a run: as one rate says, and how much of what was settled is known."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

PERIOD_S: Final = 8 * 3600
"""Most venues settle at 00:00, 08:00 and 16:00 UTC."""
LONGEST_S: Final = 12 * 3600
"""No venue lets longer pass between two settlements."""

Settled = tuple[tuple[float, float], ...]


def is_perpetual(connector_name: str) -> bool:
    """By Hummingbot's names, such as ``binance_perpetual_testnet``."""
    return "_perpetual" in connector_name


def constant(rate: float, start_s: float, end_s: float) -> Settled:
    """``rate`` at each settlement from the start on, before the end."""
    first, after = math.ceil(start_s / PERIOD_S), math.ceil(end_s / PERIOD_S)
    return tuple((float(count * PERIOD_S), rate) for count in range(first, after))


def missing_s(settled: Sequence[tuple[float, float]], start_s: float, end_s: float) -> float:
    """The seconds of the stretches that are too long to have no settlement."""
    known = [start_s, *(at for at, _ in settled), end_s]
    return sum(later - earlier for earlier, later in pairwise(known) if later - earlier > LONGEST_S)
