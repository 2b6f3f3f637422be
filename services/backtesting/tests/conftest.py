"""The API and its workers with real servers; market-data and orchestration are played."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from aviary_backtesting.app import create
from aviary_backtesting.candles.columns import candles_of, from_frame, longer
from aviary_backtesting.engine.port import Given, Watch
from aviary_backtesting.engine.strategies import StrategiesEngine
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.worker.app import create as create_worker
from aviary_common.bus import Bus
from aviary_common.errors import NotFound
from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_messages.questions import (
    ControllerConfig,
    ControllerFound,
    ControllerSource,
    GetControllerConfig,
    GetControllerSource,
)
from aviary_strategies.intervals import seconds_of
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings

from .asking import BOLLINGER, END, START
from .gated import Gate, GatedEngine
from .market import Market, rule, serving, walk

Replica = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
HURRIED = {
    "AVIARY_BACKTEST_HEARTBEAT_S": "0.1",
    "AVIARY_BACKTEST_DEAD_AFTER_S": "1",
    "AVIARY_BACKTEST_LOOK_S": "0.1",
    "AVIARY_BACKTEST_NICE": "0",
    "AVIARY_LEASE_TTL_S": "2",
    "AVIARY_BACKTEST_MAX_CANDLES": "100000",
}


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with start_servers(tmp_path_factory.mktemp("backtesting-servers")) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def kernels() -> None:
    """Compiled before anything is waited for."""
    engine = StrategiesEngine()
    minutes = candles_of(from_frame(walk(START - 86_400, 4 * 1440)), 60)
    for mode in ("honest", "compat"):
        spec = RunSpec(BOLLINGER, START, END, "1m", mode, {}, 0.9)
        candles = {each: longer(minutes, seconds_of(each.interval)) for each in engine.needs(spec).ranges}
        engine.run(spec, Given(candles), Watch(lambda _share: None, lambda: False))


@pytest.fixture(scope="session")
async def played_market() -> AsyncIterator[Market]:
    market = Market()
    async with serving(market):
        yield market


@pytest.fixture
def market(played_market: Market) -> Market:
    """Two days of one pair are stored."""
    played_market.stored = {"BTC-USDT": walk(START - 86_400, 4 * 1440)}
    played_market.venue, played_market.downloads = {}, []
    played_market.sent, played_market.is_away = 0, False
    played_market.asked = []
    played_market.rules = {"BTC-USDT": rule()}
    played_market.funding = {"BTC-USDT": [(START + 28_800.0 * count, 0.0) for count in range(-6, 12)]}
    return played_market


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    """Open, until a test closes it."""
    gate = Gate(tmp_path)
    gate.open()
    return gate


@pytest.fixture(scope="session")
def api_variables(servers: Servers) -> dict[str, str]:
    return environment(servers, "backtesting") | HURRIED


@pytest.fixture
def worker_variables(servers: Servers, market: Market, tmp_path: Path) -> dict[str, str]:
    cache = {"AVIARY_MARKET_DATA_URL": market.url, "AVIARY_BACKTEST_CACHE_DIR": str(tmp_path / "cache")}
    return environment(servers, "backtesting-worker") | HURRIED | cache


@pytest.fixture
def replica(api_variables: dict[str, str]) -> Replica:
    return lambda **more: running_app(create, api_variables | more)


@pytest.fixture
def new_worker(worker_variables: dict[str, str], gate: Gate) -> Replica:
    return lambda **more: running_app(partial(create_worker, GatedEngine(gate)), worker_variables | more)


@pytest.fixture(scope="session")
async def users_controllers(servers: Servers) -> AsyncIterator[dict[str, str]]:
    """What orchestration would know: texts by name."""
    known: dict[str, str] = {}

    async def answer(question: GetControllerSource) -> ControllerFound:
        if question.name not in known:
            return ControllerFound(source=None, nearest=next(iter(known), None))
        module = f"controllers.generic.{question.name}"
        texts = {module: known[question.name]}
        source = ControllerSource(name=question.name, type="generic", module=module, texts=texts)
        return ControllerFound(source=source)

    bus = await Bus.connect(bus_settings(servers, "orchestration"))
    await bus.answer(GetControllerSource, answer)
    yield known
    await bus.close()


@pytest.fixture
async def api(replica: Replica, market: Market, users_controllers: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with replica() as client:
        yield client
        await _forget_all(client)


@pytest.fixture
async def worker(api: httpx.AsyncClient, new_worker: Replica) -> AsyncIterator[httpx.AsyncClient]:
    async with new_worker() as client:
        yield client


@pytest.fixture
async def stored_configs(servers: Servers) -> AsyncIterator[dict[str, Any]]:
    """What orchestration would know, without ``.yml``."""
    known: dict[str, Any] = {"my_bollinger": BOLLINGER}

    async def answer(question: GetControllerConfig) -> ControllerConfig:
        name = question.name.removesuffix(".yml")
        if name not in known:
            raise NotFound(f"There is no config {name}.")
        return ControllerConfig(name=name, config=known[name])

    bus = await Bus.connect(bus_settings(servers, "orchestration"))
    await bus.answer(GetControllerConfig, answer)
    yield known
    await bus.close()


async def _forget_all(client: httpx.AsyncClient) -> None:
    for run in (await client.get("/backtesting/runs", params={"limit": 1000})).json()["data"]:
        await client.delete(f"/backtesting/runs/{run['run_id']}")
