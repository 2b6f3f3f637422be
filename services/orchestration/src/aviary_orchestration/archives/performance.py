"""What a bot earned with a pair, from what it bought and sold of it: plain formulas on plain values.

All of them mean one pair of one connector, in its quote asset, since its first fill. What would be divided by nothing
is 0: an average of no amount, the profit of what was not both bought and sold, a gain on a price of 0.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Traded:
    """Sums since the first fill. ``volume`` also counts fills that neither buy nor sell, such as liquidity moves."""

    bought: Decimal
    bought_value: Decimal
    sold: Decimal
    sold_value: Decimal
    volume: Decimal
    fees: Decimal

    @property
    def buy_average(self) -> Decimal:
        return average_price(self.bought_value, self.bought)

    @property
    def sell_average(self) -> Decimal:
        return average_price(self.sold_value, self.sold)

    @property
    def net(self) -> Decimal:
        return self.bought - self.sold


def average_price(value: Decimal, amount: Decimal) -> Decimal:
    return value / amount if amount else NOTHING


def realized_pct(traded: Traded) -> Decimal:
    """The average sale against the average purchase."""
    bought_at = traded.buy_average
    if not traded.sold or not bought_at:
        return NOTHING
    return (traded.sell_average - bought_at) / bought_at


def realized_quote(traded: Traded) -> Decimal:
    """The same on what was both bought and sold."""
    return realized_pct(traded) * min(traded.bought, traded.sold) * traded.buy_average


def unrealized_pct(traded: Traded, price: Decimal) -> Decimal:
    """What is left open, against its average: a long gains when the price rises, a short when it falls."""
    entry = _entry(traded)
    if not entry:
        return NOTHING
    return (price - entry if traded.net > 0 else entry - price) / entry


def unrealized_quote(traded: Traded, price: Decimal) -> Decimal:
    return unrealized_pct(traded, price) * abs(traded.net) * _entry(traded)


def net_quote(traded: Traded, price: Decimal) -> Decimal:
    """After all fees until now."""
    return realized_quote(traded) + unrealized_quote(traded, price) - traded.fees


def _entry(traded: Traded) -> Decimal:
    """The average of the side that is open; 0 when none is."""
    if not traded.net:
        return NOTHING
    return traded.buy_average if traded.net > 0 else traded.sell_average
