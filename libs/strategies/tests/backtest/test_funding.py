"""Funding: what a position pays is the rate times its worth, whoever holds it."""

from dataclasses import replace

import numpy as np
import pytest
from libs.strategies.tests.backtest.markets import BTC, FREE, START, Candle, rows_of
from libs.strategies.tests.backtest.test_stepping import Scripted, market_order, position
from libs.strategies.tests.backtest.walks import CONFIGS, START_S, candles_for, setup_of

from aviary_strategies.actions import Action, Stop
from aviary_strategies.backtest.model import Funding, Mode
from aviary_strategies.backtest.result import Played
from aviary_strategies.backtest.run import run
from aviary_strategies.backtest.setup import Setup
from aviary_strategies.backtest.stepping import Stepping
from aviary_strategies.candles import Candles
from aviary_strategies.context import Context
from aviary_strategies.types import Side

HOURLY = Funding(START_S + 3600.0 * np.arange(1, 50), np.full(49, 0.001))


def with_funding(setup: Setup, funding: Funding = HOURLY) -> Setup:
    return replace(setup, funding=dict.fromkeys(setup.controller.markets, funding))


def test_a_long_position_pays_the_rate_times_its_worth() -> None:
    """2 BTC from the open of minute 1 (100) to the end; in minute 3, of which the close before is 103, 0.01 is due."""
    closes = np.arange(101.0, 107.0)
    opened = closes - 1
    candles = Candles(60, START_S + 60.0 * np.arange(6), opened, closes, opened, closes, np.ones(6))
    funding = Funding(np.array([START_S + 180.0]), np.array([0.01]))

    def script(row: int, _context: Context) -> list[Action]:
        return [position()] if row == 0 else []

    earned = []
    for told in ({}, {BTC: funding}):
        setup = Setup(Scripted(script), START_S, START_S + 360.0, costs=FREE, funding=told)
        result = run(setup, {(BTC, "1m"): candles})
        earned.append(result.summary["net_pnl_quote"])
        assert result.series["equity"][-1] == earned[-1]
    assert earned == [106.0 - 101.0, 106.0 - 101.0 - 0.01 * 103.0]


@pytest.mark.parametrize("name", CONFIGS)
def test_every_position_pays_what_was_settled_while_it_was_open(name: str) -> None:
    setup = setup_of(name, Mode.HONEST)
    candles = candles_for(setup)
    minutes = candles[setup.controller.markets[0], "1m"]
    free, paying = run(setup, candles), run(with_funding(setup), candles)
    paid = 0
    for place in range(len(free.executors)):
        owed = 0.0
        for settled, rate in zip(HOURLY.ts, HOURLY.rate, strict=True):
            within = free.executors.fill_row[place] < (settled - START_S) // 60 <= free.executors.end_row[place]
            if within and free.executors.fill_row[place] >= 0:
                owed += rate * minutes.close[np.searchsorted(minutes.ts, settled) - 1] * free.executors.amount[place]
        sign = -1 if free.executors.side[place] == Side.BUY else 1
        change = paying.executors.net_pnl_quote[place] - free.executors.net_pnl_quote[place]
        assert change == pytest.approx(sign * owed, abs=1e-9)
        paid += owed > 0
    assert paid > 0
    assert paying.digest != free.digest
    assert paying.digest == run(with_funding(setup), candles, stepping=True).digest


def test_what_is_settled_outside_the_run_changes_nothing() -> None:
    setup = setup_of("one side", Mode.HONEST, minutes=1000)
    candles = candles_for(setup)
    within = HOURLY.ts < setup.end_s
    inside = Funding(HOURLY.ts[within], HOURLY.rate[within])
    more = Funding(np.r_[START_S - 10.0, HOURLY.ts], np.r_[0.5, HOURLY.rate])
    assert run(with_funding(setup, more), candles).digest == run(with_funding(setup, inside), candles).digest


def test_what_is_held_pays_too() -> None:
    candles: list[Candle] = [(100.0, 100.0, 100.0, 100.0)] * 6

    def played(funding: float, stop_at: int | None, action: Action) -> Played:
        def script(row: int, context: Context) -> list[Action]:
            if row == stop_at:
                return [Stop(context.executors[0].executor_id, keep_position=True)]
            return [action] if row == 0 else []

        rows = {BTC: rows_of(candles, funding=funding)}
        return Stepping(Scripted(script), rows, {}, Mode.HONEST, FREE, {}, {}).play(lambda _share: None, lambda: False)

    for stop_at, action in ((None, market_order(Side.BUY)), (3, position())):
        assert played(0.0, stop_at, action).positions[0].realized_pnl_quote == 0.0
        held = played(0.5, stop_at, action)
        assert held.positions[0].realized_pnl_quote == pytest.approx(-4 * 0.5), "filled in minute 1, held until 5"
        equity = held.marks + held.position_realized
        assert equity[-1] == pytest.approx(-4 * 0.5)
        assert np.diff(equity)[1:] == pytest.approx([-0.5] * 4)


def test_a_short_one_is_paid() -> None:
    rows = {BTC: rows_of([(100.0, 100.0, 100.0, 100.0)] * 4, funding=0.5)}

    def script(row: int, context: Context) -> list[Action]:
        assert context.now_s == START + 60.0 * (row + 1)
        return [market_order(Side.SELL)] if row == 0 else []

    played = Stepping(Scripted(script), rows, {}, Mode.HONEST, FREE, {}, {}).play(lambda _share: None, lambda: False)
    assert played.positions[0].realized_pnl_quote == pytest.approx(2 * 0.5)
