"""Exact sums: nothing is rounded by the way, and what is stored has as many places as its column."""

from decimal import ROUND_DOWN, ROUND_UP, Context, Decimal
from typing import Final

WIDE: Final = Context(prec=76)
"""Twice NUMERIC's digits: a product of two stored numbers is never rounded."""
_PLACE: Final = Decimal("1e-18")


def value_of(amount: Decimal, price: Decimal) -> Decimal:
    """What a fill costs or brings, in quote."""
    return WIDE.multiply(amount, price).quantize(_PLACE, ROUND_DOWN, WIDE)


def locked_for(amount: Decimal, price: Decimal) -> Decimal:
    """What a bid locks: never less than its fills will cost, in however many parts."""
    return WIDE.multiply(amount, price).quantize(_PLACE, ROUND_UP, WIDE)


def affordable(budget: Decimal, price: Decimal, step: Decimal) -> Decimal:
    """How much of the base the budget buys, in whole steps."""
    steps = WIDE.divide_int(budget, WIDE.multiply(price, step))
    return WIDE.multiply(steps, step)


def fee_of(received: Decimal, rate: Decimal) -> Decimal:
    """In whatever was received; a fraction too small to store is the venue's."""
    return WIDE.multiply(received, rate).quantize(_PLACE, ROUND_UP, WIDE)
