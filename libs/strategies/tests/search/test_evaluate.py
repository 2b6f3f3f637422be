"""A row of a search is what its config alone would give."""

import numpy as np
import pytest

from aviary_strategies.backtest.model import Funding, MarketRules, Mode
from aviary_strategies.backtest.run import AllCandles, run
from aviary_strategies.backtest.setup import needed
from aviary_strategies.candles import Candles
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.errors import Cancelled
from aviary_strategies.search.conditions import Conditions
from aviary_strategies.search.evaluate import evaluate
from aviary_strategies.search.metrics import METRICS, row_of
from aviary_strategies.search.ranges import ranges_of
from aviary_strategies.search.segments import Segments, holdout
from aviary_strategies.search.space import Space, configured, space_of
from aviary_strategies.search.trials import QUICK
from aviary_strategies.types import Market

MARKET = Market("binance_perpetual", "BTC-USDT")
BEGIN = 1_735_689_600.0
START, END = BEGIN + 36_000.0, BEGIN + 36_000.0 + 7200 * 60.0
SPLIT = holdout(START, END, 60.0)
BANDS = {"controller_name": "bollinger_v1", "connector_name": "binance_perpetual", "trading_pair": "BTC-USDT"}
MAKER = {**BANDS, "controller_name": "pmm_simple", "buy_spreads": "0.001", "sell_spreads": "0.001"}
TOLD = {
    "bb_length": [20, 50],
    "bb_long_threshold": [0.0, 0.3],
    "take_profit": [0.005, None],
    "cooldown_time": [60, 600],
    "trailing_stop": [None, "0.004,0.001"],
    "max_executors_per_side": [1, 3],
}


@pytest.fixture(scope="module")
def candles() -> AllCandles:
    random = np.random.default_rng(5)
    count = 7800 + 60
    close = 100.0 * np.exp(np.cumsum(random.normal(0, 1e-3, count)))
    opened = np.r_[100.0, close[:-1]]
    high = np.maximum(opened, close) * (1 + np.abs(random.normal(0, 4e-4, count)))
    low = np.minimum(opened, close) * (1 - np.abs(random.normal(0, 4e-4, count)))
    minutes = Candles(60, BEGIN + 60.0 * np.arange(count), opened, high, low, close, np.ones(count))
    thirds = [column[: count // 3 * 3].reshape(-1, 3) for column in minutes.columns]
    longer = (thirds[0][:, 0], thirds[1][:, 0], thirds[2].max(1), thirds[3].min(1), thirds[4][:, -1], thirds[5].sum(1))
    return {(MARKET, "1m"): minutes, (MARKET, "3m"): Candles(180, *(column.copy() for column in longer))}


EIGHT_HOURLY = Funding(28_800.0 * np.arange(BEGIN // 28_800, BEGIN // 28_800 + 30), np.linspace(-0.001, 0.003, 30))
RULES = MarketRules(amount_step=0.01, price_step=0.01, min_notional=33.0)


@pytest.mark.parametrize(
    "conditions",
    [
        Conditions(mode=Mode.HONEST),
        Conditions(mode=Mode.COMPAT),
        Conditions(rules={MARKET: RULES}, funding={MARKET: EIGHT_HOURLY}),
    ],
)
def test_rows_are_those_of_single_runs(candles: AllCandles, conditions: Conditions) -> None:
    space = space_of(TOLD, QUICK)
    points = space.points(0, space.size or 0)
    found = evaluate(BANDS, points, SPLIT.ranges, conditions, candles)
    assert found.values.shape == (64, 2, len(METRICS))
    assert found.reasons == [None] * 64
    for place in range(0, 64, 7):
        controller = controller_named(configured(BANDS, points[place]))
        for number, segment in enumerate(SPLIT.ranges):
            alone = row_of(run(conditions.setup(controller, segment), candles))
            told = dict(zip(METRICS, zip(found.values[place, number], alone, strict=True), strict=True))
            for name, (here, there) in told.items():
                assert here == pytest.approx(there, rel=1e-9, abs=1e-9, nan_ok=True), name
    assert len(np.unique(found.values[:, 0, 0])) > 30


def test_what_has_no_plan_for_a_signal_is_run_one_by_one(candles: AllCandles) -> None:
    space = space_of({"executor_refresh_time": [60, 600], "sell_spreads": ["0.001", "0.002,0.004"]})
    found = evaluate(MAKER, space.points(0, 4), SPLIT.ranges, Conditions(), candles)
    assert found.reasons == [None] * 4
    assert len(np.unique(found.values[:, 0, 0])) == 4


def test_a_wrong_config_is_a_row_without_numbers(candles: AllCandles) -> None:
    space = space_of({"stop_loss": [-1, 0.02], "bb_length": [20]})
    found = evaluate(BANDS, space.points(0, 2), SPLIT.ranges, Conditions(), candles)
    assert found.reasons[0] is not None
    assert "stop_loss" in found.reasons[0]
    assert np.isnan(found.values[0]).all()
    assert found.reasons[1] is None
    assert found.values[1, 0, METRICS.index("total_positions")] > 0


def test_a_config_without_candles_is_a_row_without_numbers(candles: AllCandles) -> None:
    space = space_of({"interval": ["3m", "5m"], "bb_length": [20]})
    found = evaluate(BANDS, space.points(0, 2), SPLIT.ranges, Conditions(), candles)
    assert found.reasons[0] is None
    assert found.reasons[1] == "No 5m candles of BTC-USDT on binance_perpetual"
    assert np.isnan(found.values[1]).all()


def test_a_cancelled_search_ends(candles: AllCandles) -> None:
    space = space_of(TOLD, QUICK)
    with pytest.raises(Cancelled):
        evaluate(BANDS, space.points(0, 64), SPLIT.ranges, Conditions(), candles, is_cancelled=lambda: True)


def test_progress_reaches_the_end(candles: AllCandles) -> None:
    told: list[float] = []
    space = space_of({"bb_length": [20, 30], "stop_loss": [-1, 0.02]})
    evaluate(BANDS, space.points(0, 4), SPLIT.ranges, Conditions(), candles, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    "told", [{"bb_length": {"low": 20, "high": 500}, "stop_loss": [0.1]}, {"interval": ["3m", "1h"], "bb_length": [9]}]
)
def test_candles_of_the_space_are_enough_for_each_point(told: dict[str, object]) -> None:
    space: Space = space_of(told)
    segments: Segments = SPLIT
    ranges = {(each.market, each.interval): each for each in ranges_of(BANDS, space, segments, Conditions())}
    for point in space.points(0, space.size or 0):
        controller = controller_named(configured(BANDS, point))
        for each in needed(Conditions().setup(controller, segments.ranges[0])):
            known = ranges[each.market, each.interval]
            assert known.start_s <= each.start_s
            assert known.end_s >= each.end_s


def test_a_wrong_base_is_told() -> None:
    with pytest.raises(ValueError, match="leverage"):
        ranges_of({**BANDS, "leverage": -1}, space_of({"bb_length": [20]}), SPLIT, Conditions())
