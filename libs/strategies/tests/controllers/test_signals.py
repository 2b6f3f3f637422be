"""What the directional controllers make of candles, and open at their signals."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from libs.strategies.tests.controllers.moments import Moment, controller, created
from libs.strategies.tests.indicators.prices import candles

from aviary_strategies.actions import DcaSpec, GridSpec, Trailing
from aviary_strategies.candles import Column
from aviary_strategies.types import Side

WIDE = {"signal": 1.0, "BBB_100_2.0_2.0": 4.0}
"""A buy signal while the bands are 4 percent apart."""


def columns(name: str, **config: Any) -> Mapping[str, Column]:
    it = controller(name, **config)
    return it.features({it.feeds[0]: candles(2000)})


def test_bollinger_buys_below_the_lower_band_and_sells_above_the_upper_one() -> None:
    found = columns("bollinger_v1", bb_length=20)
    percent = found["BBP_20_2.0_2.0"]
    assert {-1.0, 0.0, 1.0} == set(found["signal"])
    np.testing.assert_array_equal(found["signal"] == 1.0, percent < 0)
    np.testing.assert_array_equal(found["signal"] == -1.0, percent > 1)


def test_where_both_thresholds_are_crossed_it_sells() -> None:
    found = columns("bollinger_v1", bb_length=20, bb_long_threshold=0.8, bb_short_threshold=0.2)
    percent = found["BBP_20_2.0_2.0"]
    np.testing.assert_array_equal(found["signal"] == -1.0, percent > 0.2)


def test_bollinger_v2_is_v1_by_other_names() -> None:
    one, two = columns("bollinger_v1"), columns("bollinger_v2")
    for old, new in (("BBU", "upperband"), ("BBM", "middleband"), ("BBL", "lowerband"), ("BBP", "percent")):
        np.testing.assert_array_equal(one[f"{old}_100_2.0_2.0"], two[new])
    np.testing.assert_array_equal(one["signal"], two["signal"])


def test_macd_bb_wants_the_macd_turned() -> None:
    found = columns("macd_bb_v1", bb_length=50, bb_long_threshold=0.3, bb_short_threshold=0.7)
    line, histogram, percent = found["MACD_21_42_9"], found["MACDh_21_42_9"], found["BBP_50_2.0_2.0"]
    np.testing.assert_array_equal(found["signal"] == 1.0, (percent < 0.3) & (histogram > 0) & (line < 0))
    np.testing.assert_array_equal(found["signal"] == -1.0, (percent > 0.7) & (histogram < 0) & (line > 0))
    assert {-1.0, 0.0, 1.0} == set(found["signal"])


def test_supertrend_follows_its_direction_near_its_line_only() -> None:
    found = columns("supertrend_v1", percentage_threshold=0.002)
    line, direction = found["SUPERT_20_4.0"], found["SUPERTd_20_4.0"]
    near = np.abs(candles(2000).close - line) / candles(2000).close < 0.002
    np.testing.assert_array_equal(found["signal"], np.where(near, direction, 0.0))
    assert {-1.0, 0.0, 1.0} == set(found["signal"])
    assert not np.isnan(np.array(list(found.values()))[:, 20:]).any()


@pytest.mark.parametrize(("signal", "prices"), [(1.0, (99.0, 103.0, 98.6)), (-1.0, (97.0, 101.0, 101.4))])
def test_bollingrid_spans_shares_of_the_bands_width(signal: float, prices: tuple[float, float, float]) -> None:
    it = controller("bollingrid", total_amount_quote=500, max_executors_per_side=2)
    (spec,) = created(it.decide(Moment(features=WIDE | {"signal": signal})))
    assert isinstance(spec, GridSpec)
    assert (spec.start_price, spec.end_price, spec.limit_price) == pytest.approx(prices)
    assert spec.side.sign == signal
    assert spec.total_amount_quote == 250.0
    assert spec.barriers.stop_loss == 0.03


def test_bands_without_width_open_no_grid() -> None:
    assert controller("bollingrid").decide(Moment(features=WIDE | {"BBB_100_2.0_2.0": 0.0})) == []


def test_dman_averages_down_by_its_spreads() -> None:
    it = controller("dman_v3", total_amount_quote=200, max_executors_per_side=2, dca_spreads="0.01,0.05")
    (spec,) = created(it.decide(Moment(features=WIDE)))
    assert isinstance(spec, DcaSpec)
    assert (spec.side, spec.prices, spec.amounts_quote) == (Side.BUY, (99.0, 95.0), (50.0, 50.0))
    assert spec.barriers.take_profit is None
    assert spec.barriers.trailing == Trailing(0.015, 0.005)


def test_dman_stretches_with_the_bands_of_the_moment() -> None:
    it = controller(
        "dman_v3",
        dca_spreads=[1, 2],
        dca_amounts_pct="1,3",
        dynamic_order_spread=True,
        dynamic_target=True,
        stop_loss=5,
        max_executors_per_side=1,
    )
    (spec,) = created(it.decide(Moment(features=WIDE | {"signal": -1.0})))
    assert isinstance(spec, DcaSpec)
    assert spec.prices == pytest.approx((102.0, 104.0))
    assert spec.amounts_quote == (25.0, 75.0)
    assert spec.barriers.stop_loss == pytest.approx(0.1)
    assert spec.barriers.trailing is not None
    assert spec.barriers.trailing.activation == pytest.approx(0.0003)
    assert spec.barriers.trailing.delta == pytest.approx(0.0001)
