"""The honest position: when it is filled, what ends it, and at which price."""

import numpy as np
import pytest
from libs.strategies.tests.backtest.markets import Candle, flat
from libs.strategies.tests.backtest.positions import AT_ONCE, LATE, LIMIT, LIMIT_MAKER, MARKET, position

from aviary_strategies.backtest.model import Costs
from aviary_strategies.backtest.simulation import Entry
from aviary_strategies.types import CloseType, Side

QUIET = flat(100.0, 3)
FALL: Candle = (100.0, 100.0, 90.0, 99.0)
RISE: Candle = (100.0, 110.0, 100.0, 101.0)


def test_a_market_entry_gets_the_next_open() -> None:
    candles: list[Candle] = [(100.0, 100.0, 100.0, 100.0), (103.0, 104.0, 102.0, 102.0)]
    assert position(candles).entry == Entry(1, 103.0)


def test_latency_moves_the_entry_along_the_candle_it_arrives_in() -> None:
    candles: list[Candle] = [(100.0, 100.0, 100.0, 100.0), (100.0, 104.0, 100.0, 104.0)]
    assert position(candles, costs=LATE).entry == Entry(1, 102.0)


def test_slippage_makes_market_prices_worse_on_both_sides() -> None:
    costs = Costs(maker_fee=0.0, taker_fee=0.0, slippage=0.01, latency_s=0.0)
    bought, sold = position(QUIET, costs=costs), position(QUIET, costs=costs, side=Side.SELL)
    assert bought.entry == Entry(1, 101.0)
    assert bought.end.close_price == 99.0
    assert sold.entry == Entry(1, 99.0)
    assert sold.end.close_price == 101.0


def test_a_limit_entry_is_not_filled_by_a_mere_touch() -> None:
    candles: list[Candle] = [*flat(100.0, 1), (100.0, 100.0, 98.0, 99.0), (99.0, 99.0, 97.9, 99.0)]
    assert position(candles, price=98.0, open_type=LIMIT).entry == Entry(2, 98.0)


def test_an_order_that_arrives_within_a_candle_does_not_count_on_its_low() -> None:
    candles = [*flat(100.0, 1), FALL, *flat(100.0, 1), FALL]
    at_once = position(candles, price=95.0, open_type=LIMIT)
    late = position(candles, price=95.0, open_type=LIMIT, costs=LATE)
    assert (at_once.entry, late.entry) == (Entry(1, 95.0), Entry(3, 95.0))


def test_a_marketable_limit_order_takes_and_never_pays_more_than_its_limit() -> None:
    costs = Costs(maker_fee=0.0, taker_fee=0.001, slippage=0.05, latency_s=0.0)
    bought = position(QUIET, price=102.0, open_type=LIMIT, costs=costs)
    assert bought.entry == Entry(1, 102.0)
    assert bought.at(1).fees_quote == pytest.approx(2 * 102.0 * 0.001)


def test_a_maker_order_that_would_take_waits_at_the_price_it_met() -> None:
    candles: list[Candle] = [*flat(100.0, 2), (100.0, 100.0, 99.0, 99.0)]
    costs = Costs(maker_fee=0.002, taker_fee=0.001, slippage=0.05, latency_s=0.0)
    bought = position(candles, price=102.0, open_type=LIMIT_MAKER, costs=costs)
    assert bought.entry == Entry(2, 100.0)
    assert bought.at(2 - 0).fees_quote == pytest.approx(2 * 100.0 * 0.002)


def test_the_stop_loss_is_booked_at_its_price_though_the_candle_closed_better() -> None:
    end = position([*flat(100.0, 2), FALL], stop_loss=0.05).end
    assert (end.row, end.close_type, end.close_price) == (2, CloseType.STOP_LOSS, 95.0)
    assert end.net_pnl_quote == -10.0
    assert end.net_pnl_pct == -0.05


def test_a_stop_loss_jumped_over_is_booked_at_the_open_after_it() -> None:
    candles: list[Candle] = [*flat(100.0, 2), (80.0, 90.0, 80.0, 85.0)]
    assert position(candles, stop_loss=0.05).end.close_price == 80.0
    after_gap = position([*flat(100.0, 5), (80.0, 90.0, 80.0, 85.0)], stop_loss=0.05, missing=frozenset({3, 4}))
    assert after_gap.end.close_price == 80.0


