import gzip
import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from libs.strategies.tests.controllers.moments import Moment, Seen, controller, created

from aviary_strategies.actions import Create, PositionSpec, Trailing
from aviary_strategies.backtest.golden import candles_in, golden_in
from aviary_strategies.controllers.directional import DirectionalController
from aviary_strategies.types import CloseType, OrderType, Side

GOLDEN = Path(__file__).parent.parent / "golden"
UP, DOWN, NOTHING = {"signal": 1.0}, {"signal": -1.0}, {"signal": 0.0}


def opened_by(features: dict[str, float], executors: list[Seen], *, slip: bool = False) -> bool:
    it = controller("bollinger_v1", max_executors_per_side=2, cooldown_time=300)
    assert isinstance(it, DirectionalController)
    it.reference_slip = slip
    return bool(it.decide(Moment(executors, features=features)))


def test_a_signal_opens_a_position_its_way_at_the_market() -> None:
    it = controller("bollinger_v1", total_amount_quote=1000, leverage=3, trailing_stop="0.01,0.002")
    (action,) = it.decide(Moment(close=60_393.04, features=DOWN))
    assert isinstance(action, Create)
    spec = action.spec
    assert isinstance(spec, PositionSpec)
    assert (spec.side, spec.entry_price, spec.entry_price_rest, spec.leverage) == (Side.SELL, 60_393.04, 0.0, 3)
    assert spec.barriers.open_order_type is OrderType.MARKET
    assert spec.barriers.take_profit_order_type is OrderType.LIMIT
    assert (spec.barriers.stop_loss, spec.barriers.take_profit, spec.barriers.time_limit) == (0.03, 0.02, 2700)
    assert spec.barriers.trailing == Trailing(0.01, 0.002)


def test_each_of_a_sides_executors_gets_its_share_of_the_total() -> None:
    (spec,) = created(controller("bollinger_v1", max_executors_per_side=4).decide(Moment(close=50.0, features=UP)))
    assert isinstance(spec, PositionSpec)
    assert spec.amount == 0.5


@pytest.mark.parametrize("features", [NOTHING, {"signal": float("nan")}, {}])
def test_no_signal_opens_nothing(features: dict[str, float]) -> None:
    assert not opened_by(features, [])


def test_a_side_is_full_with_its_most_executors() -> None:
    one, two = Seen(1, Side.BUY, age_s=400), Seen(2, Side.BUY, age_s=900)
    assert opened_by(UP, [one])
    assert not opened_by(UP, [one, two])
    assert opened_by(DOWN, [one, two])


def test_the_cooldown_has_to_be_over_and_is_that_of_active_executors_of_the_side() -> None:
    assert not opened_by(UP, [Seen(age_s=300)])
    assert opened_by(UP, [Seen(age_s=301)])
    assert opened_by(UP, [Seen(side=Side.SELL, age_s=10)])
    assert opened_by(UP, [Seen(age_s=10, is_active=False, close_type=CloseType.STOP_LOSS)])


def test_the_reference_lets_a_sell_signal_count_both_sides() -> None:
    buys = [Seen(1, Side.BUY, age_s=400), Seen(2, Side.BUY, age_s=900)]
    assert not opened_by(DOWN, buys, slip=True)
    assert not opened_by(DOWN, [Seen(age_s=10)], slip=True)
    assert opened_by(UP, [Seen(1, Side.SELL, age_s=10), Seen(2, Side.SELL, age_s=10)], slip=True)


@pytest.mark.parametrize("name", ["bollinger_v1", "macd_bb_v1"])
def test_amounts_are_the_reference_engines_to_the_last_bit(name: str) -> None:
    golden = next(each for each in golden_in(GOLDEN) if each.name == name)
    for side, price, amount in zip(*(golden.executors[key] for key in ("side", "entry_price", "amount")), strict=True):
        moment = Moment(close=price, features={"signal": float(Side(side).sign)})
        (spec,) = created(golden.setup.controller.decide(moment))
        assert isinstance(spec, PositionSpec)
        assert (spec.side, spec.entry_price, spec.amount) == (side, price, amount)


@pytest.mark.parametrize("name", ["bollinger_v1", "macd_bb_v1"])
def test_signals_are_the_reference_engines(name: str) -> None:
    told = json.loads(gzip.decompress((GOLDEN.parent / "indicators" / "golden_signals.json.gz").read_bytes()))[name]
    it = next(each for each in golden_in(GOLDEN) if each.name == name).setup.controller
    rows = candles_in(GOLDEN)
    features = it.features({it.feeds[0]: rows})
    assert rows.ts[features["signal"] > 0].tolist() == told["buys"]
    assert rows.ts[features["signal"] < 0].tolist() == told["sells"]
    whole = ~np.isnan(np.array(list(features.values()))).any(axis=0)
    assert rows.ts[whole][0] == told["first"]


def test_the_plan_is_what_decide_goes_by() -> None:
    it = controller("bollinger_v1", total_amount_quote="99.5", max_executors_per_side=3, cooldown_time=60, leverage=4)
    assert isinstance(it, DirectionalController)
    plan = it.plan()
    assert plan is not None
    assert (plan.market, plan.barriers, plan.leverage) == (it.markets[0], it.barriers, 4)
    assert (plan.total_amount_quote, plan.max_executors_per_side, plan.cooldown_s) == (Decimal("99.5"), 3, 60)


@pytest.mark.parametrize("name", ["bollingrid", "dman_v3"])
def test_what_opens_more_than_positions_has_no_plan(name: str) -> None:
    it = controller(name)
    assert isinstance(it, DirectionalController)
    assert it.plan() is None
