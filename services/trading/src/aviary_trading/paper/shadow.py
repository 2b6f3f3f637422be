"""Liquidity that paper orders have taken and that the real book still shows.

It counts as gone until its level is next updated, so that the same quantity is not filled twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aviary_exchange.types import Level


@dataclass(frozen=True, slots=True)
class Taken:
    """From a level that showed ``displayed`` at the time."""

    displayed: Decimal
    amount: Decimal


Shadow = Mapping[Decimal, Taken]
"""One side of a book, by price."""


def still_shadowed(levels: Iterable[Level], shadow: Shadow) -> Shadow:
    """Without the levels that have changed or gone."""
    shown = {level.price: level.amount for level in levels}
    return {price: taken for price, taken in shadow.items() if shown.get(price) == taken.displayed}


def left(levels: Iterable[Level], shadow: Shadow) -> list[Level]:
    """What can be taken; levels with nothing left are not there."""
    reduced = [_reduced(level, shadow.get(level.price)) for level in levels]
    return [level for level in reduced if level.amount > 0]


def take(levels: Sequence[Level], shadow: Shadow, price: Decimal, amount: Decimal) -> Shadow:
    """Once ``amount`` has been taken at ``price`` too."""
    displayed = next(level.amount for level in levels if level.price == price)
    before = shadow.get(price)
    already = before.amount if before is not None and before.displayed == displayed else Decimal(0)
    return {**shadow, price: Taken(displayed, already + amount)}


def _reduced(level: Level, taken: Taken | None) -> Level:
    if taken is None or taken.displayed != level.amount:
        return level
    return Level(level.price, level.amount - taken.amount)