def test_the_stop_loss_wins_over_the_take_profit_of_the_same_candle() -> None:
    both: Candle = (100.0, 110.0, 90.0, 109.0)
    end = position([*flat(100.0, 2), both], stop_loss=0.05, take_profit=0.05).end
    assert end.close_type is CloseType.STOP_LOSS


def test_the_stop_loss_counts_in_the_candle_of_the_entry_and_the_take_profit_only_from_its_open() -> None:
    assert position([*flat(100.0, 1), FALL], stop_loss=0.05).end.close_type is CloseType.STOP_LOSS
    from_open = position([*flat(100.0, 1), RISE, *flat(100.0, 1)], take_profit=0.05)
    assert (from_open.end.row, from_open.end.close_type) == (1, CloseType.TAKE_PROFIT)
    within = position([*flat(100.0, 1), RISE, *flat(100.0, 1)], take_profit=0.05, costs=LATE)
    assert within.end.close_type is CloseType.EARLY_STOP


def test_a_limit_take_profit_has_to_be_traded_through_and_pays_the_maker() -> None:
    touch: Candle = (100.0, 105.0, 100.0, 100.0)
    costs = Costs(maker_fee=0.001, taker_fee=0.0, slippage=0.0, latency_s=0.0)
    end = position([*flat(100.0, 2), touch, RISE], take_profit=0.05, costs=costs).end
    assert (end.row, end.close_price) == (3, 105.0)
    assert end.fees_quote == pytest.approx(2 * 105.0 * 0.001)


def test_a_market_take_profit_fires_on_a_touch_and_slips() -> None:
    touch: Candle = (100.0, 105.0, 100.0, 100.0)
    costs = Costs(maker_fee=0.0, taker_fee=0.0, slippage=0.01, latency_s=0.0)
    candles: list[Candle] = [*flat(100.0, 2), (100.0, 106.1, 100.0, 100.0)]
    end = position(candles, take_profit=0.05, take_profit_type=MARKET, costs=costs).end
    assert end.close_type is CloseType.TAKE_PROFIT
    assert end.close_price == pytest.approx(101.0 * 1.05 * 0.99)
    assert position([*flat(100.0, 2), touch], take_profit=0.05, take_profit_type=MARKET).end.row == 2


def test_the_trailing_stop_follows_the_highs_of_earlier_candles() -> None:
    candles: list[Candle] = [
        *flat(100.0, 2),
        (100.0, 106.0, 100.0, 105.5),
        (105.5, 105.5, 104.0, 104.0),
    ]
    end = position(candles, trailing=(0.05, 0.01)).end
    assert (end.row, end.close_type, end.close_price) == (3, CloseType.TRAILING_STOP, 105.0)


def test_the_trailing_stop_fires_at_a_close_far_below_the_peak_of_its_candle() -> None:
    candles: list[Candle] = [*flat(100.0, 2), (100.0, 106.0, 100.0, 103.0)]
    end = position(candles, trailing=(0.05, 0.01)).end
    assert (end.row, end.close_type, end.close_price) == (2, CloseType.TRAILING_STOP, 103.0)


def test_a_trailing_stop_that_was_not_armed_does_not_fire() -> None:
    candles: list[Candle] = [*flat(100.0, 2), (100.0, 104.0, 100.0, 104.0), *flat(90.0, 2)]
    assert position(candles, trailing=(0.05, 0.01)).end.close_type is CloseType.EARLY_STOP


def test_a_short_position_is_a_long_one_in_a_mirror() -> None:
    fall: Candle = (100.0, 100.0, 90.0, 99.0)
    end = position([*flat(100.0, 2), fall], side=Side.SELL, take_profit=0.05).end
    assert (end.close_type, end.close_price, end.net_pnl_quote) == (CloseType.TAKE_PROFIT, 95.0, 10.0)
    end = position([*flat(100.0, 2), RISE], side=Side.SELL, stop_loss=0.05).end
    assert (end.close_type, end.close_price, end.net_pnl_quote) == (CloseType.STOP_LOSS, 105.0, -10.0)
    falling: list[Candle] = [*flat(100.0, 2), (100.0, 100.0, 94.0, 94.5), (94.5, 96.0, 94.5, 96.0)]
    end = position(falling, side=Side.SELL, trailing=(0.05, 0.01)).end
    assert (end.row, end.close_type, end.close_price) == (3, CloseType.TRAILING_STOP, 95.0)


