import numpy as np
from libs.strategies.tests.indicators.prices import walk

from aviary_strategies.indicators.hedged_spread import hedged_spread


def test_score_is_that_of_a_least_squares_line_through_the_window() -> None:
    dominant, hedge = walk(200, seed=1), walk(200, seed=9, start=3.0)
    found = hedged_spread(dominant, hedge, 60)
    assert np.isnan(found[:59]).all()
    for i in (59, 100, 199):
        x, y = (column[i - 59 : i + 1] / column[i - 59] for column in (dominant, hedge))
        line = np.polyval(np.polyfit(x, y, 1), x)
        spread = (y - line) / line
        np.testing.assert_allclose(found[i], (spread[-1] - spread.mean()) / spread.std(), rtol=1e-6)


def test_a_hedge_that_jumps_up_is_dear() -> None:
    dominant, hedge = walk(100), walk(100) / 7
    assert np.abs(hedged_spread(dominant, np.full(100, 3.0), 50)[49:]).max() == 0.0
    hedge[-1] *= 1.01
    assert hedged_spread(dominant, hedge, 50)[-1] > 5


def test_a_price_unknown_at_first_leaves_the_windows_after_it_alone() -> None:
    dominant, hedge = walk(100), walk(100, seed=4)
    hedge[:3] = np.nan
    found = hedged_spread(dominant, hedge, 50)
    assert np.isnan(found[:52]).all()
    assert not np.isnan(found[52:]).any()
