import gzip
from pathlib import Path

import numpy as np
from libs.strategies.tests.indicators.prices import walk

from aviary_strategies.backtest.golden import candles_in
from aviary_strategies.candles import Column
from aviary_strategies.indicators.bollinger import bollinger
from aviary_strategies.indicators.macd import macd

HERE = Path(__file__).parent


def golden() -> tuple[dict[str, Column], Column]:
    """Every 25th row of what the reference engine computed, and the closes up to the last of them."""
    with gzip.open(HERE / "golden_features.csv.gz", "rt") as file:
        names = file.readline().strip().split(",")
        columns = dict(zip(names, np.loadtxt(file, delimiter=",", unpack=True), strict=True))
    rows = candles_in(HERE.parent / "golden")
    return {name: column for name, column in columns.items() if name != "timestamp"} | {
        "row": np.searchsorted(rows.ts, columns["timestamp"]).astype(np.float64)
    }, rows.close


def test_bands_are_the_reference_engines() -> None:
    told, close = golden()
    at = told["row"].astype(int)
    found = bollinger(close, 100, 2.0)
    for letter, column in zip("LMUBP", found, strict=True):
        np.testing.assert_allclose(column[at], told[f"BB{letter}_100_2.0_2.0"], rtol=1e-9, atol=1e-9)


def test_macd_is_the_reference_engines() -> None:
    told, close = golden()
    at = told["row"].astype(int)
    found = macd(close, 21, 42, 9)
    for letter, column in zip(("", "s", "h"), found, strict=True):
        np.testing.assert_allclose(column[at], told[f"MACD{letter}_21_42_9"], rtol=1e-9, atol=1e-9)


def test_percent_is_0_on_the_lower_and_1_on_the_upper_band() -> None:
    close = walk(500)
    found = bollinger(close, 20, 2.0)
    np.testing.assert_allclose((found.lower + found.percent * (found.upper - found.lower))[19:], close[19:], rtol=1e-12)
    np.testing.assert_allclose(found.width, 100 * (found.upper - found.lower) / found.middle, rtol=1e-12)
    assert np.isnan(np.array(found)[:, :19]).all()
    assert not np.isnan(np.array(found)[:, 19:]).any()


def test_a_price_that_does_not_move_is_at_1_of_bands_without_width() -> None:
    found = bollinger(np.full(50, 0.3), 20, 2.0)
    assert (found.width[19:] == 0.0).all()
    assert (found.percent[19:] == 1.0).all()
