"""No feature may know what its candle's close did not."""

from typing import Any

import numpy as np
import pytest
from libs.strategies.tests.controllers.moments import controller
from libs.strategies.tests.indicators.prices import candles

from aviary_strategies.candles import Candles
from aviary_strategies.controller import Controller
from aviary_strategies.controllers.registry import names
from aviary_strategies.intervals import seconds_of
from aviary_strategies.types import Feed

ROWS = 900
OTHERWISE: dict[str, dict[str, Any]] = {
    "quantum_grid_allocator": {
        "dynamic_grid_range": True,
        "interval": "1m",
        "portfolio_allocation": {"SOL": 0.5, "ETH": 0.2},
    },
}


def candles_of(it: Controller[Any]) -> dict[Feed, Candles]:
    return {feed: candles(ROWS, seconds_of(feed.interval), seed) for seed, feed in enumerate(it.feeds, start=1)}


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("size", [1, 120, 333, 777])
def test_features_of_a_prefix_are_the_prefix_of_the_features(name: str, size: int) -> None:
    it = controller(name, **OTHERWISE.get(name, {}))
    given = candles_of(it)
    whole = it.features(given)
    prefix = it.features({feed: rows.rows(0, size) for feed, rows in given.items()})
    assert prefix.keys() == whole.keys()
    for column in whole:
        np.testing.assert_array_equal(prefix[column], whole[column][:size])


@pytest.mark.parametrize("name", names())
def test_features_are_whole_once_there_are_as_many_candles_as_they_ask_for(name: str) -> None:
    it = controller(name, **OTHERWISE.get(name, {}))
    found = it.features(candles_of(it))
    for column in found.values():
        assert len(column) == ROWS
        assert not np.isnan(column[it.feeds[0].records - 1 :]).any()
