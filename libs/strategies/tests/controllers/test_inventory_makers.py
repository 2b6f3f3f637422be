"""``pmm`` and ``pmm_adjusted``."""

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
from libs.strategies.tests.indicators.prices import candles

from aviary_strategies.actions import Action, OrderSpec, PositionSpec, Stop
from aviary_strategies.types import OrderType, Side

CONFIG: dict[str, Any] = {"total_amount_quote": 1000, "portfolio_allocation": 0.1}
"""Between a tenth and four tenths of 1000 are to be held, and quotes are worth 100 in all."""


def decided(held: float = 2.0, executors: list[Seen] | None = None, pnl: float = 0.0, **config: Any) -> list[Action]:
    moment = Moment(executors or [], holdings={BTC: Holding(held, unrealized_pnl_quote=pnl)})
    return controller("pmm", **CONFIG, **config).decide(moment)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (0.9, ["buy_0", "buy_1"]),
        (1.0, ["buy_0", "buy_1", "sell_0", "sell_1"]),
        (4.0, ["buy_0", "buy_1", "sell_0", "sell_1"]),
        (4.1, ["sell_0", "sell_1"]),
    ],
)
def test_outside_its_bounds_only_the_side_that_leads_back_quotes(held: float, expected: list[str]) -> None:
    assert levels(decided(held)) == expected


def test_further_levels_have_further_targets() -> None:
    specs = [spec for spec in created(decided()) if isinstance(spec, PositionSpec)]
    assert [spec.barriers.take_profit for spec in specs] == [0.02, 0.04, 0.02, 0.04]
    assert {spec.barriers.open_order_type for spec in specs} == {OrderType.LIMIT_MAKER}
    assert {spec.barriers.stop_loss for spec in specs} == {None}


@pytest.mark.parametrize(("max_skew", "buy", "sell"), [(0, 2 / 3, 1 / 3), (0.5, 2 / 3, 0.5), (1, 1, 1)])
def test_amounts_shrink_towards_the_bound_they_lead_to(max_skew: float, buy: float, sell: float) -> None:
    specs = created(decided(2.0, max_skew=max_skew, buy_spreads="0.01", sell_spreads="0.01"))
    first, second = (spec for spec in specs if isinstance(spec, PositionSpec))
    assert first.amount == pytest.approx(50 / 99 * buy)
    assert second.amount == pytest.approx(50 / 101 * sell)


def test_amounts_are_whole_steps() -> None:
    moment = Moment(holdings={BTC: Holding(2.0)}, steps={BTC: Steps(amount_step=0.1)})
    specs = created(controller("pmm", **CONFIG).decide(moment))
    assert [spec.amount for spec in specs if isinstance(spec, PositionSpec)] == [0.2] * 4
    coarse = Moment(steps={BTC: Steps(amount_step=1.0)})
    assert controller("pmm", **CONFIG).decide(coarse) == []


def test_quotes_and_fills_end_in_the_held_position() -> None:
    seen = [
        Seen(1, level_id="buy_0", age_s=301),
        Seen(2, level_id="buy_1", age_s=300),
        Seen(3, level_id="sell_0", is_filled=True, filled_s_ago=16),
        Seen(4, level_id="sell_1", is_filled=True, filled_s_ago=15, age_s=999),
    ]
    assert decided(executors=seen) == [Stop(1, keep_position=True), Stop(3, keep_position=True)]


@pytest.mark.parametrize(("pnl", "is_sold"), [(6.1, True), (6.0, False), (-15.0, False), (-15.1, True)])
def test_a_position_above_its_target_is_sold_at_the_global_barriers(pnl: float, is_sold: bool) -> None:
    actions = decided(3.0, pnl=pnl)
    sale = OrderSpec(BTC, Side.SELL, 3.0, OrderType.MARKET, None, 20, "global_tp_sl")
    assert (created(actions) == [sale]) is is_sold
    assert "global_tp_sl" not in levels(decided(2.0, pnl=100.0))


def test_the_global_sale_is_made_once() -> None:
    selling = Seen(level_id="global_tp_sl", kind="order_executor", age_s=999)
    assert decided(3.0, [selling], pnl=7.0) == []


def test_pmm_adjusted_quotes_around_the_other_feeds_close() -> None:
    it = controller("pmm_adjusted", **CONFIG)
    (feed,) = it.feeds
    rows = candles(10, interval_s=1)
    assert it.features({feed: rows})["reference_price"] is rows.close
    assert (feed.market.connector_name, feed.market.trading_pair, feed.interval) == ("binance", "BTC-USDT", "1s")
    actions = it.decide(Moment(features={"reference_price": 200.0}, holdings={BTC: Holding(1.0)}))
    first = created(actions)[0]
    assert isinstance(first, PositionSpec)
    assert first.entry_price == pytest.approx(198.0)
    assert it.decide(Moment(features={"reference_price": float("nan")})) == []
    assert stopped(it.decide(Moment([Seen(5, age_s=301)], features={"reference_price": float("nan")})))
