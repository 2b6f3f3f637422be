"""The market makers with rules of their own."""

import numpy as np
import pytest
from libs.strategies.tests.controllers.moments import Moment, Seen, controller, created, levels, stopped
from libs.strategies.tests.indicators.prices import candles

from aviary_strategies.actions import DcaSpec, Stop
from aviary_strategies.controllers.market_making import MarketMakingController
from aviary_strategies.indicators.macd import macd
from aviary_strategies.indicators.true_range import natr
from aviary_strategies.types import Side


def test_pmm_dynamic_leans_each_row_against_the_macd_by_its_own_volatility() -> None:
    it = controller("pmm_dynamic")
    rows = candles(600, interval_s=180)
    found = it.features({it.feeds[0]: rows})
    turn = macd(rows.close, 21, 42, 9)
    volatility = natr(rows.high, rows.low, rows.close, 14) / 100
    np.testing.assert_array_equal(found["spread_multiplier"], volatility)
    for row in (149, 300, 599):
        known = turn.line[row - 99 : row + 1]
        score = (known[-1] - known.mean()) / known.std(ddof=1)
        lean = -0.5 * score + (0.5 if turn.histogram[row] > 0 else -0.5)
        expected = rows.close[row] * (1 + lean * volatility[row] / 2)
        assert found["reference_price"][row] == pytest.approx(expected, rel=1e-12)


def test_a_price_that_does_not_move_is_its_own_dynamic_reference() -> None:
    it = controller("pmm_dynamic")
    flat = candles(300)
    for column in (flat.open, flat.high, flat.low, flat.close):
        column[:] = 5.0
    found = it.features({it.feeds[0]: flat})
    assert (found["reference_price"][148:] == 5.0).all()


def test_dman_maker_surrounds_each_level_with_its_own() -> None:
    it = controller("dman_maker_v2", total_amount_quote=400, dca_spreads="0,0.1", dca_amounts="1,3")
    assert isinstance(it, MarketMakingController)
    assert it.plan() is None
    actions = it.decide(Moment())
    assert levels(actions) == ["buy_0", "buy_1", "sell_0", "sell_1"]
    buy, sell = created(actions)[0], created(actions)[3]
    assert isinstance(buy, DcaSpec)
    assert isinstance(sell, DcaSpec)
    assert (buy.side, sell.side) == (Side.BUY, Side.SELL)
    assert buy.prices == pytest.approx((99.0, 89.1))
    assert buy.amounts_quote == pytest.approx((25.0, 67.5))
    assert sell.prices == pytest.approx((102.0, 112.2))
    assert sell.barriers.take_profit == 0.02


def test_dman_makers_top_levels_may_be_refreshed_earlier() -> None:
    seen = [Seen(1, level_id="buy_0", age_s=61), Seen(2, level_id="buy_1", age_s=61), Seen(3, level_id="sell_0")]
    assert stopped(controller("dman_maker_v2", top_executor_refresh_time=60).decide(Moment(seen))) == [Stop(1)]
    assert stopped(controller("dman_maker_v2").decide(Moment(seen))) == []
    filled = Seen(4, level_id="buy_0", age_s=61, is_filled=True)
    assert stopped(controller("dman_maker_v2", top_executor_refresh_time=60).decide(Moment([filled]))) == []
