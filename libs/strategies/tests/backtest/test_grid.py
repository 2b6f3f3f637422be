"""The grid executor: its levels, its round trips and its ends."""

from dataclasses import replace

import pytest
from libs.strategies.tests.backtest.markets import BTC, Candle, flat, venue_of

from aviary_strategies.actions import Barriers, GridSpec
from aviary_strategies.backtest.grid import simulate_grid
from aviary_strategies.backtest.grid_levels import grid_levels
from aviary_strategies.backtest.model import Costs, MarketRules
from aviary_strategies.types import CloseType, Side

RULES = MarketRules()
BOUGHT = GridSpec(
    BTC,
    Side.BUY,
    start_price=90.0,
    end_price=110.0,
    limit_price=80.0,
    total_amount_quote=300.0,
    barriers=Barriers(take_profit=0.02),
    min_spread_between_orders=0.1,
    safe_extra_spread=0.0,
)
SOLD = replace(BOUGHT, side=Side.SELL, limit_price=120.0)


def test_the_spread_between_orders_limits_the_levels() -> None:
    levels = grid_levels(BOUGHT, 100.0, RULES)
    assert levels.prices.tolist() == [90.0, 110.0]
    assert levels.quote == pytest.approx(150.0)
    assert grid_levels(replace(BOUGHT, min_spread_between_orders=0.05), 100.0, RULES).prices.tolist() == pytest.approx(
        [90.0, 96.6667, 103.3333, 110.0], rel=1e-5
    )


def test_the_smallest_order_limits_the_levels() -> None:
    spec = replace(BOUGHT, min_spread_between_orders=0.001, total_amount_quote=40.0)
    assert len(grid_levels(spec, 100.0, RULES).prices) == int(40 / (5 * 1.05))
    assert len(grid_levels(spec, 100.0, MarketRules(min_notional=15.0)).prices) == 2
    assert grid_levels(replace(spec, total_amount_quote=1.0), 100.0, RULES).prices.tolist() == [100.0]


def test_amounts_are_whole_steps() -> None:
    levels = grid_levels(BOUGHT, 100.0, MarketRules(amount_step=0.4))
    assert levels.quote == pytest.approx(120.0)


def test_a_take_profit_may_follow_the_spread() -> None:
    assert grid_levels(replace(BOUGHT, coerce_tp_to_step=True), 100.0, RULES).take_profit == pytest.approx(2 / 9)


def test_a_level_earns_its_take_profit_each_time_the_price_comes_back() -> None:
    swing: list[Candle] = [(100.0, 100.0, 89.0, 91.0), (91.0, 92.0, 91.0, 92.0)]
    away: list[Candle] = [(92.0, 111.0, 92.0, 111.0)]
    end = simulate_grid(BOUGHT, venue_of([*flat(100.0, 1), *swing, *swing, *away]), 0, RULES).end
    # The level at 90 opened and closed twice; that at 110 lies above the price, was bought at 100 and held to the end.
    assert (end.row, end.close_type) == (5, CloseType.TAKE_PROFIT)
    level, above = 150.0 / 90.0, 150.0 / 100.0
    assert end.net_pnl_quote == pytest.approx(2 * level * 90.0 * 0.02 + above * (110.0 - 100.0))


def test_a_level_does_one_thing_in_one_candle() -> None:
    wild: list[Candle] = [(100.0, 100.0, 89.0, 95.0)]
    simulation = simulate_grid(BOUGHT, venue_of([*flat(100.0, 1), *wild, *flat(95.0, 2)]), 0, RULES)
    assert simulation.at(1).filled_quote == pytest.approx(300.0)
    assert simulation.at(2).filled_quote == pytest.approx(300.0 + 150.0 / 90.0 * 91.8)


def test_the_limit_price_stops_the_grid() -> None:
    costs = Costs(maker_fee=0.0, taker_fee=0.01, slippage=0.0)
    fall: list[Candle] = [(100.0, 100.0, 79.0, 79.0)]
    end = simulate_grid(BOUGHT, venue_of([*flat(100.0, 1), *fall, *flat(79.0, 2)], costs), 0, RULES).end
    base = 150.0 / 90.0 + 150.0 / 100.0
    assert (end.row, end.close_type) == (1, CloseType.STOP_LOSS)
    assert end.net_pnl_quote == pytest.approx(base * 80.0 * 0.99 - 300.0)


def test_a_grid_that_keeps_its_position_hands_over_what_is_open() -> None:
    fall: list[Candle] = [(100.0, 100.0, 79.0, 79.0)]
    keeping = replace(BOUGHT, keep_position=True)
    end = simulate_grid(keeping, venue_of([*flat(100.0, 1), *fall]), 0, RULES).end
    assert end.close_type is CloseType.POSITION_HOLD
    (leg,) = end.kept
    assert leg.amount == pytest.approx(150.0 / 90.0 + 150.0 / 100.0)
    assert leg.amount * leg.price == pytest.approx(300.0)
    assert end.net_pnl_quote == pytest.approx(0.0)


def test_a_sold_grid_is_the_mirror_image() -> None:
    swing: list[Candle] = [(100.0, 111.0, 100.0, 109.0), (109.0, 109.0, 107.0, 108.0)]
    away: list[Candle] = [(108.0, 108.0, 89.0, 89.0)]
    end = simulate_grid(SOLD, venue_of([*flat(100.0, 1), *swing, *away]), 0, RULES).end
    assert (end.row, end.close_type) == (3, CloseType.TAKE_PROFIT)
    # That at 110 was sold and bought back 2 % lower; that at 90 was sold at 100 and bought back at the end, at 90.
    assert end.net_pnl_quote == pytest.approx(150.0 / 110.0 * 110.0 * 0.02 + 150.0 / 100.0 * 10.0)


def test_no_more_orders_rest_than_allowed() -> None:
    many = replace(BOUGHT, min_spread_between_orders=0.01, max_open_orders=3)
    fall: list[Candle] = [(100.0, 100.0, 85.0, 85.0)]
    simulation = simulate_grid(many, venue_of([*flat(100.0, 1), *fall, *flat(85.0, 1)]), 0, RULES)
    levels = grid_levels(many, 100.0, RULES)
    assert simulation.at(1).filled_quote == pytest.approx(3 * levels.quote)


def test_the_whole_grid_has_a_stop_loss() -> None:
    stopping = replace(BOUGHT, barriers=Barriers(take_profit=0.02, stop_loss=0.05))
    fall: list[Candle] = [(100.0, 100.0, 96.0, 96.0), (96.0, 96.0, 94.0, 94.0)]
    end = simulate_grid(stopping, venue_of([*flat(100.0, 1), *fall, *flat(94.0, 2)]), 0, RULES).end
    assert (end.row, end.close_type) == (2, CloseType.STOP_LOSS)
    assert end.net_pnl_quote == pytest.approx(150.0 / 100.0 * (94.0 - 100.0))
