"""Candles on a worker's disk, put together, and counted."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aviary_backtesting.candles.cache import ColumnCache
from aviary_backtesting.candles.columns import candles_of, from_frame, longer
from aviary_backtesting.candles.coverage import holes_of, refuse_sparse, window
from aviary_backtesting.engine.port import CandleRange
from aviary_backtesting.results.thinning import thinned
from aviary_backtesting.runs.spec import RunSpec
from aviary_common.errors import BadRequest

from .asking import START
from .market import walk

RANGE = CandleRange("venue", "BTC-USDT", "1m", START, START + 6000 - 60)
NOW = START + 10**9


def spec(**more: Any) -> RunSpec:
    given = {"start_s": START, "end_s": START + 6000 - 60, "min_coverage": 0.9} | more
    return RunSpec(config={}, resolution="1m", mode="honest", costs={}, **given)


@pytest.fixture
def cache(tmp_path: Path) -> ColumnCache:
    made = ColumnCache(tmp_path, max_bytes=3 * 6 * 8 * 100 + 1000)
    made.prepare()
    return made


def test_what_is_kept_is_mapped_and_the_same(cache: ColumnCache) -> None:
    columns = from_frame(walk(START, 100))
    assert cache.digest_of(RANGE) is None
    cache.put(RANGE, "digest", columns)
    assert cache.digest_of(RANGE) == "digest"
    found = cache.load("digest")
    assert found is not None
    assert np.array_equal(found, columns)
    found[0] = 0
    again = cache.load("digest")
    assert again is not None
    assert np.array_equal(again, columns)


def test_the_least_used_files_make_room(cache: ColumnCache, tmp_path: Path) -> None:
    columns = from_frame(walk(START, 100))
    for number in range(3):
        cache.put(RANGE._replace(start_s=number), f"{number}", columns)
    assert cache.load("0") is not None
    cache.put(RANGE, "3", columns)
    assert [number for number in range(4) if cache.load(f"{number}") is None] == [1]
    assert cache.digest_of(RANGE._replace(start_s=1)) is None


def test_a_broken_file_counts_as_none(cache: ColumnCache, tmp_path: Path) -> None:
    cache.put(RANGE, "digest", from_frame(walk(START, 100)))
    (file,) = tmp_path.glob("*.npy")
    file.write_bytes(file.read_bytes()[:50])
    assert cache.load("digest") is None


def test_longer_candles_are_those_of_their_minutes() -> None:
    minutes = candles_of(from_frame(walk(START, 10)), 60)
    fives = longer(minutes, 300)
    assert fives.ts.tolist() == [START, START + 300]
    assert fives.open.tolist() == [minutes.open[0], minutes.open[5]]
    assert fives.close.tolist() == [minutes.close[4], minutes.close[9]]
    assert fives.high.tolist() == [minutes.high[:5].max(), minutes.high[5:].max()]
    assert fives.low.tolist() == [minutes.low[:5].min(), minutes.low[5:].min()]
    assert fives.volume.tolist() == pytest.approx([minutes.volume[:5].sum(), minutes.volume[5:].sum()])
    assert longer(minutes, 60) is minutes
    assert len(longer(minutes.rows(0, 0), 300)) == 0


def test_holes_are_told_at_both_ends_and_in_between() -> None:
    minutes = candles_of(from_frame(walk(START, 100)), 60)
    kept = candles_of(np.array([column[[2, 3, 7, 8]] for column in minutes.columns]), 60)
    span = window(RANGE._replace(end_s=START + 540), spec(end_s=START + 540), 60, NOW)
    assert span == (START, 10)
    assert holes_of(kept, span) == [
        (START, START + 120),
        (START + 240, START + 420),
        (START + 540, START + 600),
    ]


def test_neither_the_warm_up_nor_what_has_not_closed_is_asked_for() -> None:
    early = RANGE._replace(start_s=START - 600)
    assert window(early, spec(), 60, NOW) == (START, 100)
    assert window(RANGE, spec(), 60, START + 630) == (START, 10)
    assert window(RANGE, spec(), 60, START - 60).expected == 0


def test_enough_is_what_was_asked_for() -> None:
    minutes = candles_of(from_frame(walk(START, 90)), 60)
    refuse_sparse(RANGE, minutes, spec(), NOW)
    with pytest.raises(BadRequest, match=r"Only 89.0% of the candles of BTC-USDT at venue, 1m"):
        refuse_sparse(RANGE, minutes.rows(0, 89), spec(), NOW)
    refuse_sparse(RANGE, minutes.rows(0, 1), spec(min_coverage=0), NOW)


def test_a_thinned_frame_keeps_every_columns_extremes() -> None:
    frame = walk(START, 5000).rename({"open_time": "timestamp"})
    few = thinned(frame, 200)
    assert few.height <= 200
    for name in ("open", "high", "low", "close", "volume"):
        assert (few[name].min(), few[name].max()) == (frame[name].min(), frame[name].max())
    assert few["timestamp"].is_sorted()
    assert thinned(frame, 5000).height == 5000
