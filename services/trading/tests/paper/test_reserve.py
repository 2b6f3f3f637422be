from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.types import NewOrder, OrderBook, OrderType, TradeType
from aviary_trading.paper.latency import Latency
from aviary_trading.paper.money import locked_for, value_of
from aviary_trading.paper.records import Holding
from aviary_trading.paper.reserve import Need, needed_for

from .values import BUY, NOW, PAIR, SELL, levels

D = Decimal
BOOK = OrderBook(PAIR, levels(("99", "5")), levels(("101", "1"), ("102", "2")), NOW)


def wish(side: TradeType, amount: str, price: str | None = None) -> NewOrder:
    kind = OrderType.MARKET if price is None else OrderType.LIMIT
    return NewOrder("c1", PAIR, side, kind, D(amount), None if price is None else D(price))


def test_a_sell_locks_the_base_and_a_bid_its_value() -> None:
    assert needed_for(wish(SELL, "2", "110"), None) == Need("BTC", D(2), D(2))
    assert needed_for(wish(BUY, "2", "90.5"), None) == Need("USDT", D(181), D(181))


def test_a_market_buy_needs_what_the_book_asks_and_locks_a_little_more() -> None:
    need = needed_for(wish(BUY, "2"), BOOK)
    assert need == Need("USDT", D(203), D("213.15"))
    assert need.locked_from(Holding(D(202))) is None
    assert need.locked_from(Holding(D(205))) == 205
    assert need.locked_from(Holding(D(1000), reserved=D(500))) == D("213.15")


def test_in_an_empty_book_there_is_nobody_to_trade_with() -> None:
    empty = OrderBook(PAIR, [], levels(("101", "1")), NOW)
    assert needed_for(wish(SELL, "1"), empty) is None
    assert needed_for(wish(BUY, "1"), empty) is not None


small = st.decimals(min_value="0.000000000001", max_value="1000", places=12)


@given(small, small, small)
def test_a_lock_covers_its_parts_however_small_the_digits(first: Decimal, second: Decimal, price: Decimal) -> None:
    released = locked_for(first + second, price) - locked_for(second, price)
    assert value_of(first, price) <= released


def test_latency_lies_between_its_bounds_and_is_the_same_again() -> None:
    latency = Latency()
    drawn = [latency.seconds(f"place {number}") for number in range(1000)]
    assert 0.05 <= min(drawn) < 0.06
    assert 0.08 < sorted(drawn)[500] < 0.1
    assert 0.15 < max(drawn) <= 0.2
    assert drawn == [latency.seconds(f"place {number}") for number in range(1000)]
    assert latency.seconds("place 1") != Latency(seed=2).seconds("place 1")
