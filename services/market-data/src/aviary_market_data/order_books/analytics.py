"""What a book would give: walks over one side, from the best level outward, in exact decimals.

A buyer walks the asks upward, a seller the bids downward. ``None`` stands where the levels do not suffice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aviary_exchange.types import Level

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Walk:
    """``price`` is that of the last level reached; ``volume`` and ``quote_volume`` are what the levels hold up to
    there, at most what was asked for."""

    price: Decimal | None
    volume: Decimal
    quote_volume: Decimal
    average_price: Decimal | None = None

    @property
    def is_complete(self) -> bool:
        return self.price is not None


def price_for_volume(levels: Sequence[Level], volume: Decimal) -> Walk:
    """The level at which the cumulative base amount first reaches the volume."""
    held = cost = ZERO
    for level in levels:
        taken = min(level.amount, volume - held)
        held += taken
        cost += taken * level.price
        if held >= volume:
            return Walk(level.price, held, cost)
    return Walk(None, held, cost)


def vwap_for_volume(levels: Sequence[Level], volume: Decimal) -> Walk:
    """What the volume costs, by the volume; the last level is taken in part."""
    walk = price_for_volume(levels, volume)
    average = walk.quote_volume / volume if walk.is_complete else None
    return Walk(average, walk.volume, walk.quote_volume, average)


def price_for_quote_volume(levels: Sequence[Level], quote_volume: Decimal) -> Walk:
    """The level at which the cumulative price times amount first reaches the quote volume."""
    held = cost = ZERO
    for level in levels:
        worth = level.price * level.amount
        if cost + worth >= quote_volume:
            return Walk(level.price, held + (quote_volume - cost) / level.price, quote_volume)
        held += level.amount
        cost += worth
    return Walk(None, held, cost)


def volume_for_price(levels: Sequence[Level], price: Decimal, *, is_buy: bool) -> Walk:
    """All levels that are not worse than the price."""
    held = cost = ZERO
    last = None
    for level in levels:
        if level.price > price if is_buy else level.price < price:
            break
        held += level.amount
        cost += level.price * level.amount
        last = level.price
    return Walk(last, held, cost)


def reaches_beyond(levels: Sequence[Level], price: Decimal, *, is_buy: bool) -> bool:
    """Whether the levels go on after the price, so that none within it is missing."""
    return bool(levels) and (levels[-1].price > price if is_buy else levels[-1].price < price)
