"""`aviary backtest` and `aviary sweep` against an API that is played."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from aviary_local import backtest_api, running_api
from aviary_local.cli import app
from aviary_local.home import Home

SUMMARY = {"net_pnl_quote": 12.5, "net_pnl": 0.0125, "total_executors": 42, "close_types": {"TAKE_PROFIT": 30}}
SUMMARY |= {"sharpe_ratio": 0.5, "max_drawdown_usd": -77.7, "max_drawdown_pct": -0.0777}
CONFIG = "controller_name: bollinger_v1\ntotal_amount_quote: 1000\n"
SWEEP = """
config: config.yml
space:
  bb_length: [20, 50]
objective: net_pnl_quote
start: 90d
split: holdout
"""
BEST = {
    "index": 1,
    "point": {"bb_length": 50},
    "in_sample": {"net_pnl_quote": 31.0, "sharpe": 2.0, "max_drawdown": -4.0},
    "out_of_sample": {"net_pnl_quote": -7.0, "sharpe": -0.5, "max_drawdown": -9.0},
    "deflated_sharpe": 0.41,
    "sharpe_by_luck": 1.3,
}


class Api:
    """Answers a little further on every look; what it was asked stays."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.away = 0
        self.refusal: httpx.Response | None = None
        self.failure: str | None = None
        self.stuck = False
        self._looks = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        self.asked.append((request.method, request.url.path, body))
        if self.refusal is not None:
            return self.refusal
        if self.away and request.method == "GET":
            self.away -= 1
            return httpx.Response(503, json={"detail": "postgres is away"})
        if request.url.path.endswith("/report"):
            return httpx.Response(200, text="<html>charts</html>")
        return httpx.Response(200, json=self._sweep() if "sweeps" in request.url.path else self._run(body))

    def _status(self) -> tuple[str, float]:
        self._looks += 1
        if self.stuck and self._looks > 1:
            raise KeyboardInterrupt
        if self._looks < 3:
            return "running", self._looks / 4
        return ("failed" if self.failure else "completed"), 1.0

    def _run(self, body: Any) -> dict[str, Any]:
        if body:
            self._looks = 0
            self._mode = body["mode"]
        status, progress = self._status()
        done = status == "completed"
        return {
            "run_id": "ab12",
            "controller_name": "bollinger_v1",
            "mode": self._mode,
            "status": status,
            "phase": "running",
            "progress": progress,
            "start_time": "2026-01-01T00:00:00Z",
            "end_time": "2026-02-01T00:00:00Z",
            "error": {"detail": self.failure} if self.failure else None,
            "summary": SUMMARY if done else None,
            "metrics": {"sharpe": 1.25, "sortino": None, "max_drawdown": -0.0888}
            if done and self._mode == "honest"
            else None,
            "coverage": {"fraction": 0.998} if done else None,
            "warnings": ["Look-ahead: the feature 'bbp' knows the future."] if done else [],
        }

    def _sweep(self) -> dict[str, Any]:
        status, progress = self._status()
        return {
            "sweep_id": "cd34",
            "controller_name": "bollinger_v1",
            "method": "grid",
            "objective": "net_pnl_quote",
            "status": status,
            "done": int(progress * 8),
            "total": 8,
            "invalid": 1,
            "configs_per_s": 1234.5,
            "eta_s": None if status == "completed" else 61.0,
            "error": None,
            "result": {"best": [BEST]} if status == "completed" else None,
        }


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    played = Api()

    @contextmanager
    def running(_home: Home, _environment: object, *, deadline_s: float) -> Iterator[running_api.Api]:
        with httpx.Client(base_url="http://aviary", transport=httpx.MockTransport(played)) as client:
            yield running_api.Api(client)

    monkeypatch.setattr(backtest_api, "running_api", running)
    monkeypatch.setattr(running_api, "LOOK_EVERY_S", 0.0)
    return played


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "sweep.yml").write_text(SWEEP)
    path = tmp_path / "config.yml"
    path.write_text(CONFIG)
    return path


