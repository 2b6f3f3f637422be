from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_trading.paper import queue

from .values import BUY, SELL, levels, trade

D = Decimal
BIDS = levels(("100", "5"), ("99", "3"))
ASKS = levels(("101", "4"), ("103", "2"))

amounts = st.decimals(min_value="0", max_value="1000", places=8)


@pytest.mark.parametrize(
    ("side", "price", "ahead"),
    [(BIDS, "100", "5"), (BIDS, "99.5", "0"), (BIDS, "100.5", "0"), (ASKS, "103", "2"), (ASKS, "102", "0")],
)
def test_the_queue_is_what_the_book_shows_at_the_price(side: list[queue.Level], price: str, ahead: str) -> None:
    assert queue.displayed_at(side, D(price), is_buy=side is BIDS, depth=2) == D(ahead)


def test_beyond_the_last_level_that_was_asked_for_nobody_knows() -> None:
    assert queue.displayed_at(BIDS, D(98), is_buy=True, depth=2) is None
    assert queue.displayed_at(ASKS, D(104), is_buy=False, depth=2) is None
    assert queue.displayed_at(BIDS, D(98), is_buy=True, depth=3) == 0
    assert queue.displayed_at([], D(98), is_buy=True, depth=3) == 0


def test_trades_at_our_price_count_when_they_hit_our_side() -> None:
    assert queue.at(trade("100", "1", SELL), D(100), is_buy=True)
    assert not queue.at(trade("100", "1", BUY), D(100), is_buy=True)
    assert queue.at(trade("100", "1", BUY), D(100), is_buy=False)


def test_trades_beyond_our_price_count_whoever_took() -> None:
    for taker in (BUY, SELL):
        assert queue.through(trade("99.99", "1", taker), D(100), is_buy=True)
        assert queue.through(trade("100.01", "1", taker), D(100), is_buy=False)
        assert not queue.through(trade("100", "1", taker), D(100), is_buy=True)


@given(amounts, amounts, amounts)
def test_the_queue_comes_first_and_nothing_is_filled_twice(ahead: Decimal, remaining: Decimal, volume: Decimal) -> None:
    left, filled = queue.after_trade_at(ahead, remaining, volume)
    assert 0 <= left <= ahead
    assert 0 <= filled <= remaining
    assert (ahead - left) + filled <= volume
    assert filled == 0 or left == 0


@given(amounts, amounts, st.lists(amounts, max_size=10))
def test_many_small_trades_do_what_one_large_does(ahead: Decimal, remaining: Decimal, volumes: list[Decimal]) -> None:
    one_by_one, queue_left = Decimal(0), ahead
    for volume in volumes:
        queue_left, filled = queue.after_trade_at(queue_left, remaining - one_by_one, volume)
        one_by_one += filled
    assert (queue_left, one_by_one) == queue.after_trade_at(ahead, remaining, sum(volumes, Decimal(0)))
