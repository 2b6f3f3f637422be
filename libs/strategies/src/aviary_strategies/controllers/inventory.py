"""How much of its base asset a maker holds, and what that does to its quotes."""

from decimal import Decimal
from typing import NamedTuple

from aviary_strategies.context import Context
from aviary_strategies.types import Market, Side


class Band(NamedTuple):
    """The wanted shares of the total that are held in the base asset."""

    least: Decimal
    target: Decimal
    most: Decimal

    def sides(self, share: Decimal, accumulating: Side = Side.BUY) -> tuple[Side, ...]:
        """Which sides may quote: below the least share only the one that accumulates, above the most the other."""
        if share < self.least:
            return (accumulating,)
        if share > self.most:
            return tuple(side for side in Side if side is not accumulating)
        return tuple(Side)

    def skew(self, share: Decimal, side: Side, floor: Decimal, accumulating: Side = Side.BUY) -> Decimal:
        """The factor of a side's amounts, from ``floor`` to 1: what accumulates shrinks towards the most, what
        reduces towards the least share."""
        if self.most <= self.least:
            return Decimal(1)
        room = self.most - share if side is accumulating else share - self.least
        return max(min(room / (self.most - self.least), Decimal(1)), floor)


class Inventory(NamedTuple):
    """``share`` is the held value as a fraction of the total; ``unrealized_pct`` is of the held value."""

    amount: Decimal
    share: Decimal
    unrealized_pct: Decimal


def inventory(context: Context, market: Market, reference: Decimal, total_quote: Decimal, sign: int = 1) -> Inventory:
    """What executors left behind; with ``sign`` -1 a short position counts as the positive amount."""
    held = context.held(market)
    amount = sign * Decimal(held.net_amount)
    value = amount * reference
    share = value / total_quote if total_quote else Decimal()
    return Inventory(amount, share, Decimal(held.unrealized_pnl_quote) / abs(value) if value else Decimal())
