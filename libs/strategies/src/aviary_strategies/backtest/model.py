"""How a backtest is counted: which engine's rules, and what trading costs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from aviary_strategies.candles import Column

ENGINE_VERSION: Final = "2"
"""Part of every result's digest; it changes whenever a result may."""
REFERENCE_RELEASE: Final = "20260922"
"""The release of the reference engine whose numbers ``compat`` reproduces."""


class Mode(StrEnum):
    COMPAT = "compat"
    """Bit for bit what the reference engine answers, its flaws included."""
    HONEST = "honest"
    """What could have been earned: nothing is known before its candle closed, and nothing is filled for free."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Fractions of the traded quote amount. ``compat`` knows ``trade_cost`` only, ``honest`` all others only.

    ``slippage`` worsens every market order's price; ``latency_s`` passes between a decision and its order's arrival.
    """

    trade_cost: float = 0.0006
    maker_fee: float = 0.0006
    taker_fee: float = 0.0006
    slippage: float = 0.0001
    latency_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Funding:
    """A perpetual's settled rates: at ``ts`` (seconds) a long position pays ``rate`` of its value to a short one."""

    ts: Column
    rate: Column


class MarketRules(NamedTuple):
    """A market's steps and smallest amounts, as kernels take them; 0 where the venue has none."""

    amount_step: float = 0.0
    price_step: float = 0.0
    min_amount: float = 0.0
    min_notional: float = 0.0


NO_RULES: Final = MarketRules()
