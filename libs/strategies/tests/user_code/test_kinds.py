"""Users' controllers give what the bundled ones of the same rule give."""

import sys
from typing import Any

import pytest

from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.result import Result
from aviary_strategies.backtest.run import run
from aviary_strategies.backtest.setup import Setup
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.types import CloseType

from ..backtest.walks import candles_for
from . import samples
from .confined import described, played

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls are Linux's")

BUNDLED = {
    **{name: value for name, value in samples.CONFIG.items() if name != "length"},
    "controller_name": "bollinger_v1",
    "bb_length": 20,
}
LEVELS: dict[str, Any] = {
    "id": "",
    "total_amount_quote": 1000,
    "buy_spreads": "0.001,0.002",
    "sell_spreads": "0.0015",
    "sell_amounts_pct": "3",
    "stop_loss": "0.006",
    "take_profit": "0.004",
}


def bundled(config: dict[str, Any], mode: Mode) -> Result:
    end_s = samples.START_S + 60 * samples.MINUTES
    setup = Setup(controller_named(config), samples.START_S, end_s, "1m", mode)
    return run(setup, candles_for(setup))


def same(one: Result, other: Result) -> bool:
    columns = ("created_s", "closed_s", "side", "close_type", "net_pnl_quote", "amount")
    return len(one.executors) > 10 and all(
        (getattr(one.executors, name) == getattr(other.executors, name)).all() for name in columns
    )


@pytest.mark.parametrize("mode", Mode)
async def test_a_directional_controller_of_the_reference_gives_what_the_bundled_one_gives(mode: Mode) -> None:
    result, decisions = await played(samples.TIDE, samples.CONFIG, mode)
    assert same(result, bundled(BUNDLED, mode))
    assert decisions.warnings == []
    assert "bbp" in result.features


async def test_a_controller_that_tells_only_its_last_signal_is_asked_candle_by_candle() -> None:
    result, decisions = await played(samples.SCALAR, samples.CONFIG, minutes=700)
    whole, _ = await played(samples.TIDE, samples.CONFIG, minutes=700)
    assert decisions.features == {}
    assert (result.executors.created_s == whole.executors.created_s).all()


@pytest.mark.parametrize("mode", Mode)
async def test_a_maker_of_the_reference_gives_what_the_bundled_one_gives(mode: Mode) -> None:
    result, _ = await played(samples.MAKER, {**LEVELS, "controller_name": "plain"}, mode, name="plain")
    assert same(result, bundled({**LEVELS, "controller_name": "pmm_simple"}, mode))


@pytest.mark.parametrize("mode", Mode)
async def test_a_controller_of_our_own_kind_runs(mode: Mode) -> None:
    config = {"controller_name": "wave", "total_amount_quote": 1000}
    result, decisions = await played(samples.OURS, config, mode, name="wave")
    assert len(result.executors) > 10
    assert decisions.warnings == []


async def test_features_that_know_the_next_candle_are_told() -> None:
    _, decisions = await played(samples.AHEAD, samples.CONFIG)
    assert len(decisions.warnings) == 1
    assert "Look-ahead: the feature 'bbp'" in decisions.warnings[0]


async def test_a_wrong_config_names_the_field() -> None:
    found = await described(samples.TIDE, {**samples.CONFIG, "length": "long", "depth": 3})
    assert {each.field for each in found.problems} == {"length", "depth"}


async def test_a_generic_controller_creates_every_kind_sees_what_it_holds_and_stops_by_id() -> None:
    config = {"id": "", "controller_name": "mixed", "total_amount_quote": 1000}
    result, _ = await played(samples.GENERIC, config, name="mixed", minutes=400)
    made = result.executors
    assert set(made.kinds) == {"position_executor", "order_executor", "dca_executor", "grid_executor"}
    ended = dict(zip(made.kinds, made.close_type.tolist(), strict=True))
    assert ended["position_executor"] == int(CloseType.EARLY_STOP)
    assert ended["order_executor"] == int(CloseType.POSITION_HOLD)
