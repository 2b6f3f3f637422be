"""The DCA executor: levels, the average entry, and its barriers."""

import pytest
from libs.strategies.tests.backtest.markets import BTC, FREE, Candle, flat, venue_of

from aviary_strategies.actions import Barriers, DcaSpec, Trailing
from aviary_strategies.backtest.dca import simulate_dca
from aviary_strategies.backtest.model import Costs
from aviary_strategies.types import CloseType, OrderType, Side

FALL: list[Candle] = [
    (100.0, 100.0, 100.0, 100.0),
    (100.0, 100.0, 97.0, 98.0),
    (98.0, 98.0, 89.0, 91.0),
]


def dca(side: Side = Side.BUY, **barriers: object) -> DcaSpec:
    prices = (99.0, 90.0) if side is Side.BUY else (101.0, 110.0)
    return DcaSpec(BTC, side, prices, (99.0, 180.0) if side is Side.BUY else (101.0, 220.0), Barriers(**barriers))  # type: ignore[arg-type]


def test_levels_fill_one_by_one_and_the_average_is_weighted_by_base() -> None:
    simulation = simulate_dca(dca(), venue_of([*FALL, *flat(92.0, 2)]), 0)
    assert simulation.at(1).filled_quote == pytest.approx(99.0)
    assert simulation.at(2).filled_quote == pytest.approx(99.0 + 180.0)
    # One unit at 99 and two at 90 are worth 3 * 92 in the end.
    assert simulation.end.close_type is CloseType.EARLY_STOP
    assert simulation.end.net_pnl_quote == pytest.approx(3 * 92.0 - 279.0)


def test_the_take_profit_is_measured_from_the_average_of_what_is_filled() -> None:
    rise: list[Candle] = [(91.0, 94.0, 91.0, 94.0), (94.0, 96.0, 94.0, 96.0)]
    end = simulate_dca(dca(take_profit=0.02), venue_of([*FALL, *rise]), 0).end
    assert (end.row, end.close_type) == (4, CloseType.TAKE_PROFIT)
    assert end.close_price == pytest.approx(93.0 * 1.02)
    assert end.net_pnl_quote == pytest.approx(3 * 93.0 * 0.02)


def test_the_stop_loss_waits_for_the_last_level() -> None:
    crash: list[Candle] = [(91.0, 91.0, 80.0, 80.0)]
    early: list[Candle] = [(100.0, 100.0, 100.0, 100.0), (98.0, 98.0, 91.0, 91.0), (91.0, 92.0, 91.0, 92.0)]
    assert simulate_dca(dca(stop_loss=0.05), venue_of(early), 0).end.close_type is CloseType.EARLY_STOP
    end = simulate_dca(dca(stop_loss=0.05), venue_of([*FALL, *crash]), 0).end
    assert (end.row, end.close_type) == (3, CloseType.STOP_LOSS)
    assert end.close_price == pytest.approx(93.0 * 0.95)


def test_a_stop_beyond_a_gap_is_booked_at_the_open() -> None:
    crash: list[Candle] = [(70.0, 71.0, 69.0, 70.0)]
    end = simulate_dca(dca(stop_loss=0.05), venue_of([*FALL, *crash]), 0).end
    assert (end.close_type, end.close_price) == (CloseType.STOP_LOSS, 70.0)


def test_a_trailing_stop_fires_below_the_best_profit() -> None:
    rise: list[Candle] = [(91.0, 95.0, 91.0, 95.0), (95.0, 97.0, 95.0, 97.0), (97.0, 97.0, 90.5, 91.0)]
    end = simulate_dca(dca(trailing=Trailing(0.02, 0.01)), venue_of([*FALL, *rise]), 0).end
    assert (end.row, end.close_type) == (5, CloseType.TRAILING_STOP)
    assert end.close_price == pytest.approx(93.0 * (1 + (97.0 / 93.0 - 1) - 0.01))


def test_the_time_limit_counts_from_the_creation() -> None:
    end = simulate_dca(dca(time_limit=120), venue_of([*FALL, *flat(92.0, 4)]), 0).end
    assert (end.row, end.close_type) == (3, CloseType.TIME_LIMIT)
    unfilled = simulate_dca(dca(time_limit=120), venue_of(flat(100.0, 9)), 0).end
    assert (unfilled.row, unfilled.close_type, unfilled.fees_quote) == (3, CloseType.TIME_LIMIT, 0.0)


def test_a_short_is_the_mirror_of_a_long() -> None:
    mirror = [(200 - o, 200 - low, 200 - h, 200 - c) for o, h, low, c in FALL]
    simulation = simulate_dca(dca(Side.SELL), venue_of([*mirror, *flat(108.0, 2)]), 0)
    assert simulation.end.net_pnl_quote == pytest.approx(101.0 + 220.0 - 3 * 108.0)


def test_makers_open_and_takers_close() -> None:
    costs = Costs(maker_fee=0.001, taker_fee=0.002, slippage=0.0)
    end = simulate_dca(dca(time_limit=120), venue_of([*FALL, *flat(92.0, 4)], costs), 0).end
    assert end.fees_quote == pytest.approx(279.0 * 0.001 + 3 * 92.0 * 0.002)
    rise: list[Candle] = [(91.0, 94.0, 91.0, 94.0), (94.0, 96.0, 94.0, 96.0)]
    limit = dca(take_profit=0.02, take_profit_order_type=OrderType.LIMIT)
    assert simulate_dca(limit, venue_of([*FALL, *rise], costs), 0).end.fees_quote == pytest.approx(
        279.0 * 0.001 + 3 * 93.0 * 1.02 * 0.001
    )


def test_it_is_worth_what_its_parts_are_at_each_close() -> None:
    simulation = simulate_dca(dca(), venue_of([*FALL, *flat(92.0, 2)], FREE), 0)
    assert simulation.marks(3).tolist() == pytest.approx([0.0, 98.0 - 99.0, 3 * 91.0 - 279.0, 3 * 92.0 - 279.0])
