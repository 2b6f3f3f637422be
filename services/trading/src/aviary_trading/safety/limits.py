"""The limits of an account, and what they say to an order: plain rules on plain values."""

from dataclasses import dataclass
from decimal import Decimal

from aviary_exchange.types import PositionAction
from aviary_trading.orders.record import Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLimits:
    """``None`` is no limit. Money is in US dollars (or a stablecoin, which counts as one)."""

    max_order_notional: Decimal | None = None
    max_open_orders: int | None = None
    max_daily_loss: Decimal | None = None
    max_orders_per_minute: int | None = None
    allowed_pairs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What the limits are held against. ``daily_loss`` is positive when the day's trading lost."""

    notional: Decimal
    open_orders: int
    daily_loss: Decimal
    orders_this_minute: int


def refusal(limits: RiskLimits, intent: Intent, exposure: Exposure) -> str | None:
    """The first limit that the order would break, in words.

    Orders that close a position pass the limits on size, number and loss: they are the way out.
    """
    if limits.allowed_pairs is not None and intent.trading_pair not in limits.allowed_pairs:
        return f"{intent.trading_pair} is not among the allowed pairs ({', '.join(limits.allowed_pairs) or 'none'})."
    per_minute = limits.max_orders_per_minute
    if per_minute is not None and exposure.orders_this_minute >= per_minute:
        return f"{exposure.orders_this_minute} orders were placed within a minute; {per_minute} are allowed."
    if intent.position_action is PositionAction.CLOSE:
        return None
    if limits.max_order_notional is not None and exposure.notional > limits.max_order_notional:
        return f"The order is worth {exposure.notional:.2f} USD; {limits.max_order_notional.normalize():f} are allowed."
    if limits.max_open_orders is not None and exposure.open_orders >= limits.max_open_orders:
        return f"{exposure.open_orders} orders are open; {limits.max_open_orders} are allowed."
    if limits.max_daily_loss is not None and exposure.daily_loss >= limits.max_daily_loss:
        allowed = limits.max_daily_loss.normalize()
        return f"Today's trading has lost {exposure.daily_loss:.2f} USD; {allowed:f} are allowed."
    return None
