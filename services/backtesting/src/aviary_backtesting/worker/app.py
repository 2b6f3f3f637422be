"""What a worker is made of: a process apart from the API, so that requests never wait for a computation."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_backtesting.candles.cache import ColumnCache
from aviary_backtesting.candles.market_data import MarketData
from aviary_backtesting.candles.supply import Supply
from aviary_backtesting.candles.waiting import Fetching
from aviary_backtesting.engine.port import Engine
from aviary_backtesting.engine.strategies import StrategiesEngine
from aviary_backtesting.user_controllers.engine import UserCodeEngine
from aviary_backtesting.user_controllers.settings import UserControllerSettings
from aviary_backtesting.worker.kernels import make_ready
from aviary_backtesting.worker.memory import keep_for_the_next_run
from aviary_backtesting.worker.settings import WorkerSettings
from aviary_backtesting.worker.worker import Worker
from aviary_common import disk
from aviary_common.runtime import Runtime, replica_name
from aviary_common.service import Service
from aviary_common.settings import load

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def create(engine: Engine | None = None) -> FastAPI:
    keep_for_the_next_run()
    service = Service(WorkerSettings, title="Aviary backtesting worker", migrations=MIGRATIONS)
    computing = UserCodeEngine(engine or StrategiesEngine(), load(UserControllerSettings))

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        settings = service.settings
        _stand_back(settings.backtest_nice)
        cache = ColumnCache(settings.backtest_cache_dir, settings.backtest_cache_bytes)
        await asyncio.to_thread(cache.prepare)
        disk.register(runtime.figures, "backtest_cache", settings.backtest_cache_dir)
        password = settings.password.get_secret_value()
        market_data = MarketData(settings.market_data_url, settings.username, password)
        fetching = Fetching(market_data, settings.backtest_patience_s)
        supply = Supply(market_data, cache, runtime.database, fetching)
        app.state.worker = worker = Worker(
            replica_name(settings), settings, computing, supply, runtime.database, runtime.bus
        )
        await worker.listen()
        runtime.tasks.supervise("outbox", worker.outgoing.publish_forever)
        runtime.tasks.supervise("backtests", worker.work_forever)
        runtime.tasks.supervise("kernels", lambda: make_ready(computing))
        try:
            yield
        finally:
            await worker.close()
            await market_data.close()

    return service.app(run, [], openapi_url=None)


def _stand_back(nice: int) -> None:
    """Once: a process cannot come forward again."""
    os.nice(max(0, nice - os.nice(0)))
