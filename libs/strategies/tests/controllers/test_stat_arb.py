from typing import Any

import numpy as np
import pytest
from libs.strategies.tests.controllers.moments import Holding, Moment, Seen, controller, created, stopped
from libs.strategies.tests.indicators.prices import candles

from aviary_strategies.actions import Action, OrderSpec, PositionSpec, Stop
from aviary_strategies.types import Market, OrderType, Side

SOL, POPCAT = Market("binance_perpetual", "SOL-USDT"), Market("binance_perpetual", "POPCAT-USDT")
PRICES = {SOL: 200.0, POPCAT: 0.5}


def decided(
    signal: float,
    executors: list[Seen] | None = None,
    holdings: dict[Market, Holding] | None = None,
    **config: Any,
) -> list[Action]:
    moment = Moment(executors or [], features={"signal": signal}, prices=PRICES, holdings=holdings or {})
    return controller("stat_arb", **config).decide(moment)


def quoted(actions: list[Action]) -> list[tuple[Market, Side]]:
    return [(spec.market, spec.side) for spec in created(actions) if isinstance(spec, PositionSpec)]


def test_the_signal_is_the_score_beyond_the_threshold() -> None:
    it = controller("stat_arb", lookback_period=60, entry_threshold=1.5)
    dominant, hedge = it.feeds
    found = it.features({dominant: candles(900), hedge: candles(900, seed=3)})
    np.testing.assert_array_equal(found["signal"] == 1.0, found["z_score"] > 1.5)
    np.testing.assert_array_equal(found["signal"] == -1.0, found["z_score"] < -1.5)
    assert {-1.0, 0.0, 1.0} == set(found["signal"])


@pytest.mark.parametrize(("signal", "sides"), [(1.0, (Side.BUY, Side.SELL)), (-1.0, (Side.SELL, Side.BUY))])
def test_the_cheap_one_is_bought_and_the_dear_one_sold(signal: float, sides: tuple[Side, Side]) -> None:
    specs = created(decided(signal, quoter_spread=0.01))
    for spec, market, side, price in zip(specs, (SOL, POPCAT), sides, (200.0, 0.5), strict=True):
        assert isinstance(spec, PositionSpec)
        assert (spec.market, spec.side) == (market, side)
        assert spec.entry_price == pytest.approx(price * (0.99 if side is Side.BUY else 1.01))
        assert spec.amount == pytest.approx(10 / price)
        assert (spec.barriers.take_profit, spec.barriers.open_order_type) == (0.0008, OrderType.LIMIT_MAKER)


def test_without_a_signal_nothing_is_opened() -> None:
    assert decided(0.0) == []
    assert decided(float("nan")) == []


def test_another_order_lies_behind_the_outermost_of_its_side() -> None:
    placed = Seen(market=SOL, side=Side.BUY, entry_price=190.0)
    spec = created(decided(1.0, [placed], quoter_spread=0.01))[0]
    assert isinstance(spec, PositionSpec)
    assert spec.entry_price == pytest.approx(188.1)


def test_a_leg_stops_at_its_orders_its_fills_and_its_value() -> None:
    placed = [Seen(n, Side.BUY, market=SOL) for n in (1, 2)]
    assert quoted(decided(1.0, placed)) == [(POPCAT, Side.SELL)]
    full = {SOL: Holding(0.25), POPCAT: Holding(-100.0)}
    assert quoted(decided(1.0, holdings=full)) == []
    assert len(quoted(decided(1.0, holdings=full, total_amount_quote=101))) == 2


def test_a_leg_that_is_ahead_waits_for_the_other() -> None:
    assert quoted(decided(1.0, holdings={SOL: Holding(0.1)})) == [(POPCAT, Side.SELL)]
    assert quoted(decided(1.0, holdings={POPCAT: Holding(-10.0)})) == [(SOL, Side.BUY)]
    near = {SOL: Holding(0.1), POPCAT: Holding(-38.0)}
    assert len(quoted(decided(1.0, holdings=near))) == 2


def test_the_hedge_is_its_ratio_of_the_dominant() -> None:
    holdings = {SOL: Holding(0.25), POPCAT: Holding(-50.0)}
    assert len(quoted(decided(1.0, holdings=holdings, pos_hedge_ratio=0.5, total_amount_quote=90))) == 2


def test_what_points_the_other_way_is_unwound() -> None:
    wrong = Seen(1, Side.SELL, market=SOL, is_filled=True, filled_s_ago=99, filled_quote=10)
    actions = decided(1.0, [wrong], {SOL: Holding(-0.2)})
    assert stopped(actions) == [Stop(1)]
    assert OrderSpec(SOL, Side.BUY, 0.2, OrderType.MARKET, None, 20, "unwind") in created(actions)
    unwinding = Seen(2, Side.BUY, "unwind", market=SOL, kind="order_executor")
    assert not any(isinstance(s, OrderSpec) for s in created(decided(1.0, [unwinding], {SOL: Holding(-0.2)})))


@pytest.mark.parametrize("pnl", [0.31, -1.51])
def test_at_its_global_barriers_the_whole_pair_is_closed(pnl: float) -> None:
    holdings = {SOL: Holding(0.1, 0.0, pnl), POPCAT: Holding(-20.0)}
    actions = decided(1.0, [Seen(1, Side.BUY, market=SOL)], holdings)
    assert stopped(actions) == [Stop(1)]
    orders = [spec for spec in created(actions) if isinstance(spec, OrderSpec)]
    assert [(spec.market, spec.side) for spec in orders] == [(SOL, Side.SELL), (POPCAT, Side.BUY)]
    assert len(orders) == len(created(actions))


def test_fills_are_kept_and_orders_renewed_also_without_a_signal() -> None:
    seen = [
        Seen(1, Side.BUY, market=SOL, is_filled=True, filled_s_ago=30),
        Seen(2, Side.BUY, market=SOL, is_filled=True, filled_s_ago=29, age_s=99),
        Seen(3, Side.SELL, market=POPCAT, age_s=10),
        Seen(4, Side.SELL, market=POPCAT, age_s=9),
    ]
    assert decided(0.0, seen) == [Stop(1, keep_position=True), Stop(3)]
