"""The positions of a sweep, which look at blocks of candles, are those of single runs, which look at each."""

from typing import Any

import numpy as np
import pytest
from libs.strategies.tests.backtest.walks import walk

from aviary_strategies.backtest.model import Costs, Mode
from aviary_strategies.backtest.position import life_of
from aviary_strategies.backtest.position_terms import MARKET, Terms
from aviary_strategies.backtest.rows import Rows
from aviary_strategies.backtest.sweep_compat import quick_compat
from aviary_strategies.backtest.sweep_honest import quick_honest
from aviary_strategies.backtest.sweep_prices import prices_of
from aviary_strategies.candles import Candles, Column
from aviary_strategies.kernels import kernel

NAN = float("nan")
COUNT = 400
OFF: dict[str, Any] = {"stop_loss": NAN, "take_profit": NAN, "time_limit": np.inf, "activation": NAN, "delta": NAN}
BARRIERS: dict[str, dict[str, Any]] = {
    "none": {},
    "stop": {"stop_loss": 0.003},
    "target": {"take_profit": 0.003},
    "both, close by": {"stop_loss": 0.0004, "take_profit": 0.0004},
    "limit between two rows": {"time_limit": 90.0},
    "limit within the first row": {"time_limit": 1.0},
    "trailing": {"activation": 0.001, "delta": 0.0005},
    "trailing far behind": {"activation": 0.0005, "delta": 0.01},
    "all": {"stop_loss": 0.004, "take_profit": 0.004, "time_limit": 3000.0, "activation": 0.002, "delta": 0.001},
}


@kernel
def both_ways(rows: Rows, terms: Terms) -> tuple[Column, Column]:
    """Of an executor from each row (side, row): how it comes out in a sweep, and alone."""
    prices = prices_of(rows, terms.is_honest)
    quick, alone = np.empty((2, len(rows.ts), 9)), np.empty((2, len(rows.ts), 9))
    for side in range(2):
        for row in range(len(rows.ts)):
            amount = 1000.0 / rows.close[row]
            if terms.is_honest:
                life = quick_honest(rows, prices, row, side, amount, terms)
            else:
                life = quick_compat(rows, prices, row, side, amount, terms)
            slow = life_of(rows, row, 1 - 2 * side, amount, rows.close[row], 0.0, terms)
            for place, each in enumerate((life, slow)):
                told = (quick, alone)[place][side, row]
                told[0], told[1], told[2], told[3] = each.fill_row, each.end_row, each.close_type, each.fill_price
                told[4], told[5], told[6] = each.close_price, each.net_pnl_quote, each.fees
                told[7], told[8] = each.filled_quote, each.entry_fee
    return quick, alone


def rows_of(candles: Candles) -> Rows:
    funding = np.cumsum(np.random.default_rng(1).normal(0, 0.01, len(candles)))
    return Rows(candles.ts, candles.open, candles.high, candles.low, candles.close, funding, 60.0)


def terms_of(mode: Mode, costs: Costs, **barriers: Any) -> Terms:
    own = {**OFF, **barriers}
    return Terms(
        mode is Mode.HONEST,
        *(own[name] for name in ("stop_loss", "take_profit", "time_limit", "activation", "delta")),
        MARKET,
        own.get("take_profit_type", MARKET),
        costs.trade_cost,
        costs.maker_fee,
        costs.taker_fee,
        costs.slippage,
        costs.latency_s,
    )


@pytest.mark.parametrize("barriers", BARRIERS.values(), ids=BARRIERS)
@pytest.mark.parametrize("holes", [0, 6])
@pytest.mark.parametrize("latency_s", [0.0, 20.0, 200.0])
def test_an_honest_position_from_any_row_is_the_same_to_the_last_digit(
    barriers: dict[str, Any], holes: int, latency_s: float
) -> None:
    rows = rows_of(walk(3, COUNT, holes=holes))
    for target in (MARKET, 2):
        terms = terms_of(Mode.HONEST, Costs(latency_s=latency_s), take_profit_type=target, **barriers)
        quick, alone = both_ways(rows, terms)
        np.testing.assert_array_equal(quick, alone)


@pytest.mark.parametrize("barriers", BARRIERS.values(), ids=BARRIERS)
@pytest.mark.parametrize("holes", [0, 6])
def test_a_compat_position_from_any_row_ends_the_same_way(barriers: dict[str, Any], holes: int) -> None:
    quick, alone = both_ways(rows_of(walk(3, COUNT, holes=holes)), terms_of(Mode.COMPAT, Costs(), **barriers))
    np.testing.assert_array_equal(quick[..., :5], alone[..., :5])
    np.testing.assert_allclose(quick[..., 5:], alone[..., 5:], rtol=1e-9, atol=1e-9)


def candles(*rows: tuple[float, float, float, float]) -> Rows:
    opened, high, low, close = np.array(rows).T.copy()
    return rows_of(Candles(60, 60.0 * np.arange(len(rows)), opened, high, low, close, np.ones(len(rows))))


def test_of_a_stop_and_a_target_in_one_candle_the_stop_counts() -> None:
    quiet, wild = (100.0, 100.0, 100.0, 100.0), (100.0, 102.0, 98.0, 100.0)
    terms = terms_of(Mode.HONEST, Costs(slippage=0.0), stop_loss=0.01, take_profit=0.01)
    quick, alone = both_ways(candles(*[quiet] * 20, wild, *[quiet] * 20), terms)
    np.testing.assert_array_equal(quick, alone)
    stop_loss = 2
    assert quick[:, 0, 1:3].tolist() == [[20, stop_loss], [20, stop_loss]]
    assert quick[:, 0, 4].tolist() == [99.0, 101.0]


def test_what_is_decided_in_the_last_row_is_never_filled() -> None:
    rows = rows_of(walk(3, COUNT))
    quick, _ = both_ways(rows, terms_of(Mode.HONEST, Costs(), **BARRIERS["all"]))
    assert (quick[:, -1, 0] == -1).all()
    assert (quick[:, -1, 5:] == 0.0).all()
