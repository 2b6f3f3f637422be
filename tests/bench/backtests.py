"""Backtests: the kernels in this process beside vectorbt in its own, then the same year over HTTP."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx
import numpy as np

from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.run import Setup, run
from aviary_strategies.backtest.sweep import run_many
from aviary_strategies.candles import Candles
from aviary_strategies.controllers.registry import controller_named
from aviary_strategies.types import Market
from tests.bench.measure import Figure, Step
from tests.stack import Stack

ROOT: Final = Path(__file__).parents[2]
MARKET: Final = Market("sandbox_perpetual", "BTC-USDT")
BEGIN: Final = 1_735_689_600
MINUTES_90_D, MINUTES_YEAR = 129_600, 525_600
CONFIGS: Final = 1_000
PEER_CONFIGS: Final = 50
CONFIG: Final[dict[str, Any]] = {
    "id": "bench",
    "controller_name": "bollinger_v1",
    "controller_type": "directional_trading",
    "connector_name": MARKET.connector_name,
    "trading_pair": MARKET.trading_pair,
    "total_amount_quote": 1000,
    "interval": "1m",
    "bb_length": 100,
    "bb_std": 2.0,
    "max_executors_per_side": 2,
    "cooldown_time": 300,
    "stop_loss": "0.004",
    "take_profit": "0.006",
    "time_limit": 2700,
    "trailing_stop": {"activation_price": "0.003", "trailing_delta": "0.001"},
}


def walk(minutes: int) -> Candles:
    random = np.random.default_rng(1)
    close = 60_000.0 * np.exp(np.cumsum(random.normal(0, 6e-4, minutes)))
    opened = np.r_[60_000.0, close[:-1]]
    high = np.maximum(opened, close) * (1 + np.abs(random.normal(0, 2e-4, minutes)))
    low = np.minimum(opened, close) * (1 - np.abs(random.normal(0, 2e-4, minutes)))
    return Candles(60, BEGIN + 60.0 * np.arange(minutes), opened, high, low, close, np.ones(minutes))


def setup_for(candles: Candles, mode: Mode) -> Setup:
    warm_s = 120 * 60
    return Setup(controller_named(CONFIG), candles.ts[0] + warm_s, candles.ts[-1] + 60, "1m", mode)


def cpu_s(work: Callable[[], object], times: int) -> float:
    """The median of a few, in seconds of one core, warm."""
    work()
    spent = []
    for _ in range(times):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return median(spent)


def kernels(_stack: Stack) -> list[Figure]:
    figures = []
    for name, minutes in (("90 days", MINUTES_90_D), ("a year", MINUTES_YEAR)):
        candles = walk(minutes)
        for mode in Mode:
            setup = setup_for(candles, mode)
            spent = cpu_s(lambda setup=setup, given=candles: run(setup, {(MARKET, "1m"): given}), 7)  # type: ignore[misc]
            figures.append(Figure(f"bollinger_v1 over {name} of 1m, {mode}", spent * 1000, "ms", ""))
            figures.append(
                Figure(f"bollinger_v1 over {name} of 1m, {mode}", minutes / spent / 1e6, "M candles/s", "40")
            )
    return figures


def sweep_beside_vectorbt(_stack: Stack) -> list[Figure]:
    candles = walk(MINUTES_90_D)
    random = np.random.default_rng(2)
    sets = {name: random.uniform(0.002, 0.02, CONFIGS) for name in ("stop_loss", "take_profit")}
    ours = {}
    for mode in Mode:
        setup = setup_for(candles, mode)
        spent = cpu_s(lambda setup=setup: run_many(setup, {(MARKET, "1m"): candles}, sets), 3)  # type: ignore[misc]
        ours[mode] = CONFIGS / spent
    theirs = _vectorbt(candles, np.column_stack([sets["stop_loss"], sets["take_profit"]])[:PEER_CONFIGS])
    return [
        *(
            Figure(f"sweep of 90 days of 1m, {mode}, one core", rate, "configs/s", "> 2000")
            for mode, rate in ours.items()
        ),
        Figure("vectorbt, simulation alone, one core", theirs["simulated"], "configs/s", ""),
        Figure("vectorbt, with five metrics, one core", theirs["whole"], "configs/s", ""),
        Figure("ours as a multiple of it", ours[Mode.HONEST] / theirs["whole"], "x", "> 100"),
    ]


def _vectorbt(candles: Candles, configs: Any) -> dict[str, float]:
    python = ROOT / ".venv" / "peers" / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    if not python.exists():
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(python.parent.parent)], check=True)
        lock = str(ROOT / "tests" / "bench" / "peers.lock")
        subprocess.run(
            [*uv, "pip", "install", "--quiet", "--require-hashes", "--python", str(python), "-r", lock], check=True
        )
    with tempfile.TemporaryDirectory(prefix="aviary-bench-") as folder:
        closes, chosen = Path(folder) / "closes.npy", Path(folder) / "configs.npy"
        np.save(closes, candles.close)
        np.save(chosen, configs)
        script = str(ROOT / "tests" / "bench" / "vectorbt_peer.py")
        told = subprocess.run([str(python), script, str(closes), str(chosen)], check=True, capture_output=True)
    rates: dict[str, float] = json.loads(told.stdout)
    return rates


def year_over_http(stack: Stack) -> list[Figure]:
    """Candles of our own, sent once; from the request to the metrics, through the edge."""
    with httpx.Client(base_url=stack.url, auth=stack.login, timeout=300) as client:
        asked = year_of(CONFIG, sent_year(client))
        first = _seconds(client, asked)
        spent = [_seconds(client, asked) for _ in range(15)]
    return [
        Figure("a year over HTTP, the first time", first, "s", "< 2"),
        Figure("a year over HTTP, from the request to the metrics", median(spent) * 1000, "ms", "< 60"),
    ]


def sent_year(client: httpx.Client) -> str:
    """The digest of a year of candles that were sent."""
    lines = ["timestamp,open,high,low,close,volume"]
    rows = np.column_stack(walk(MINUTES_YEAR).columns).tolist()
    lines += [f"{int(row[0])},{','.join(map(repr, row[1:]))}" for row in rows]
    sent = client.post("/backtesting/candles", content="\n".join(lines), headers={"Content-Type": "text/csv"})
    sent.raise_for_status()
    return str(sent.json()["digest"])


def year_of(config: dict[str, Any], digest: str) -> dict[str, Any]:
    """A run over nearly all of it."""
    return {"config": config, "start_time": BEGIN + 7200, "end_time": BEGIN + MINUTES_YEAR * 60, "candles": digest}


def _seconds(client: httpx.Client, asked: dict[str, Any]) -> float:
    started = time.perf_counter()
    answer = client.post("/backtesting/runs", params={"wait": "true"}, json=asked)
    spent = time.perf_counter() - started
    assert answer.status_code == 200, answer.text
    run = answer.json()
    assert run["status"] == "completed", answer.text
    _wait_for_parts(client, run["run_id"])
    return spent


def _wait_for_parts(client: httpx.Client, run_id: str) -> None:
    """They are written behind the answer, and the only worker of a small machine takes the next run after them."""
    client.get(f"/backtesting/runs/{run_id}/features", params={"columns": "timestamp", "max_points": 10})


STEPS: Final[list[Step]] = [
    ("backtests in this process", kernels),
    ("a sweep beside vectorbt", sweep_beside_vectorbt),
    ("a year of candles over HTTP", year_over_http),
]
