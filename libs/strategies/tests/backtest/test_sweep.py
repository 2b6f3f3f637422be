"""A sweep's numbers are those of single runs."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from libs.strategies.tests.backtest.walks import CONFIGS, START_S, candles_for, setup_of

from aviary_strategies.backtest.model import Funding, MarketRules, Mode
from aviary_strategies.backtest.run import AllCandles, Setup, run
from aviary_strategies.backtest.sweep import run_many
from aviary_strategies.candles import Column
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.errors import CannotRun

COUNT = 24
COUNTS = {
    "time_limits": "TIME_LIMIT",
    "stop_losses": "STOP_LOSS",
    "take_profits": "TAKE_PROFIT",
    "early_stops": "EARLY_STOP",
    "trailing_stops": "TRAILING_STOP",
}


def some_sets() -> dict[str, Column]:
    rng = np.random.default_rng(5)
    sets = {
        "stop_loss": rng.uniform(0.001, 0.02, COUNT),
        "take_profit": rng.uniform(0.001, 0.02, COUNT),
        "time_limit": rng.integers(2, 90, COUNT) * 60.0,
        "activation": rng.uniform(0.001, 0.01, COUNT),
        "delta": rng.uniform(0.0005, 0.003, COUNT),
        "cooldown_s": rng.integers(1, 30, COUNT) * 60.0,
        "max_executors_per_side": rng.integers(1, 5, COUNT).astype(float),
    }
    for place, name in enumerate(("stop_loss", "take_profit", "time_limit")):
        sets[name][place] = np.nan
    sets["activation"][4:8] = sets["delta"][4:8] = np.nan
    return sets


def alone(setup: Setup, name: str, sets: dict[str, Column], place: int) -> Setup:
    own = {key: None if np.isnan(column[place]) else float(column[place]) for key, column in sets.items()}
    config: dict[str, Any] = {**CONFIGS[name], "total_amount_quote": 1000}
    config |= {
        "stop_loss": own["stop_loss"],
        "take_profit": own["take_profit"],
        "time_limit": own["time_limit"] and int(own["time_limit"]),
        "cooldown_time": int(own["cooldown_s"] or 0),
        "max_executors_per_side": int(own["max_executors_per_side"] or 0),
        "trailing_stop": own["delta"] and {"activation_price": own["activation"], "trailing_delta": own["delta"]},
    }
    return replace(setup, controller=controller_named(config))


@pytest.mark.timeout(300)  # the first one compiles
@pytest.mark.parametrize("name", ["one side", "slow signal"])
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("holes", [0, 12])
def test_every_set_gives_what_it_gives_alone(name: str, mode: Mode, holes: int) -> None:
    setup = setup_of(name, mode)
    assert_same_as_alone(setup, name, candles_for(setup, holes=holes))


@pytest.mark.parametrize("name", ["one side", "slow signal"])
def test_a_sweep_pays_funding_and_holds_to_the_rules(name: str) -> None:
    plain = setup_of(name, Mode.HONEST)
    (market,) = plain.controller.markets
    hourly = Funding(START_S + 3600.0 * np.arange(1, 50), np.linspace(-0.001, 0.002, 49))
    rules = MarketRules(amount_step=0.01, min_notional=249.0)
    setup = replace(plain, funding={market: hourly}, rules={market: rules})
    candles = candles_for(setup)
    result = run(setup, candles)
    assert result.summary["net_pnl_quote"] != run(replace(setup, funding={}), candles).summary["net_pnl_quote"]
    assert_same_as_alone(setup, name, candles)


def assert_same_as_alone(setup: Setup, name: str, candles: AllCandles) -> None:
    mode, sets = setup.mode, some_sets()
    table = run_many(setup, candles, sets, threads=2)
    for place in range(COUNT):
        result = run(alone(setup, name, sets, place), candles)
        line = dict(zip(table.names, table.values[place].tolist(), strict=True))
        summary = result.summary
        for key in ("total_executors", "total_positions", "total_long", "total_short", "win_signals", "loss_signals"):
            assert line[key] == summary[key], key
        ways = summary["close_types"] or {}
        assert isinstance(ways, dict)
        assert {ours: line[ours] for ours in COUNTS} == {ours: ways.get(theirs, 0) for ours, theirs in COUNTS.items()}
        for key in ("net_pnl_quote", "total_volume", "total_fees_quote", "max_drawdown_usd", "profit_factor"):
            assert line[key] == pytest.approx(summary[key], rel=1e-9, abs=1e-9), key
        assert line["sharpe_ratio"] == pytest.approx(summary["sharpe_ratio"], rel=1e-9)
        assert line["win_rate"] == summary["accuracy"]
        if mode is Mode.HONEST:
            for ours, theirs in (("equity_sharpe", "sharpe"), ("equity_sortino", "sortino"), ("exposure", "exposure")):
                told = np.nan if result.metrics[theirs] is None else result.metrics[theirs]
                assert line[ours] == pytest.approx(told, rel=1e-8, nan_ok=True), ours
            assert line["equity_max_drawdown_quote"] == pytest.approx(result.metrics["max_drawdown_quote"], rel=1e-9)
        else:
            assert np.isnan(line["equity_sharpe"])


def test_what_is_left_out_is_as_in_the_config() -> None:
    setup = setup_of("one side", Mode.HONEST)
    candles = candles_for(setup)
    table = run_many(setup, candles, {"cooldown_s": np.array([300.0])})
    assert table["net_pnl_quote"][0] == pytest.approx(run(setup, candles).summary["net_pnl_quote"], rel=1e-9)


def test_what_cannot_be_swept_is_refused() -> None:
    setup = setup_of("one side", Mode.HONEST)
    with pytest.raises(ValueError, match="profit"):
        run_many(setup, candles_for(setup), {"profit": np.ones(2)})
    with pytest.raises(ValueError, match="whole number"):
        run_many(setup, candles_for(setup), {"max_executors_per_side": np.array([1.5])})
    maker = setup_of("maker", Mode.HONEST)
    with pytest.raises(CannotRun, match="pmm_simple"):
        run_many(maker, candles_for(maker), {})
