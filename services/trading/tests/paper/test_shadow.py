from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.types import Level
from aviary_trading.paper.shadow import Shadow, left, still_shadowed, take

from .values import levels

D = Decimal
ASKS = levels(("100", "3"), ("101", "2"))


def test_what_was_taken_is_not_there_again() -> None:
    shadow = take(ASKS, {}, D(100), D(1))
    assert left(ASKS, shadow) == levels(("100", "2"), ("101", "2"))
    shadow = take(ASKS, shadow, D(100), D(2))
    assert left(ASKS, shadow) == levels(("101", "2"))


def test_a_level_that_was_updated_is_whole_again() -> None:
    shadow = take(ASKS, {}, D(100), D(3))
    updated = levels(("100", "3.5"), ("101", "2"))
    assert left(updated, shadow) == updated
    assert still_shadowed(updated, shadow) == {}


def test_a_level_that_went_away_is_forgotten() -> None:
    shadow = take(ASKS, {}, D(100), D(3))
    assert still_shadowed(levels(("101", "2")), shadow) == {}
    assert still_shadowed(ASKS, shadow) == shadow


@given(st.lists(st.tuples(st.sampled_from([D(100), D(101)]), st.decimals("0.1", "2", places=1)), max_size=20))
def test_a_still_book_gives_no_more_than_it_shows(wishes: list[tuple[Decimal, Decimal]]) -> None:
    shadow: Shadow = {}
    given_out = Decimal(0)
    for price, wish in wishes:
        offered = {level.price: level.amount for level in left(ASKS, shadow)}
        amount = min(wish, offered.get(price, Decimal(0)))
        if amount:
            shadow = take(ASKS, shadow, price, amount)
            given_out += amount
    rest = sum((level.amount for level in left(ASKS, shadow)), Decimal(0))
    assert rest + given_out == 5
    assert all(isinstance(level, Level) and level.amount > 0 for level in left(ASKS, shadow))