def test_the_time_limit_counts_from_the_decision_and_sells_at_the_open() -> None:
    candles: list[Candle] = [*flat(100.0, 3), (101.0, 200.0, 10.0, 50.0), *flat(50.0, 1)]
    end = position(candles, time_limit=120, stop_loss=0.05, take_profit=0.05).end
    assert (end.row, end.close_type, end.close_price) == (3, CloseType.TIME_LIMIT, 101.0)


def test_an_entry_that_is_not_filled_within_the_time_limit_is_cancelled() -> None:
    candles = [*flat(100.0, 3), FALL, FALL]
    end = position(candles, price=95.0, open_type=LIMIT, time_limit=120).end
    assert (end.row, end.close_type, end.net_pnl_quote, end.filled_quote) == (3, CloseType.TIME_LIMIT, 0.0, 0.0)


def test_what_is_open_at_the_end_is_sold_at_the_last_close() -> None:
    costs = Costs(maker_fee=0.0, taker_fee=0.01, slippage=0.0, latency_s=0.0)
    end = position([*flat(100.0, 2), (100.0, 104.0, 100.0, 104.0)], costs=costs).end
    assert (end.row, end.close_type, end.close_price) == (2, CloseType.EARLY_STOP, 104.0)
    assert end.net_pnl_quote == pytest.approx(8.0 - 2 * 204.0 * 0.01)
    assert end.filled_quote == 408.0


def test_an_order_decided_at_the_last_close_never_arrives() -> None:
    simulation = position(QUIET, created=2)
    assert simulation.entry is None
    assert (simulation.end.row, simulation.end.close_type) == (2, CloseType.EARLY_STOP)


def test_a_long_position_pays_the_funding_settled_while_it_was_open() -> None:
    end = position(flat(100.0, 5), funding=0.5).end
    assert end.net_pnl_quote == -2 * 0.5 * 3
    assert position(flat(100.0, 5), funding=0.5, side=Side.SELL).end.net_pnl_quote == 2 * 0.5 * 3


def test_stopping_cancels_what_is_unfilled_and_sells_what_is_not() -> None:
    waiting = position(flat(100.0, 5), price=90.0, open_type=LIMIT).stopped(2, keep_position=False)
    assert (waiting.row, waiting.close_type, waiting.filled_quote) == (2, CloseType.EARLY_STOP, 0.0)
    candles: list[Candle] = [*flat(100.0, 3), (103.0, 103.0, 103.0, 103.0), *flat(50.0, 2)]
    stopped = position(candles).stopped(2, keep_position=False)
    assert (stopped.row, stopped.close_price, stopped.net_pnl_quote) == (3, 103.0, 6.0)


def test_a_barrier_before_the_stop_arrives_ends_it_first() -> None:
    candles = [*flat(100.0, 3), FALL, *flat(100.0, 2)]
    late = Costs(maker_fee=0.0, taker_fee=0.0, slippage=0.0, latency_s=90.0)
    stopped = position(candles, stop_loss=0.05, costs=late).stopped(2, keep_position=False)
    assert (stopped.row, stopped.close_type) == (3, CloseType.STOP_LOSS)


def test_keeping_the_position_hands_it_over_with_its_fee() -> None:
    costs = Costs(maker_fee=0.0, taker_fee=0.01, slippage=0.0, latency_s=0.0)
    kept = position(flat(100.0, 4), side=Side.SELL, costs=costs).stopped(2, keep_position=True)
    assert kept.close_type is CloseType.POSITION_HOLD
    (leg,) = kept.kept
    assert (leg.amount, leg.price, leg.fee_quote) == (-2.0, 100.0, 2.0)


def test_marks_value_what_is_open_at_each_close() -> None:
    costs = Costs(maker_fee=0.0, taker_fee=0.01, slippage=0.0, latency_s=0.0)
    candles: list[Candle] = [*flat(100.0, 2), (101.0, 104.0, 101.0, 103.0), *flat(100.0, 1)]
    simulation = position(candles, costs=costs)
    marks = simulation.marks(3)
    np.testing.assert_allclose(marks, [0.0, -2.0, 4.0, -4.0])
    assert simulation.at(2).net_pnl_quote == marks[2]


def test_without_barriers_and_costs_nothing_happens() -> None:
    end = position(flat(100.0, 50), costs=AT_ONCE).end
    assert (end.row, end.net_pnl_quote, end.fees_quote) == (49, 0.0, 0.0)
