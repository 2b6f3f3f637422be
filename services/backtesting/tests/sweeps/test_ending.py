"""What a sweep's end does not take."""

from dataclasses import replace

import numpy as np
import pytest

from aviary_backtesting.engine.port import Watch
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.sweeps.block import frame_of, packed
from aviary_backtesting.sweeps.ending import Incomplete, ending_of
from aviary_backtesting.sweeps.search import search_of
from aviary_backtesting.sweeps.spec import Method, Split, SweepSpec
from aviary_backtesting.sweeps.store import Shard
from aviary_strategies.search.evaluate import Evaluated
from aviary_strategies.search.metrics import METRICS

from ..asking import BOLLINGER, END, START

BASE = RunSpec(BOLLINGER, START, END, "1m", "honest", {}, 0.95)
SPEC = SweepSpec(BASE, {"cooldown_time": [1, 2, 3, 4]}, Method.GRID, 4, 0, "sharpe", True, Split(), 10, 16)
SEARCH = search_of(SPEC)
WATCH = Watch(lambda _: None, lambda: False)


def shard(first: int, configs: int) -> Shard:
    nothing = Evaluated(np.full((configs, 2, len(METRICS)), np.nan), ["no candles"] * configs)
    block = packed(frame_of(SEARCH, first, SEARCH.space.points(first, configs), nothing))
    return Shard(first, configs, None, block, "candles", 0.1)


def test_a_sweep_without_any_valid_config_has_no_best() -> None:
    result = ending_of(SPEC, SEARCH, [shard(0, 2), shard(2, 2)], {}, WATCH)
    assert (result["trials"], result["invalid"], result["best"], result["deflated_sharpe"]) == (4, 4, [], None)
    assert result["degradation"] is None


@pytest.mark.parametrize("shards", [[shard(0, 2)], [shard(0, 2), shard(1, 3)], [shard(2, 2), shard(0, 2)]])
def test_lost_or_doubled_configs_are_noticed(shards: list[Shard]) -> None:
    with pytest.raises(Incomplete):
        ending_of(SPEC, SEARCH, shards, {}, WATCH)


def test_columns_have_the_types_of_the_space() -> None:
    told = {"bb_length": [10, 20], "take_profit": [None, 1, 0.5], "trailing_stop": ["0.1,0.2", None], "leverage": [1]}
    search = search_of(replace(SPEC, space=told))
    nothing = Evaluated(np.zeros((12, 2, len(METRICS))), [None] * 12)
    frame = frame_of(search, 0, search.space.points(0, 12), nothing)
    assert {name: str(frame.schema[name]) for name in told} == {
        "bb_length": "Int64",
        "take_profit": "Float64",
        "trailing_stop": "String",
        "leverage": "Int64",
    }
    assert frame["invalid"].null_count() == 12
