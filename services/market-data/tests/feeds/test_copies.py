"""What replicas keep of a feed, and what its owner keeps of the candles."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from aviary_exchange.types import Candle, Level, OrderBook, PublicTrade, StreamKind, TradeType
from aviary_market_data.feeds.book_text import Book
from aviary_market_data.feeds.candle_text import candle_text, open_time_s
from aviary_market_data.feeds.key import FeedKey
from aviary_market_data.feeds.mirror import BookMirror, CandlesMirror, TradesMirror
from aviary_market_data.feeds.trade_text import trade_text
from aviary_market_data.feeds.wanted import Want
from aviary_market_data.feeds.window import Window

BOOK = FeedKey(StreamKind.BOOK, "sandbox", "BTC-USDT")
CANDLES = FeedKey(StreamKind.CANDLES, "sandbox", "BTC-USDT", "1m")
TRADES = FeedKey(StreamKind.TRADES, "sandbox", "BTC-USDT")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def candle(open_time: int, close: str = "1") -> Candle:
    one = Decimal(1)
    return Candle(open_time, one, one, one, Decimal(close), one)


def text(candles: Sequence[Candle]) -> str:
    return "\n".join(map(candle_text, candles))


def state(candles: Sequence[Candle], whole: str = "part") -> str:
    return f"{time.time()} {whole}\n{text(candles)}"


def book(levels: int = 3, *, is_complete: bool = True, at: float | None = None) -> Book:
    side = [Level(Decimal(100 + number), Decimal("0.10")) for number in range(levels)]
    made = Book.of(OrderBook("BTC-USDT", side[::-1], side, NOW, 7, is_complete), 3)
    return made if at is None else Book(**{**made.__dict__, "at": at})


@pytest.mark.parametrize("key", [BOOK, CANDLES, TRADES])
def test_a_key_survives_its_text(key: FeedKey) -> None:
    assert FeedKey.from_id(key.id) == key


def test_names_are_the_official_clients() -> None:
    assert [key.name for key in (BOOK, CANDLES, TRADES)] == [
        "order_book_sandbox_BTC-USDT",
        "candles_sandbox_BTC-USDT_1m",
        "trades_sandbox_BTC-USDT",
    ]


def test_a_book_survives_its_text_with_the_venues_digits() -> None:
    again = Book.from_json(book().to_json().decode(), "BTC-USDT")
    assert again.asks[0] == ["100", "0.1"]
    assert again.exact_asks == [Level(Decimal(100 + number), Decimal("0.1")) for number in range(3)]
    assert (again.update_id, again.venue_at) == (7, NOW.timestamp())


@pytest.mark.parametrize(
    ("levels", "is_complete", "depth", "has"),
    [(3, True, 3, True), (3, True, 4, False), (2, True, 9, True), (2, False, 2, True), (2, False, 3, False)],
)
def test_a_book_knows_how_much_of_the_venues_it_is(levels: int, is_complete: bool, depth: int, has: bool) -> None:
    assert book(levels, is_complete=is_complete).has(depth) is has


def test_a_copy_ages_by_its_own_clock_from_when_it_heard() -> None:
    clock = Clock()
    mirror = BookMirror(BOOK, 3, clock)
    assert mirror.age_s() == float("inf")
    mirror.take_news(book().to_json().decode())
    clock.now += 2
    assert mirror.age_s() == 2
    assert mirror.book() is not None


def test_what_was_found_is_as_old_as_it_says() -> None:
    mirror = BookMirror(BOOK, 3, Clock())
    mirror.take_state((book(at=time.time() - 50).to_json().decode(), None))
    assert 49 < mirror.age_s() < 52


def test_news_are_not_replaced_by_what_was_found_later() -> None:
    mirror = BookMirror(BOOK, 3)
    mirror.take_news(book(3).to_json().decode())
    mirror.take_state((book(1).to_json().decode(), None))
    found = mirror.book()
    assert found is not None
    assert len(found.bids) == 3


def test_a_reader_of_trades_gets_each_once() -> None:
    mirror = TradesMirror(TRADES, 1)
    lines = [trade_text(PublicTrade(str(n), Decimal(n), Decimal(1), TradeType.BUY, NOW)) for n in range(1, 6)]
    mirror.take_state((lines[0], None))
    mirror.take_news("\n".join(lines[1:3]))
    told = mirror.told
    assert list(mirror.since(0)) == lines[1:3]
    mirror.take_news("\n".join(lines[3:]))
    assert list(mirror.since(told)) == lines[3:]
    assert list(mirror.since(mirror.told)) == []


def test_candles_go_on_with_what_is_told() -> None:
    mirror = CandlesMirror(CANDLES, 3)
    mirror.take_state((state([candle(0), candle(60), candle(120)]), None))
    assert mirror.take_news(text([candle(120, "5"), candle(180)]))
    lines = mirror.newest(3)
    assert lines is not None
    assert [open_time_s(line) for line in lines] == [60, 120, 180]
    assert '"close":5' in lines[1]


def test_candles_that_do_not_follow_ask_for_the_state() -> None:
    mirror = CandlesMirror(CANDLES, 2)
    mirror.take_state((state([candle(0), candle(60)]), None))
    assert not mirror.take_news(text([candle(180), candle(240)]))
    assert not CandlesMirror(CANDLES, 2).take_news(text([candle(0), candle(60)]))


def test_fewer_candles_than_asked_for_are_an_answer_only_when_the_venue_has_no_more() -> None:
    part, whole = CandlesMirror(CANDLES, 5), CandlesMirror(CANDLES, 5)
    part.take_state((state([candle(0)]), None))
    whole.take_state((state([candle(0)], "whole"), None))
    assert part.newest(2) is None
    assert len(whole.newest(2) or ()) == 1
    assert not part.take_news(text([candle(0), candle(60)])), "more is wanted than is known"


def test_a_window_keeps_its_size_and_tells_what_has_closed() -> None:
    window = Window()
    window.fill([candle(0), candle(60), candle(120)], 3)
    assert not window.whole
    assert window.merge([candle(120, "2")], 3) == []
    assert window.merge([candle(120, "3"), candle(180)], 3) == [candle(120, "3")]
    assert [each.open_time_s for each in window.candles] == [60, 120, 180]
    assert window.knows([candle(180)])
    assert not window.knows([candle(300)])


def test_a_window_takes_no_candle_into_its_past() -> None:
    window = Window()
    window.fill([candle(60), candle(120)], 5)
    window.merge([candle(0), candle(180)], 5)
    assert [each.open_time_s for each in window.candles] == [60, 120, 180]


def test_a_pinned_feed_is_never_idle() -> None:
    assert Want(0.0, 1, pinned=False).is_idle(11.0, 10.0)
    assert not Want(0.0, 1, pinned=False).is_idle(9.0, 10.0)
    assert not Want(0.0, 1, pinned=True).is_idle(1e9, 10.0)
