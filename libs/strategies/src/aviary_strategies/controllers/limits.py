"""Limit prices to their last digit."""

from decimal import Decimal

from aviary_strategies.actions import Barriers, PositionSpec
from aviary_strategies.types import Market, Side


def limit_position(
    market: Market, side: Side, price: Decimal, amount: Decimal, barriers: Barriers, leverage: int, level_id: str | None
) -> PositionSpec:
    """A position opened at ``price``, which keeps the digits that a float has no room for."""
    near = float(price)
    return PositionSpec(
        market=market,
        side=side,
        amount=float(amount),
        entry_price=near,
        entry_price_rest=float(price - Decimal(near)),
        barriers=barriers,
        leverage=leverage,
        level_id=level_id,
    )


def rounded_down(amount: Decimal, step: float) -> Decimal:
    """The largest multiple of ``step`` that is not above ``amount``; 0 is no step."""
    size = Decimal(str(step))
    return amount // size * size if size else amount
