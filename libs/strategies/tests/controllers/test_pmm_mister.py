from typing import Any

import pytest
from libs.strategies.tests.controllers.moments import (
    BTC,
    Holding,
    Moment,
    Seen,
    Steps,
    controller,
    created,
    levels,
    stopped,
)

from aviary_strategies.actions import Action, OrderSpec, PositionSpec, Stop
from aviary_strategies.types import CloseType, OrderType, Side

BOTH = ["buy_0", "sell_0"]


def decided(executors: list[Seen] | None = None, held: Holding | None = None, **config: Any) -> list[Action]:
    moment = Moment(executors or [], holdings={BTC: held or Holding(5.0, average_price=99.0)})
    return controller("pmm_mister", total_amount_quote=1000, **config).decide(moment)


def near(**seen: Any) -> Seen:
    """An executor of the first buy level, just where that would be placed now."""
    return Seen(side=Side.BUY, level_id="buy_0", entry_price=99.95, **seen)


def test_it_quotes_both_sides_within_its_bounds() -> None:
    actions = decided()
    assert levels(actions) == BOTH
    buy = created(actions)[0]
    assert isinstance(buy, PositionSpec)
    assert buy.entry_price == pytest.approx(99.95)
    assert buy.amount == pytest.approx(50 / 99.95)
    assert buy.barriers.open_order_type is OrderType.LIMIT_MAKER


@pytest.mark.parametrize(("side", "buy", "sell"), [("BUY", 0.25, 0.75), ("SELL", 0.75, 0.25)])
def test_amounts_that_build_the_position_up_shrink_as_it_grows(side: str, buy: float, sell: float) -> None:
    held = Holding(6.0 if side == "BUY" else -6.0)
    for spec, share in zip(created(decided(held=held, position_side=side, min_skew=0)), (buy, sell), strict=True):
        assert isinstance(spec, PositionSpec)
        assert spec.amount == pytest.approx(50 / spec.entry_price * share)


def test_below_its_least_share_a_long_maker_only_buys_and_a_short_one_only_sells() -> None:
    assert levels(decided(held=Holding(2.9))) == ["buy_0"]
    assert levels(decided(held=Holding(-2.9), position_side="SELL")) == ["sell_0"]
    assert levels(decided(held=Holding(-7.1), position_side="SELL")) == ["buy_0"]


def test_a_level_with_an_open_order_is_not_quoted_again() -> None:
    assert levels(decided([near()])) == ["sell_0"]


def test_a_fill_stops_its_side_for_the_cooldown() -> None:
    far: dict[str, Any] = {
        "is_filled": True,
        "filled_quote": 5.0,
        "side": Side.BUY,
        "level_id": "buy_0",
        "entry_price": 101.0,
    }
    assert levels(decided([Seen(**far, filled_s_ago=59)])) == ["sell_0"]
    assert levels(decided([Seen(**far, filled_s_ago=60)])) == BOTH


def test_a_fill_counts_for_the_cooldown_after_its_executor_has_ended() -> None:
    ended: dict[str, Any] = {"is_active": False, "close_type": CloseType.TAKE_PROFIT, "filled_quote": 5.0}
    assert levels(decided([Seen(**ended, filled_s_ago=59, closed_s_ago=20)])) == ["sell_0"]
    assert levels(decided([Seen(**ended, filled_s_ago=61, closed_s_ago=20)])) == BOTH
    ended["filled_quote"] = 0.0
    assert levels(decided([Seen(**ended, filled_s_ago=20, closed_s_ago=20)])) == BOTH


def test_fills_of_a_level_are_kept_apart_in_price() -> None:
    filled: dict[str, Any] = {"is_filled": True, "filled_quote": 5.0, "filled_s_ago": 70.0}
    assert levels(decided([near(**filled)])) == ["sell_0"]
    assert levels(decided([near(**filled)], price_distance_tolerance=0)) == BOTH


def test_a_level_has_its_most_executors() -> None:
    far = [
        Seen(n, Side.BUY, "buy_0", is_filled=True, filled_quote=5, filled_s_ago=70, entry_price=101.0) for n in range(4)
    ]
    assert levels(decided(far)) == ["sell_0"]
    assert levels(decided(far[:3])) == BOTH
    assert levels(decided(far, max_active_executors_by_level=None)) == BOTH


def test_orders_end_when_they_are_old_or_far_and_fills_when_they_are_effective() -> None:
    assert stopped(decided([near(age_s=30)])) == []
    assert stopped(decided([near(age_s=31)])) == [Stop(1, keep_position=True)]
    assert stopped(decided([Seen(level_id="buy_0", entry_price=99.89)])) == [Stop(1, keep_position=True)]
    assert stopped(decided([near(is_filled=True, filled_s_ago=120, age_s=999)])) == []
    assert stopped(decided([near(is_filled=True, filled_s_ago=121)])) == [Stop(1, keep_position=True)]


def test_protected_profit_is_not_sold_below_its_cost() -> None:
    dear = Holding(5.0, average_price=100.1)
    assert levels(decided(held=dear)) == BOTH
    assert levels(decided(held=dear, position_profit_protection=True)) == ["buy_0"]
    cheap = Holding(-5.0, average_price=99.9)
    assert levels(decided(held=cheap, position_side="SELL", position_profit_protection=True)) == ["sell_0"]


def test_in_tick_mode_spreads_are_price_steps() -> None:
    it = controller("pmm_mister", tick_mode=True, buy_spreads="3", total_amount_quote=1000)
    spec = created(it.decide(Moment(steps={BTC: Steps(price_step=0.5)})))[0]
    assert isinstance(spec, PositionSpec)
    assert spec.entry_price == pytest.approx(98.5)
    assert it.decide(Moment()) == []


def test_the_global_take_profit_first_keeps_everything_and_then_sells_it() -> None:
    rich = Holding(5.0, unrealized_pnl_quote=15.1)
    seen = [near(), Seen(2, level_id="sell_0", is_filled=True)]
    assert levels(decided(held=rich)) == BOTH
    assert decided(seen, rich, global_tp_enabled=True) == [Stop(1, keep_position=True), Stop(2, keep_position=True)]
    sale = OrderSpec(BTC, Side.SELL, 5.0, OrderType.MARKET, None, 20, "global_tp_sl")
    assert created(decided(held=rich, global_tp_enabled=True)) == [sale]
    assert levels(decided(held=rich, global_tp_enabled=True, global_tp_activation_from="max_base")) == BOTH
    assert levels(decided(held=rich, global_tp_enabled=True, global_pnl_reference="total")) == BOTH


def test_the_global_stop_loss_closes_a_short_position_by_buying() -> None:
    poor = Holding(-6.0, unrealized_pnl_quote=-31.0)
    (spec,) = created(decided(held=poor, global_sl_enabled=True, position_side="SELL"))
    assert isinstance(spec, OrderSpec)
    assert (spec.side, spec.amount) == (Side.BUY, 6.0)


def test_a_sale_that_fails_is_tried_three_times() -> None:
    failed = [
        Seen(n, level_id="global_tp_sl", is_active=False, close_type=CloseType.FAILED, kind="order_executor")
        for n in range(3)
    ]
    rich = Holding(5.0, unrealized_pnl_quote=15.1)
    assert created(decided(failed[:2], rich, global_tp_enabled=True))
    assert decided(failed, rich, global_tp_enabled=True) == []
