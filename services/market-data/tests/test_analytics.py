"""Walks over a book's own levels, in exact decimals."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.types import Level
from aviary_market_data.order_books.analytics import (
    price_for_quote_volume,
    price_for_volume,
    volume_for_price,
    vwap_for_volume,
)

D = Decimal
ASKS = [Level(D("100"), D("1")), Level(D("101"), D("2")), Level(D("103"), D("4"))]
BIDS = [Level(D("99"), D("1")), Level(D("98"), D("2")), Level(D("96"), D("4"))]


@pytest.mark.parametrize(
    ("volume", "price"), [("0.5", "100"), ("1", "100"), ("1.1", "101"), ("3", "101"), ("7", "103")]
)
def test_the_price_is_that_of_the_level_that_first_reaches_the_volume(volume: str, price: str) -> None:
    walk = price_for_volume(ASKS, D(volume))
    assert (walk.price, walk.volume) == (D(price), D(volume))


def test_a_thin_book_has_no_price_and_says_how_much_there_is() -> None:
    walk = price_for_volume(ASKS, D("7.1"))
    assert (walk.price, walk.volume, walk.quote_volume) == (None, D("7"), D("714"))
    assert vwap_for_volume(ASKS, D("7.1")).average_price is None


def test_the_average_takes_the_last_level_in_part() -> None:
    assert vwap_for_volume(ASKS, D("2")).average_price == (D("100") + D("101")) / 2
    assert vwap_for_volume(BIDS, D("4")).average_price == (D("99") + D("98") * 2 + D("96")) / 4


@pytest.mark.parametrize(("quote", "price", "volume"), [("100", "100", "1"), ("201", "101", "2"), ("714", "103", "7")])
def test_the_level_that_first_reaches_the_quote_volume(quote: str, price: str, volume: str) -> None:
    walk = price_for_quote_volume(ASKS, D(quote))
    assert (walk.price, walk.volume, walk.quote_volume) == (D(price), D(volume), D(quote))
    assert price_for_quote_volume(ASKS, D("714.01")).price is None


@pytest.mark.parametrize(
    ("levels", "is_buy", "price", "last", "volume"),
    [
        (ASKS, True, "99.9", None, "0"),
        (ASKS, True, "100", "100", "1"),
        (ASKS, True, "102", "101", "3"),
        (ASKS, True, "1000", "103", "7"),
        (BIDS, False, "99.1", None, "0"),
        (BIDS, False, "98", "98", "3"),
        (BIDS, False, "1", "96", "7"),
    ],
)
def test_all_levels_that_are_not_worse(
    levels: list[Level], is_buy: bool, price: str, last: str | None, volume: str
) -> None:
    walk = volume_for_price(levels, D(price), is_buy=is_buy)
    assert (walk.price, walk.volume) == (None if last is None else D(last), D(volume))


PRICES = st.lists(st.decimals("0.01", "99999", places=2), min_size=1, max_size=30, unique=True).map(sorted)
AMOUNTS = st.decimals("0.00001", "1000", places=5)


@given(PRICES, st.data())
def test_a_walk_is_what_taking_piece_by_piece_costs(prices: list[Decimal], data: st.DataObject) -> None:
    asks = [Level(price, data.draw(AMOUNTS)) for price in prices]
    volume = data.draw(AMOUNTS)
    left, cost, reached = Fraction(volume), Fraction(0), None
    for level in asks:
        piece = min(left, Fraction(level.amount))
        cost, left = cost + piece * Fraction(level.price), left - piece
        if left == 0:
            reached = level.price
            break
    walk = price_for_volume(asks, volume)
    assert walk.price == reached
    assert Fraction(walk.quote_volume) == cost
    if reached is not None:
        assert abs(Fraction(vwap_for_volume(asks, volume).average_price or 0) - cost / Fraction(volume)) < Fraction(
            1, 10**15
        )
        assert volume_for_price(asks, reached, is_buy=True).volume >= volume
