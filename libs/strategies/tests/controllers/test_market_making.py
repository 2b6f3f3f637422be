from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from libs.strategies.tests.controllers.moments import (
    BTC,
    Holding,
    Moment,
    Seen,
    controller,
    created,
    levels,
    stopped,
)

from aviary_strategies.actions import Action, OrderSpec, PositionSpec, Stop
from aviary_strategies.backtest.golden import golden_in
from aviary_strategies.controllers.market_making import MarketMakingController
from aviary_strategies.types import CloseType, Market, OrderType, Side

GOLDEN = Path(__file__).parent.parent / "golden"
ALL = ["buy_0", "buy_1", "sell_0", "sell_1"]
SPOT = Market("binance", "BTC-USDT")


def decided(moment: Moment, **config: Any) -> list[Action]:
    return controller("pmm_simple", **config).decide(moment)


def test_every_level_is_quoted_around_the_price_with_its_share_of_the_total() -> None:
    specs = created(decided(Moment(), total_amount_quote=400, buy_amounts_pct="1,2", sell_amounts_pct="1,4"))
    assert [spec.level_id for spec in specs] == ALL
    for spec, price, quote in zip(specs, (99.0, 98.0, 101.0, 102.0), (50, 100, 50, 200), strict=True):
        assert isinstance(spec, PositionSpec)
        assert spec.entry_price == pytest.approx(price)
        assert spec.amount == pytest.approx(quote / price)
        assert spec.barriers.open_order_type is OrderType.LIMIT


def test_a_limit_price_keeps_the_digits_that_a_float_loses() -> None:
    spec = created(decided(Moment(), buy_spreads="0.01", sell_spreads=""))[0]
    assert isinstance(spec, PositionSpec)
    spread = 0.01
    exact = 100 * (1 - Decimal(spread))
    assert spec.entry_price == 99.0
    assert Decimal(spec.entry_price) + Decimal(spec.entry_price_rest) == exact < 99


def test_prices_and_amounts_are_the_reference_engines_to_the_last_bit() -> None:
    golden = next(each for each in golden_in(GOLDEN) if each.name == "pmm_simple")
    told = golden.executors
    sides = {"buy": Side.BUY, "sell": Side.SELL}
    checked = 0
    for row in range(0, len(told["level"]), 3):
        level, price = told["level"][row], told["entry_price"][row]
        sign = sides[level.split("_")[0]].sign
        near = price / (1 - sign * (0.001 if level.endswith("0") else 0.002))
        specs = {spec.level_id: spec for spec in created(golden.setup.controller.decide(Moment(close=round(near, 2))))}
        spec = specs[level]
        assert isinstance(spec, PositionSpec)
        assert (spec.entry_price, spec.amount) == (price, told["amount"][row])
        checked += 1
    assert checked > 800


def test_features_move_the_reference_and_stretch_the_spreads() -> None:
    specs = created(decided(Moment(features={"reference_price": 200.0, "spread_multiplier": 3.0}), buy_spreads="0.01"))
    assert isinstance(specs[0], PositionSpec)
    assert specs[0].entry_price == pytest.approx(194.0)


@pytest.mark.parametrize("column", ["reference_price", "spread_multiplier"])
def test_nothing_is_quoted_while_a_feature_is_unknown_but_old_quotes_still_end(column: str) -> None:
    moment = Moment([Seen(7, age_s=301, level_id="buy_0")], features={column: float("nan")})
    assert decided(moment) == [Stop(7)]


def test_a_level_with_an_active_executor_is_busy() -> None:
    assert levels(decided(Moment([Seen(level_id="buy_1")]))) == ["buy_0", "sell_0", "sell_1"]


@pytest.mark.parametrize(
    ("close_type", "ago", "is_busy"),
    [
        (CloseType.STOP_LOSS, 14, True),
        (CloseType.STOP_LOSS, 15, False),
        (CloseType.TAKE_PROFIT, 1, False),
        (CloseType.EARLY_STOP, 1, False),
    ],
)
def test_after_a_stop_loss_alone_a_level_waits_for_the_cooldown(
    close_type: CloseType, ago: float, is_busy: bool
) -> None:
    over = Seen(level_id="sell_0", is_active=False, close_type=close_type, closed_s_ago=ago)
    assert ("sell_0" not in levels(decided(Moment([over]), cooldown_time=15))) is is_busy


def test_unfilled_executors_are_refreshed_and_leave_their_level_empty_for_now() -> None:
    old, filled, young = Seen(1, age_s=301), Seen(2, age_s=999, is_filled=True), Seen(3, age_s=300)
    old.level_id, filled.level_id, young.level_id = "buy_0", "buy_1", "sell_0"
    actions = decided(Moment([old, filled, young]))
    assert levels(actions) == ["sell_1"]
    assert stopped(actions) == [Stop(1)]


def test_the_plan_is_what_decide_goes_by() -> None:
    it = controller("pmm_simple", sell_amounts_pct="1,3", total_amount_quote=600)
    assert isinstance(it, MarketMakingController)
    plan = it.plan()
    assert plan is not None
    assert [level.level_id for level in plan.levels] == ALL
    assert [level.amount_quote for level in plan.levels] == [100, 100, 100, 300]
    assert (plan.market, plan.refresh_s, plan.cooldown_s, plan.barriers) == (BTC, 300, 15, it.barriers)


def on_spot(moment: Moment, **config: Any) -> list[Action]:
    return controller("pmm_simple", connector_name="binance", total_amount_quote=400, **config).decide(moment)


def test_on_spot_what_will_be_sold_is_bought_first() -> None:
    spec = created(on_spot(Moment()))[0]
    assert spec == OrderSpec(SPOT, Side.BUY, 2.0, OrderType.MARKET, level_id="position_rebalance")
    it = controller("pmm_simple", connector_name="binance")
    assert isinstance(it, MarketMakingController)
    assert it.plan() is None


@pytest.mark.parametrize(("held", "side"), [(1.89, Side.BUY), (1.91, None), (2.09, None), (2.11, Side.SELL)])
def test_only_what_is_beyond_the_threshold_is_rebalanced(held: float, side: Side | None) -> None:
    specs = created(on_spot(Moment(holdings={SPOT: Holding(held)})))
    assert [spec.side for spec in specs if isinstance(spec, OrderSpec)] == ([side] if side else [])


def test_there_is_one_rebalancing_at_a_time_and_none_where_it_is_skipped() -> None:
    waiting = Seen(level_id="position_rebalance", kind="order_executor")
    assert levels(on_spot(Moment([waiting]))) == ALL
    assert levels(on_spot(Moment(), skip_rebalance=True)) == ALL
