"""What the two base rules need beside their feature columns, so that an engine can run them without asking.

A controller's ``plan`` is None when its decisions are more than its base rule's; then it has to be asked every time.
"""

from dataclasses import dataclass
from decimal import Decimal

from aviary_strategies.actions import Barriers
from aviary_strategies.types import Market, Side


@dataclass(frozen=True, slots=True)
class DirectionalPlan:
    """Follows the column ``signal``: above 0 buys, below 0 sells."""

    market: Market
    barriers: Barriers
    total_amount_quote: Decimal
    max_executors_per_side: int
    cooldown_s: int
    leverage: int


@dataclass(frozen=True, slots=True)
class Level:
    """A quote that a maker keeps in the book; ``spread`` is a fraction of the reference price."""

    level_id: str
    side: Side
    spread: float
    amount_quote: Decimal


@dataclass(frozen=True, slots=True)
class MarketMakingPlan:
    """Quotes around the column ``reference_price`` (by default the close), the spreads times the column
    ``spread_multiplier`` (by default 1); ``levels`` in the order of their creation."""

    market: Market
    barriers: Barriers
    levels: tuple[Level, ...]
    refresh_s: int
    cooldown_s: int
    leverage: int
