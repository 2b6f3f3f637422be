from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.types import PublicTrade
from aviary_trading.paper.cursor import Cursor, since

from .values import trade


def printed(*at: float) -> list[PublicTrade]:
    return [trade("100", "1", at=when, trade_id=f"t{number}") for number, when in enumerate(at)]


def test_each_trade_counts_once() -> None:
    first = since(Cursor(), printed(1, 2, 2))
    assert len(first.trades) == 3
    again = since(first.cursor, printed(1, 2, 2, 2, 3))
    assert [item.trade_id for item in again.trades] == ["t3", "t4"]
    assert not again.gap


def test_trades_that_fell_out_of_the_list_are_a_gap() -> None:
    seen = since(Cursor(), printed(1, 2)).cursor
    assert since(seen, [trade("100", "1", at=5)]).gap
    assert not since(seen, [*printed(1, 2)[1:], trade("100", "1", at=5)]).gap
    assert not since(seen, []).gap


def test_a_pair_that_had_never_traded_has_no_gap() -> None:
    assert not since(Cursor(), printed(1)).gap


def test_without_ids_two_equal_trades_are_one() -> None:
    equal = [trade("100", "1", at=1, trade_id="None")]
    seen = since(Cursor(), equal).cursor
    assert since(seen, equal * 2).trades == []


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_however_often_one_looks_each_trade_counts_once(gaps: list[int], shown: list[int]) -> None:
    whole = [trade("100", "1", at=sum(gaps[: n + 1]), trade_id=f"t{n}") for n in range(len(gaps))]
    cursor, counted = Cursor(), []
    for end in [*sorted(shown), len(whole)]:
        news = since(cursor, whole[:end])
        cursor = news.cursor
        counted += [item.trade_id for item in news.trades]
    assert len(counted) == len(set(counted))
    assert set(counted) == {item.trade_id for item in whole}
