"""`aviary backtest` and `aviary sweep` against the real service."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import yaml
from typer.testing import CliRunner, Result

from aviary_local import backtest_api
from aviary_local.cli import app
from aviary_local.home import Home
from aviary_local.running_api import Api
from aviary_local.testing import Servers
from aviary_testing.served import served

from ..asking import BOLLINGER
from . import samples

DAY = ("--start", "2025-01-01", "--end", "2025-01-02")


@pytest.fixture
async def service(
    servers: Servers,
    api_variables: dict[str, str],
    worker_variables: dict[str, str],
    users_controllers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[None]:
    """The command takes it for the running stack."""
    async with (
        served("aviary_backtesting", api_variables) as running,
        served("aviary_backtesting.worker", worker_variables),
    ):

        @contextmanager
        def logged_in(_home: Home, _environment: object, *, deadline_s: float) -> Iterator[Api]:
            login = (servers.secrets.username, servers.secrets.password)
            with httpx.Client(base_url=running.url, auth=login, timeout=deadline_s, trust_env=False) as client:
                yield Api(client)

        monkeypatch.setattr(backtest_api, "running_api", logged_in)
        yield


async def aviary(*arguments: str) -> Result:
    """In a thread: what is played for the service lives in this loop."""
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env={"COLUMNS": "200"})


@pytest.mark.timeout(400)
async def test_backtest_and_sweep(service: None, users_controllers: dict[str, str], tmp_path: Path) -> None:
    users_controllers["tide"] = samples.TIDE
    config, own, report = tmp_path / "bollinger.yml", tmp_path / "tide.yml", tmp_path / "report.html"
    config.write_text(yaml.safe_dump(BOLLINGER))
    own.write_text(yaml.safe_dump(samples.CONFIG))
    shown = await aviary("backtest", str(config), *DAY, "--compare", "--report", str(report))
    assert shown.exit_code == 0, shown.output
    assert [word in shown.output for word in ("HONEST", "REFERENCE", "net PnL", "100.0% of the candles")] == [True] * 4
    assert "<html" in report.read_text()[:2000]
    bundled, users = await aviary("backtest", str(config), *DAY, "--json"), await aviary("backtest", str(own), *DAY)
    assert json.loads(bundled.stdout)["status"] == "completed"
    assert users.exit_code == 0, users.output
    wrong = await aviary("backtest", str(config), "--start", "2025-01-02", "--end", "2025-01-01")
    assert (wrong.exit_code, "start_time must be before end_time" in wrong.output) == (1, True)
    sweep = {"config": config.name, "space": {"bb_length": [20, 40]}, "objective": "net_pnl_quote"}
    (tmp_path / "sweep.yml").write_text(yaml.safe_dump(sweep))
    best = await aviary("sweep", str(tmp_path / "sweep.yml"), *DAY)
    assert best.exit_code == 0, best.output
    assert [word in best.output for word in ("bb_length", "2 of 2 configs", "IN", "OUT")] == [True] * 4
