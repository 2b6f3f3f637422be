"""A taker's way through the other side of the book."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aviary_exchange.types import Level
from aviary_trading.paper.money import affordable, value_of
from aviary_trading.paper.records import ZERO


@dataclass(frozen=True, slots=True)
class Step:
    """So much at one level."""

    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Budget:
    """What a market buy may cost, and the smallest amount that can be bought."""

    quote: Decimal
    step: Decimal


def reaches(is_buy: bool, limit: Decimal | None, price: Decimal) -> bool:
    """Whether an order with that limit trades at that price of the other side; without a limit at any."""
    if limit is None:
        return True
    return price <= limit if is_buy else price >= limit


def walk(
    levels: Iterable[Level], amount: Decimal, *, is_buy: bool, limit: Decimal | None, budget: Budget | None = None
) -> list[Step]:
    """``levels`` are the best first; the steps are never more than the order, the book or the budget allow."""
    steps: list[Step] = []
    spent = ZERO
    for level in levels:
        if amount <= 0 or not reaches(is_buy, limit, level.price):
            break
        here = min(amount, level.amount)
        if budget is not None:
            here = min(here, affordable(budget.quote - spent, level.price, budget.step))
            spent += value_of(here, level.price)
        if here <= 0:
            break
        steps.append(Step(level.price, here))
        amount -= here
    return steps


def total(steps: Sequence[Step]) -> Decimal:
    return sum((step.amount for step in steps), ZERO)


def cost(steps: Sequence[Step]) -> Decimal:
    return sum((value_of(step.amount, step.price) for step in steps), ZERO)
