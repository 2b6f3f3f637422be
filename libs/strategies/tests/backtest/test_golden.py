"""Compat mode gives what the reference engine gave, to the last bit."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from aviary_strategies.backtest.golden import (
    Golden,
    candles_in,
    equal_executors,
    golden_in,
    unequal_metrics,
    unequal_series,
)
from aviary_strategies.backtest.legacy import legacy_body
from aviary_strategies.backtest.parity import main
from aviary_strategies.backtest.run import run
from aviary_strategies.candles import Candles

FOLDER = Path(__file__).parents[1] / "golden"
GOLDEN = {golden.name: golden for golden in golden_in(FOLDER)}


@pytest.fixture(scope="module")
def candles() -> Candles:
    return candles_in(FOLDER)


@pytest.fixture(params=sorted(GOLDEN))
def golden(request: pytest.FixtureRequest) -> Golden:
    return GOLDEN[request.param]


@pytest.mark.parametrize("stepping", [False, True])
def test_every_executor_metric_and_series_is_the_reference_engines(
    golden: Golden, candles: Candles, stepping: bool
) -> None:
    result = run(golden.setup, golden.candles(candles), stepping=stepping)
    assert len(result.executors) == len(golden.executors["side"])
    assert equal_executors(golden, result.executors) == len(result.executors)
    assert unequal_metrics(golden, result) == []
    assert unequal_series(golden, result) == []


def test_the_old_body_has_the_old_values(golden: Golden, candles: Candles) -> None:
    result = run(golden.setup, golden.candles(candles))
    body = json.loads(json.dumps(legacy_body(result), allow_nan=False))
    assert [each["net_pnl_quote"] for each in body["executors"]] == golden.executors["net_pnl_quote"]
    assert [each["config"]["level_id"] for each in body["executors"]] == golden.executors["level"]
    assert len({each["id"] for each in body["executors"]}) == len(result.executors)
    assert len(body["pnl_timeseries"]) == golden.series["rows"]
    assert set(body["processed_data"]["close"]) == {str(ts) for ts in result.series["timestamp"].tolist()}


def test_parity_is_told_and_so_is_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(FOLDER) == 0
    assert "2560/2560" in capsys.readouterr().out
    shutil.copy(FOLDER / "candles.csv.gz", tmp_path)
    told = json.loads(gzip.decompress((FOLDER / "macd_bb_v1.json.gz").read_bytes()))
    told["executors"]["net_pnl_quote"][3] += 1e-12
    (tmp_path / "macd_bb_v1.json.gz").write_bytes(gzip.compress(json.dumps(told).encode()))
    assert main(tmp_path) == 1
    assert "differs: macd_bb_v1: 1 executors" in capsys.readouterr().out