def aviary(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def test_a_backtest_is_asked_for_and_its_metrics_are_shown(api: Api, config: Path) -> None:
    done = aviary("backtest", str(config), "--start", "90d", "--end", "2026-02-01", "--resolution", "5m")
    assert done.exit_code == 0, done.output
    method, path, asked = api.asked[0]
    assert (method, path) == ("POST", "/backtesting/runs")
    assert asked["config"] == {"controller_name": "bollinger_v1", "total_amount_quote": 1000}
    assert (asked["end_time"], asked["resolution"], asked["mode"]) == ("2026-02-01", "5m", "honest")
    assert asked["start_time"].endswith("+00:00")
    for word in ("HONEST", "net PnL", "12.50", "1.25%", "sharpe", "take profit", "99.8%", "Look-ahead"):
        assert word in done.output, word
    assert "sortino" not in done.output


def test_the_reference_stands_beside_when_asked(api: Api, config: Path) -> None:
    done = aviary("backtest", str(config), "--compare")
    assert [asked["mode"] for method, _, asked in api.asked if method == "POST"] == ["honest", "compat"]
    for word in ("HONEST", "REFERENCE", "1.25", "0.50", "-8.88%", "-7.77%"):
        assert word in done.output, word


def test_an_api_that_is_away_for_a_moment_is_waited_for(api: Api, config: Path) -> None:
    api.away = 2
    assert aviary("backtest", str(config)).exit_code == 0


def test_the_report_is_written(api: Api, config: Path) -> None:
    report = config.with_name("out.html")
    done = aviary("backtest", str(config), "--report", str(report))
    assert done.exit_code == 0, done.output
    assert report.read_text() == "<html>charts</html>"
    assert list(config.parent.glob(".*")) == []


def test_programs_get_json(api: Api, config: Path) -> None:
    done = aviary("backtest", str(config), "--json")
    assert json.loads(done.stdout)["summary"]["total_executors"] == 42


def test_a_run_that_fails_says_why(api: Api, config: Path) -> None:
    api.failure = "tide.py, line 3: ZeroDivisionError: division by zero"
    done = aviary("backtest", str(config))
    assert done.exit_code == 1
    assert "tide.py, line 3: ZeroDivisionError" in done.output


def test_a_refusal_is_one_sentence(api: Api, config: Path) -> None:
    where = {"loc": ["body", "config", "bb_length"], "msg": "Input should be a valid integer"}
    api.refusal = httpx.Response(422, json={"detail": [where]})
    done = aviary("backtest", str(config))
    assert done.exit_code == 1
    assert "config.bb_length: Input should be a valid integer" in done.output
    assert "Traceback" not in done.output


def test_ctrl_c_cancels(api: Api, config: Path) -> None:
    api.stuck = True
    done = aviary("backtest", str(config))
    assert done.exit_code == 130
    assert [each[:2] for each in api.asked if each[0] == "POST"][-1] == ("POST", "/backtesting/runs/ab12/cancel")


@pytest.mark.parametrize("text", ["- 1\n- 2\n", "a: [", ""])
def test_a_file_that_is_no_config_is_told(api: Api, config: Path, text: str) -> None:
    config.write_text(text)
    done = aviary("backtest", str(config))
    assert done.exit_code == 1
    assert "config.yml" in done.output
    assert api.asked == []


def test_a_sweep_shows_the_best_in_and_out_of_sample(api: Api, config: Path) -> None:
    done = aviary("sweep", str(config.with_name("sweep.yml")), "--end", "2026-02-01")
    assert done.exit_code == 0, done.output
    _, path, asked = api.asked[0]
    assert path == "/backtesting/sweeps"
    assert asked["config"]["controller_name"] == "bollinger_v1"
    assert (asked["space"], asked["split"], asked["end_time"]) == ({"bb_length": [20, 50]}, "holdout", "2026-02-01")
    assert "start" not in asked
    for word in ("bb_length", "50", "31.000", "-7.000", "0.410", "1,234 a second", "by luck alone"):
        assert word in done.output, word


def test_ctrl_c_cancels_a_sweep(api: Api, config: Path) -> None:
    api.stuck = True
    assert aviary("sweep", str(config.with_name("sweep.yml"))).exit_code == 130
    assert api.asked[-2][1] == "/backtesting/sweeps/cd34/cancel" or api.asked[-1][1].endswith("/cancel")
