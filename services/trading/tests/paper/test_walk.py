from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.types import Level
from aviary_trading.paper.money import value_of
from aviary_trading.paper.walk import Budget, Step, cost, total, walk

from .values import levels

ASKS = levels(("100", "1"), ("101", "2"), ("103", "5"))
D = Decimal

amounts = st.decimals(min_value="0.00000001", max_value="1000000", places=8)
prices = st.decimals(min_value="0.01", max_value="100000", places=2)
books = st.lists(st.tuples(prices, amounts), max_size=20, unique_by=lambda pair: pair[0]).map(
    lambda pairs: [Level(price, amount) for price, amount in sorted(pairs)]
)


def test_a_taker_takes_the_best_levels_first() -> None:
    assert walk(ASKS, D("2.5"), is_buy=True, limit=None) == [Step(D(100), D(1)), Step(D(101), D("1.5"))]


def test_a_limit_is_not_passed() -> None:
    assert total(walk(ASKS, D(9), is_buy=True, limit=D(101))) == 3
    bids = levels(("99", "1"), ("98", "1"), ("90", "1"))
    assert total(walk(bids, D(9), is_buy=False, limit=D(98))) == 2
    assert walk(bids, D(9), is_buy=False, limit=D("99.01")) == []


def test_a_budget_buys_whole_steps_only() -> None:
    steps = walk(ASKS, D(9), is_buy=True, limit=None, budget=Budget(D("150"), D("0.1")))
    assert steps == [Step(D(100), D(1)), Step(D(101), D("0.4"))]


@given(books, amounts, st.none() | prices, st.none() | amounts)
def test_never_more_than_the_order_the_book_or_the_budget(
    book: list[Level], amount: Decimal, limit: Decimal | None, budget: Decimal | None
) -> None:
    allowed = None if budget is None else Budget(budget, D("0.00001"))
    steps = walk(book, amount, is_buy=True, limit=limit, budget=allowed)
    shown = {level.price: level.amount for level in book}
    assert total(steps) <= amount
    assert all(0 < step.amount <= shown[step.price] for step in steps)
    assert limit is None or all(step.price <= limit for step in steps)
    assert budget is None or cost(steps) <= budget
    assert cost(steps) == sum(value_of(step.amount, step.price) for step in steps)


@given(books, amounts, st.none() | prices)
def test_what_is_left_over_found_nobody(book: list[Level], amount: Decimal, limit: Decimal | None) -> None:
    within = sum(level.amount for level in book if limit is None or level.price <= limit)
    assert total(walk(book, amount, is_buy=True, limit=limit)) == min(amount, within)
