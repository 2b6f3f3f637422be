"""What a market's rules make of orders, on every path."""

from dataclasses import replace

import numpy as np
import pytest
from libs.strategies.tests.backtest.markets import BTC, FREE, Candle, flat, rows_of
from libs.strategies.tests.backtest.walks import CONFIGS, candles_for, setup_of

from aviary_strategies.actions import Barriers, DcaSpec, OrderSpec, PositionSpec
from aviary_strategies.backtest.model import MarketRules, Mode
from aviary_strategies.backtest.quantise import accepted
from aviary_strategies.backtest.run import run
from aviary_strategies.backtest.setup import Setup
from aviary_strategies.backtest.venue import Venue
from aviary_strategies.types import OrderType, Side

CANDLES: list[Candle] = flat(100.0, 3)
LIMIT = Barriers(open_order_type=OrderType.LIMIT)
STEPS = MarketRules(amount_step=0.001, price_step=0.1)
SMALLEST = {"one side": 496.0, "slow signal": 495.0, "many slots": 197.0, "maker": 197.0, "slow to cool": 495.0}
"""In quote: some orders are below these once their amounts are on the step, and some are not."""


def venue_with(rules: MarketRules) -> Venue:
    return Venue({BTC: rows_of(CANDLES)._replace(rules=rules)}, Mode.HONEST, FREE)


def position(amount: float, price: float = 100.0, side: Side = Side.BUY, barriers: Barriers = LIMIT) -> PositionSpec:
    return PositionSpec(BTC, side, amount, price, barriers, entry_price_rest=1e-15)


def with_rules(setup: Setup, rules: MarketRules) -> Setup:
    return replace(setup, rules=dict.fromkeys(setup.controller.markets, rules))


@pytest.mark.parametrize(("amount", "kept"), [(0.12345, 0.123), (0.3, 0.3), (1.0009999999999, 1.001), (7.0, 7.0)])
def test_an_amount_goes_down_to_the_step(amount: float, kept: float) -> None:
    found = accepted(position(amount), venue_with(STEPS), 0)
    assert isinstance(found, PositionSpec)
    assert found.amount == kept


@pytest.mark.parametrize(("side", "limit"), [(Side.BUY, 99.9), (Side.SELL, 100.0)])
def test_a_limit_is_never_worse_than_asked(side: Side, limit: float) -> None:
    found = accepted(position(1.0, 99.96, side), venue_with(STEPS), 0)
    assert isinstance(found, PositionSpec)
    assert (found.entry_price, found.entry_price_rest) == (limit, 0.0)


def test_steps_larger_than_one() -> None:
    found = accepted(position(1234.0), venue_with(MarketRules(amount_step=100.0)), 0)
    assert isinstance(found, PositionSpec)
    assert found.amount == 1200.0


@pytest.mark.parametrize(
    ("rules", "amount", "is_taken"),
    [
        (MarketRules(min_notional=5.0), 0.05, True),
        (MarketRules(min_notional=5.0), 0.0499, False),
        (MarketRules(min_notional=5.0, amount_step=0.04), 0.07, False),
        (MarketRules(min_amount=0.07), 0.07, True),
        (MarketRules(min_amount=0.07), 0.069, False),
        (MarketRules(amount_step=0.1), 0.09, False),
        (MarketRules(min_notional=29.0, amount_step=0.01), 0.29, True),
    ],
)
def test_what_is_too_small_is_not_taken(rules: MarketRules, amount: float, is_taken: bool) -> None:
    orders = (
        position(amount),
        position(amount, barriers=Barriers()),
        OrderSpec(BTC, Side.SELL, amount, OrderType.MARKET),
    )
    for spec in orders:
        assert (accepted(spec, venue_with(rules), 0) is not None) is is_taken


def test_a_price_below_the_smallest_step_is_not_taken() -> None:
    assert accepted(position(1.0, 0.05), venue_with(STEPS), 0) is None
    assert accepted(position(1.0, 0.05, Side.SELL), venue_with(STEPS), 0) is not None


def test_each_level_of_a_dca_is_held_to_the_rules() -> None:
    spec = DcaSpec(BTC, Side.BUY, (99.96, 98.0), (50.0, 12.34), Barriers())
    found = accepted(spec, venue_with(STEPS), 0)
    assert isinstance(found, DcaSpec)
    assert found.prices == (99.9, 98.0)
    assert found.amounts_quote == (pytest.approx(0.5 * 99.9), pytest.approx(0.125 * 98.0))
    assert accepted(spec, venue_with(STEPS._replace(min_notional=20.0)), 0) is None


def test_without_rules_an_order_stays_as_it_is() -> None:
    spec = position(0.123456789, 99.987654321)
    assert accepted(spec, venue_with(MarketRules()), 0) is spec


@pytest.mark.parametrize("name", CONFIGS)
def test_both_paths_hold_to_the_rules(name: str) -> None:
    rules = MarketRules(amount_step=0.01, price_step=0.5, min_notional=SMALLEST[name])
    setup = with_rules(setup_of(name, Mode.HONEST), rules)
    candles = candles_for(setup, holes=9)
    fast, stepped = run(setup, candles), run(setup, candles, stepping=True)
    assert len(fast.executors) > 5
    assert fast.refused == stepped.refused > 0
    assert fast.digest == stepped.digest
    assert fast.summary == stepped.summary
    steps = fast.executors.amount / 0.01
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-9)
    assert (fast.executors.amount * fast.executors.entry_price >= SMALLEST[name] * (1 - 1e-9)).all()
    if "maker" in name:
        assert (fast.executors.entry_price % 0.5 == 0).all()


@pytest.mark.parametrize("name", CONFIGS)
def test_compat_knows_no_rules(name: str) -> None:
    setup = setup_of(name, Mode.COMPAT)
    candles = candles_for(setup)
    plain = run(setup, candles)
    ruled = run(with_rules(setup, MarketRules(1.0, 10.0, 5.0, 1e6)), candles)
    for column, values in plain.executors.columns.items():
        np.testing.assert_array_equal(values, ruled.executors.columns[column], err_msg=column)
    assert plain.summary == ruled.summary
