"""The sweeps of a test are forgotten when it ends; what they compute with is compiled before the first one begins."""

from collections.abc import AsyncIterator

import httpx
import pytest

from aviary_backtesting.candles.columns import candles_of, from_frame, longer
from aviary_strategies.backtest.model import Mode
from aviary_strategies.search.conditions import Conditions
from aviary_strategies.search.evaluate import evaluate
from aviary_strategies.search.segments import Segment
from aviary_strategies.types import Market

from ..asking import BOLLINGER, START
from ..market import walk
from .asking import SWEEPS


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Tests wait for a sweep, not for a compiler."""
    minutes = candles_of(from_frame(walk(START, 600)), 60)
    market = Market(BOLLINGER["connector_name"], BOLLINGER["trading_pair"])
    candles = {(market, "1m"): minutes, (market, "3m"): longer(minutes, 180)}
    for mode in Mode:
        evaluate(BOLLINGER, [{"bb_length": 10}], [Segment(START, START + 36_000.0)], Conditions(mode=mode), candles)


@pytest.fixture(autouse=True)
async def no_sweeps_left(api: httpx.AsyncClient) -> AsyncIterator[None]:
    yield
    for sweep in (await api.get(SWEEPS, params={"limit": 1000})).json()["data"]:
        await api.delete(f"{SWEEPS}/{sweep['sweep_id']}")
