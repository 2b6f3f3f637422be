"""Which feature a row knows."""

import numpy as np
import pytest
from libs.strategies.tests.backtest.markets import BTC, OTHER
from libs.strategies.tests.backtest.walks import walk

from aviary_strategies.backtest.joining import paid_by_close
from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.prepare import prepare
from aviary_strategies.candles import Candles

MINUTES = walk(1, 12, first_s=0.0)
KNOWN_S = np.array([0.0, 180.0, 360.0])
FEATURE = {"signal": np.array([1.0, 2.0, 3.0])}


def test_honest_knows_a_feature_once_its_candle_has_closed() -> None:
    signal = prepare({BTC: MINUTES}, FEATURE, KNOWN_S, 180.0, Mode.HONEST, {}, {}).features["signal"]
    np.testing.assert_array_equal(signal, [np.nan, np.nan, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3])


def test_compat_knows_a_feature_as_soon_as_its_candle_opens() -> None:
    signal = prepare({BTC: MINUTES}, FEATURE, KNOWN_S, 180.0, Mode.COMPAT, {}, {}).features["signal"]
    np.testing.assert_array_equal(signal, [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3])


def test_compat_drops_the_rows_at_which_any_feature_is_missing() -> None:
    holed = {**FEATURE, "other": np.array([np.nan, 1.0, np.nan])}
    prepared = prepare({BTC: MINUTES}, holed, KNOWN_S, 180.0, Mode.COMPAT, {}, {})
    np.testing.assert_array_equal(prepared.clock.ts, [180.0, 240.0, 300.0])
    np.testing.assert_array_equal(prepared.features["signal"], [2, 2, 2])
    alternating = {"other": np.array([np.nan, 1.0] * 6)}
    prepared = prepare({BTC: MINUTES}, alternating, MINUTES.ts, 60.0, Mode.COMPAT, {}, {})
    np.testing.assert_array_equal(prepared.clock.ts, MINUTES.ts[1::2])
    assert len(prepare({BTC: MINUTES}, holed, KNOWN_S, 180.0, Mode.HONEST, {}, {}).clock.ts) == 12


def test_rows_are_where_all_markets_have_a_candle() -> None:
    other = Candles(60, *(column[2:9] for column in MINUTES.columns))
    prepared = prepare({BTC: MINUTES, OTHER: other}, {}, MINUTES.ts, 60.0, Mode.HONEST, {}, {})
    for rows in prepared.rows.values():
        np.testing.assert_array_equal(rows.ts, MINUTES.ts[2:9])


def test_funding_adds_up_by_the_close_of_its_row() -> None:
    ts = np.array([60.0, 120.0, 180.0])
    close = np.array([10.0, 20.0, 30.0])
    paid = paid_by_close(ts, close, 60.0, np.array([0.0, 120.0, 239.0]), np.array([9.0, 0.1, 0.2]))
    assert paid.tolist() == [0.0, pytest.approx(1.0), pytest.approx(5.0)]
