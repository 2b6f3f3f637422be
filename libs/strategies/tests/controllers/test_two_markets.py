"""The controllers that trade two markets at once."""

from typing import Any

import pytest
from libs.strategies.tests.controllers.moments import BTC, Holding, Moment, Seen, Steps, controller, created, levels

from aviary_strategies.actions import ArbitrageSpec, OrderSpec, XemmSpec
from aviary_strategies.types import CloseType, Market, OrderType, Side

ONE, TWO = Market("binance", "SOL-USDT"), Market("jupiter/router", "SOL-USDC")
MAKER, TAKER = Market("mexc", "PEPE-USDT"), Market("binance", "PEPE-USDT")
HEDGE = Market("binance_perpetual", "SOL-USDT")


def done(level_id: str, side: Side | None = None, ago: float = 60.0, how: CloseType = CloseType.COMPLETED) -> Seen:
    return Seen(level_id=level_id, side=side, is_active=False, close_type=how, closed_s_ago=ago)


def test_arbitrage_waits_on_both_ways_with_the_same_amount() -> None:
    it = controller("arbitrage_controller", total_amount_quote=150)
    actions = it.decide(Moment(prices={ONE: 200.0, TWO: 201.0}, steps={TWO: Steps(amount_step=0.1)}))
    assert created(actions) == [
        ArbitrageSpec(ONE, TWO, 0.7, 0.01, "buy_1_sell_2"),
        ArbitrageSpec(TWO, ONE, 0.7, 0.01, "buy_2_sell_1"),
    ]


def test_the_amount_is_of_the_rate_of_the_conversion_asset() -> None:
    rate = Market("kraken", "SOL-EUR")
    it = controller("arbitrage_controller", rate_connector="kraken", quote_conversion_asset="EUR")
    assert it.markets == (ONE, TWO, rate)
    specs = created(it.decide(Moment(prices={rate: 50.0})))
    assert [spec.amount for spec in specs if isinstance(spec, ArbitrageSpec)] == [2.0, 2.0]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(level_id="buy_1_sell_2"), ["buy_2_sell_1"]),
        (done("buy_1_sell_2"), ["buy_2_sell_1"]),
        (done("buy_1_sell_2", how=CloseType.FAILED), ["buy_1_sell_2", "buy_2_sell_1"]),
        (done("buy_1_sell_2", how=CloseType.FAILED, ago=10), ["buy_2_sell_1"]),
    ],
)
def test_a_way_waits_while_it_is_tried_or_ahead_or_was_tried_just_now(seen: Seen, expected: list[str]) -> None:
    assert levels(controller("arbitrage_controller").decide(Moment([seen]))) == expected


def test_a_way_that_is_ahead_waits_for_the_other_one() -> None:
    seen = [done("buy_1_sell_2"), done("buy_2_sell_1"), done("buy_1_sell_2")]
    assert levels(controller("arbitrage_controller").decide(Moment(seen))) == ["buy_2_sell_1"]
    assert len(levels(controller("arbitrage_controller", max_executors_imbalance=2).decide(Moment(seen)))) == 2


def xemm(executors: list[Seen], **config: Any) -> list[str | None]:
    return levels(controller("xemm_multiple_levels", **config).decide(Moment(executors)))


def test_xemm_shares_half_the_total_among_the_levels_of_a_side() -> None:
    it = controller("xemm_multiple_levels", total_amount_quote=1200, sell_levels_targets_amount="0.01,1")
    specs = [spec for spec in created(it.decide(Moment(prices={MAKER: 2.0}))) if isinstance(spec, XemmSpec)]
    assert [spec.amount for spec in specs] == [50.0, 100.0, 150.0, 300.0]
    assert [spec.level_id for spec in specs] == ["buy_0", "buy_1", "buy_2", "sell_0"]
    first, last = specs[0], specs[-1]
    assert (first.buying, first.selling, first.maker_side) == (MAKER, TAKER, Side.BUY)
    assert (last.buying, last.selling, last.maker_side) == (TAKER, MAKER, Side.SELL)
    assert (first.min_profitability, first.target_profitability, first.max_profitability) == (0.0, 0.003, 0.013)


def test_each_xemm_level_is_made_anew_by_itself() -> None:
    active = [Seen(level_id="buy_1"), Seen(level_id="sell_0")]
    assert xemm(active) == ["buy_0", "buy_2", "sell_1", "sell_2"]


def test_a_side_of_xemm_that_is_ahead_waits() -> None:
    assert xemm([done("buy_0", Side.BUY)]) == ["sell_0", "sell_1", "sell_2"]
    assert xemm([done("sell_0", Side.SELL)]) == ["buy_0", "buy_1", "buy_2"]
    assert len(xemm([done("buy_0", Side.BUY)], max_executors_imbalance=2)) == 6
    assert len(xemm([done("buy_0", Side.BUY, how=CloseType.EARLY_STOP)])) == 6


def hedged(spot: float, short: float, executors: list[Seen] | None = None, **config: Any) -> list[Any]:
    moment = Moment(
        executors or [],
        holdings={HEDGE: Holding(-short)},
        balances={("binance", "SOL"): spot},
        steps={HEDGE: Steps(amount_step=0.01)},
    )
    return created(controller("hedge_asset", hedge_ratio=0.5, leverage=1, **config).decide(moment))


@pytest.mark.parametrize(
    ("spot", "short", "side", "amount"), [(10.0, 0.0, Side.SELL, 5.0), (10.0, 6.257, Side.BUY, 1.25)]
)
def test_the_gap_between_the_hedge_and_its_share_is_closed(
    spot: float, short: float, side: Side, amount: float
) -> None:
    (spec,) = hedged(spot, short)
    assert spec == OrderSpec(HEDGE, side, amount, OrderType.MARKET)


def test_small_gaps_and_the_cooldown_leave_the_hedge_alone() -> None:
    assert hedged(10.0, 4.91) == []
    assert hedged(10.0, 4.9)
    ended = Seen(kind="order_executor", is_active=False, age_s=9, market=HEDGE)
    assert hedged(10.0, 0.0, [ended]) == []
    assert hedged(10.0, 0.0, [ended], cooldown_time=9)
    assert hedged(10.0, 0.0, [Seen(age_s=99, market=BTC)]) == []
