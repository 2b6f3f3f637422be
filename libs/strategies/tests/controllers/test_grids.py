from typing import Any

import pytest
from libs.strategies.tests.controllers.moments import Moment, Seen, controller, created, levels, stopped

from aviary_strategies.actions import GridSpec, Stop
from aviary_strategies.types import Market, OrderType, Side

PRICES: dict[str, Any] = {"start_price": 90, "end_price": 110, "limit_price": 85}
SOL = Market("binance", "SOL-USDT")


def test_a_grid_has_every_field_of_its_config() -> None:
    it = controller("grid_strike", **PRICES, side="sell", activation_bounds=0.01, keep_position=True, leverage=2)
    (spec,) = created(it.decide(Moment()))
    assert isinstance(spec, GridSpec)
    assert (spec.side, spec.start_price, spec.end_price, spec.limit_price) == (Side.SELL, 90.0, 110.0, 85.0)
    assert (spec.total_amount_quote, spec.min_spread_between_orders, spec.min_order_amount_quote) == (1000, 0.001, 5)
    assert (spec.max_open_orders, spec.max_orders_per_batch, spec.order_frequency) == (2, 1, 3)
    assert (spec.activation_bounds, spec.keep_position, spec.leverage) == (0.01, True, 2)
    assert (spec.barriers.take_profit, spec.barriers.stop_loss) == (0.001, None)
    assert spec.barriers.open_order_type is OrderType.LIMIT_MAKER


@pytest.mark.parametrize(("price", "is_within"), [(89.9, False), (90.0, True), (110.0, True), (110.1, False)])
def test_a_grid_is_opened_only_while_the_price_is_within_it(price: float, is_within: bool) -> None:
    assert bool(controller("grid_strike", **PRICES).decide(Moment(close=price))) is is_within


def test_there_is_one_grid_at_a_time() -> None:
    it = controller("grid_strike", **PRICES)
    assert it.decide(Moment([Seen()])) == []
    assert it.decide(Moment([Seen(is_active=False)])) != []


def grids(**changed: Any) -> list[dict[str, Any]]:
    low = {"grid_id": "low", **PRICES, "side": "BUY", "amount_quote_pct": 0.3}
    high = {"grid_id": "high", **PRICES, "side": "SELL", "amount_quote_pct": 0.5} | changed
    return [low, high]


def test_each_of_several_grids_opens_once_with_its_share() -> None:
    actions = controller("multi_grid_strike", grids=grids()).decide(Moment())
    assert levels(actions) == ["low", "high"]
    assert [spec.total_amount_quote for spec in created(actions) if isinstance(spec, GridSpec)] == [300.0, 500.0]
    again = controller("multi_grid_strike", grids=grids()).decide(Moment([Seen(level_id="low")]))
    assert levels(again) == ["high"]


def test_a_grid_that_is_disabled_or_gone_is_stopped() -> None:
    seen = [Seen(1, level_id="low"), Seen(2, level_id="high"), Seen(3, level_id="other")]
    it = controller("multi_grid_strike", grids=grids(enabled=False))
    assert it.decide(Moment(seen)) == [Stop(2), Stop(3)]


def allocated(sol: float, executors: list[Seen] | None = None, **config: Any) -> list[GridSpec]:
    """By what ``quantum_grid_allocator`` opens when it owns that much SOL at 100 and 5000 USDT."""
    it = controller("quantum_grid_allocator", connector_name="binance", **config)
    balances = {("binance", "SOL"): sol, ("binance", "USDT"): 5000.0}
    moment = Moment(executors or [], balances=balances)
    actions = it.decide(moment)
    assert not stopped(actions)
    return [spec for spec in created(actions) if isinstance(spec, GridSpec)]


def test_an_asset_far_below_its_share_is_only_bought() -> None:
    (spec,) = allocated(10)
    assert (spec.market, spec.side, spec.level_id) == (SOL, Side.BUY, "SOL_BUY")
    assert spec.total_amount_quote == pytest.approx(3000 * 0.15)
    assert (spec.start_price, spec.end_price) == pytest.approx((99.96, 100.16))
    assert spec.limit_price == pytest.approx(99.96 * 0.999)
    assert (spec.keep_position, spec.coerce_tp_to_step, spec.order_frequency) == (True, True, 2)


def test_an_asset_far_above_its_share_is_only_sold() -> None:
    (spec,) = allocated(100)
    assert (spec.side, spec.level_id) == (Side.SELL, "SOL_SELL")
    assert (spec.start_price, spec.end_price) == pytest.approx((99.84, 100.04))
    assert spec.limit_price == pytest.approx(100.04 * 1.001)


def test_near_its_share_both_sides_trade_and_the_favoured_one_over_twice_the_range() -> None:
    buy, sell = allocated(49)
    assert (buy.side, sell.side) == (Side.BUY, Side.SELL)
    assert buy.end_price - buy.start_price == pytest.approx(0.4)
    assert sell.end_price - sell.start_price == pytest.approx(0.2)
    assert (buy.order_frequency, sell.order_frequency) == (2, 5)
    assert buy.total_amount_quote == pytest.approx(4950 * 0.08)


def test_a_side_has_one_grid_of_an_asset_at_a_time() -> None:
    assert [spec.side for spec in allocated(49, [Seen(level_id="SOL_BUY")])] == [Side.SELL]


def test_grids_too_small_for_their_orders_are_not_opened() -> None:
    assert allocated(49, min_order_amount=80) == []
    assert len(allocated(49, min_order_amount=79)) == 2
