"""The fast path decides what the controller itself would have decided."""

import numpy as np
import pytest
from libs.strategies.tests.backtest.walks import CONFIGS, candles_for, setup_of

from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.run import run


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("holes", [0, 15])
def test_both_paths_give_the_same(name: str, mode: Mode, holes: int) -> None:
    setup = setup_of(name, mode)
    candles = candles_for(setup, holes=holes)
    fast, stepped = run(setup, candles), run(setup, candles, stepping=True)
    assert len(fast.executors) > 5
    for column, values in fast.executors.columns.items():
        if column not in ("template", "entry_price_rest"):
            np.testing.assert_array_equal(values, stepped.executors.columns[column], err_msg=column)
    assert fast.executors.levels == stepped.executors.levels
    assert fast.summary == stepped.summary
    assert fast.digest == stepped.digest
    for column, series in fast.series.items():
        np.testing.assert_allclose(series, stepped.series[column], rtol=0, atol=1e-9, err_msg=column)


@pytest.mark.parametrize("name", ["one side", "maker"])
def test_a_latency_of_more_than_a_candle_is_the_same_on_both_paths(name: str) -> None:
    setup = setup_of(name, Mode.HONEST, costs=Costs(latency_s=95.0, slippage=0.001))
    candles = candles_for(setup)
    assert run(setup, candles).digest == run(setup, candles, stepping=True).digest


def test_the_equity_ends_at_what_the_executors_earned() -> None:
    setup = setup_of("maker", Mode.HONEST)
    result = run(setup, candles_for(setup))
    assert result.series["equity"][-1] == pytest.approx(result.executors.net_pnl_quote.sum(), abs=1e-9)
    assert result.metrics["max_drawdown_quote"] == pytest.approx(-result.series["drawdown"].min())
    sides = result.tables["by_side"]
    assert sum(line["net_pnl_quote"] for line in sides.values()) == pytest.approx(result.summary["net_pnl_quote"])


def test_honest_counts_each_side_for_itself_and_compat_does_not() -> None:
    honest, compat = (run(s, candles_for(s)) for s in (setup_of("many slots", mode) for mode in Mode if mode))
    assert len(honest.executors) != len(compat.executors)
