"""The reference engine's position, its flaws included."""

from decimal import Decimal

import pytest
from libs.strategies.tests.backtest.markets import Candle, flat
from libs.strategies.tests.backtest.positions import LIMIT, position

from aviary_strategies.backtest.exact import exact_of
from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.simulation import Entry
from aviary_strategies.types import CloseType, Side

COMPAT = Mode.COMPAT
RISE: Candle = (100.0, 102.0, 100.0, 102.0)


def test_an_entry_is_booked_at_the_close_that_reaches_the_limit() -> None:
    candles: list[Candle] = [*flat(100.0, 2), (100.0, 100.0, 97.0, 97.0)]
    assert position(candles, price=98.0, open_type=LIMIT, mode=COMPAT).entry == Entry(2, 97.0)


def test_a_close_that_equals_the_rounded_limit_does_not_reach_the_exact_one() -> None:
    candles = [*flat(100.0, 1), *flat(99.0, 1)]
    spread = 0.01
    price, rest = exact_of(100 * (1 - Decimal(spread)))
    assert price == 99.0
    assert position(candles, price=price, rest=rest, open_type=LIMIT, mode=COMPAT).entry is None
    assert position(candles, price=99.0, open_type=LIMIT, mode=COMPAT).entry == Entry(1, 99.0)


def test_both_fees_are_charged_from_the_entry_on() -> None:
    simulation = position(flat(100.0, 3), mode=COMPAT, costs=Costs(trade_cost=0.001))
    assert simulation.at(0).net_pnl_quote == pytest.approx(-0.4)
    assert simulation.end.fees_quote == pytest.approx(0.4)


def test_the_take_profit_is_net_of_fees_and_on_the_close() -> None:
    candles = [*flat(100.0, 1), RISE, (102.0, 110.0, 102.0, 102.5)]
    end = position(candles, mode=COMPAT, costs=Costs(trade_cost=0.001), take_profit=0.02).end
    assert (end.row, end.close_type, end.close_price) == (2, CloseType.TAKE_PROFIT, 102.5)


def test_a_stop_loss_hit_by_the_wick_is_booked_at_the_close() -> None:
    candles: list[Candle] = [*flat(100.0, 1), (100.0, 100.0, 90.0, 101.0)]
    end = position(candles, mode=COMPAT, stop_loss=0.05).end
    assert (end.row, end.close_type, end.close_price) == (1, CloseType.STOP_LOSS, 101.0)


def test_a_stop_loss_may_end_what_was_never_filled() -> None:
    candles: list[Candle] = [*flat(100.0, 1), (100.0, 100.0, 90.0, 100.0), *flat(98.0, 2)]
    end = position(candles, price=98.0, open_type=LIMIT, stop_loss=0.05, mode=COMPAT).end
    assert (end.row, end.close_type, end.filled_quote) == (1, CloseType.STOP_LOSS, 0.0)


def test_the_take_profit_wins_over_the_stop_loss_of_the_same_candle() -> None:
    candles: list[Candle] = [*flat(100.0, 1), (100.0, 106.0, 90.0, 106.0)]
    end = position(candles, mode=COMPAT, stop_loss=0.05, take_profit=0.05).end
    assert end.close_type is CloseType.TAKE_PROFIT


def test_the_trailing_stop_follows_closes() -> None:
    candles = [*flat(100.0, 1), *flat(106.0, 1), *flat(105.5, 1), *flat(104.9, 1)]
    end = position(candles, mode=COMPAT, trailing=(0.05, 0.01)).end
    assert (end.row, end.close_type) == (3, CloseType.TRAILING_STOP)
    short = [*flat(100.0, 1), *flat(94.0, 1), *flat(94.5, 1), *flat(95.1, 1)]
    end = position(short, mode=COMPAT, trailing=(0.05, 0.01), side=Side.SELL).end
    assert (end.row, end.close_type) == (3, CloseType.TRAILING_STOP)


def test_the_time_limit_is_the_last_row_within_it() -> None:
    end = position(flat(100.0, 9), mode=COMPAT, time_limit=150).end
    assert (end.row, end.close_type) == (2, CloseType.TIME_LIMIT)
    gap = position(flat(100.0, 9), mode=COMPAT, time_limit=150, missing=frozenset({1, 2, 3})).end
    assert gap.row == 0


def test_stopping_counts_one_side_of_what_was_filled() -> None:
    stopped = position([*flat(100.0, 1), RISE, *flat(100.0, 2)], mode=COMPAT).stopped(1, keep_position=False)
    assert (stopped.row, stopped.close_type, stopped.filled_quote) == (1, CloseType.EARLY_STOP, 200.0)
    assert stopped.net_pnl_quote == pytest.approx(4.0)
