"""Numbers of twice a float's precision: ``high + low``, |low| at most half a unit in the last place of ``high``.

The reference engine works out prices and amounts with 28 digits from the exact binary values of its floats, and then
compares them with floats: an exact tie is decided by what a float would have lost. Error-free transformations after
T. J. Dekker (1971) and D. E. Knuth.
"""

from decimal import Decimal
from typing import Final

from aviary_strategies.kernels import kernel

_SPLITTER: Final = 134217729.0  # 2**27 + 1 halves a float's digits

Exact = tuple[float, float]


def exact_of(value: Decimal | float) -> Exact:
    """The nearest pair: a ``Decimal`` such as 0.1 is no float, a float is itself."""
    high = float(value)
    return high, float(Decimal(value) - Decimal(high))


@kernel
def add(a_high: float, a_low: float, b_high: float, b_low: float) -> Exact:
    total = a_high + b_high
    part = total - a_high
    lost = (a_high - (total - part)) + (b_high - part) + (a_low + b_low)
    high = total + lost
    return high, lost - (high - total)


@kernel
def product(a: float, b: float) -> Exact:
    """Of two floats, without an error."""
    high = a * b
    scaled = _SPLITTER * a
    a_top = scaled - (scaled - a)
    a_rest = a - a_top
    scaled = _SPLITTER * b
    b_top = scaled - (scaled - b)
    b_rest = b - b_top
    return high, ((a_top * b_top - high) + a_top * b_rest + a_rest * b_top) + a_rest * b_rest


@kernel
def multiply(a_high: float, a_low: float, b_high: float, b_low: float) -> Exact:
    top, lost = product(a_high, b_high)
    lost += a_high * b_low + a_low * b_high
    high = top + lost
    return high, lost - (high - top)


@kernel
def divide(a_high: float, a_low: float, b_high: float, b_low: float) -> Exact:
    first = a_high / b_high
    back_high, back_low = multiply(first, 0.0, b_high, b_low)
    rest_high, rest_low = add(a_high, a_low, -back_high, -back_low)
    second = (rest_high + rest_low) / b_high
    high = first + second
    return high, second - (high - first)
