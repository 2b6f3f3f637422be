"""What the backtesting service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_backtesting.candles import api as candles_api
from aviary_backtesting.candles.sent import SentCandles
from aviary_backtesting.engine import api as engine_api
from aviary_backtesting.engine.port import Engine
from aviary_backtesting.engine.strategies import StrategiesEngine
from aviary_backtesting.figures import register_queues
from aviary_backtesting.queue import open_doorbell
from aviary_backtesting.report import api as report_api
from aviary_backtesting.results.service import Results
from aviary_backtesting.rights import RIGHTS
from aviary_backtesting.runs import api as runs_api
from aviary_backtesting.runs import legacy_api
from aviary_backtesting.runs.endings import Endings
from aviary_backtesting.runs.service import Runs
from aviary_backtesting.runs.watcher import Watcher, outbox_of
from aviary_backtesting.settings import BacktestingSettings
from aviary_backtesting.sweeps import api as sweeps_api
from aviary_backtesting.sweeps.service import Sweeps
from aviary_backtesting.sweeps.watcher import SweepWatcher
from aviary_backtesting.user_controllers.engine import UserCodeEngine
from aviary_backtesting.user_controllers.settings import UserControllerSettings
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_common.settings import load

MIGRATIONS = Path(__file__).parent / "migrations"


def create(engine: Engine | None = None) -> FastAPI:
    service = Service(BacktestingSettings, title="Aviary backtesting", migrations=MIGRATIONS)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        settings, database, bus = service.settings, runtime.database, runtime.bus
        outgoing = outbox_of(database, bus)
        service.audit.through(outgoing)
        endings = Endings()
        await endings.listen(bus)
        app.state.engine = computing = UserCodeEngine(engine or StrategiesEngine(), load(UserControllerSettings))
        app.state.results = Results(database, settings.backtest_part_wait_s)
        app.state.sent_candles = SentCandles(database, settings)
        async with open_doorbell(settings) as bell:
            app.state.runs = Runs(settings, database, bus, bell, outgoing, computing, endings)
            watcher = Watcher(settings, database, bus, runtime.leases, bell, outgoing)
            outgoing.register(runtime.figures)
            register_queues(runtime)
            runtime.tasks.supervise("outbox", outgoing.publish_forever)
            runtime.tasks.supervise("backtest-watch", watcher.watch_forever)
            app.state.sweeps = Sweeps(settings, database, bus, bell, app.state.runs)
            sweep_watcher = SweepWatcher(settings, settings, database, runtime.leases, bell)
            runtime.tasks.supervise("sweep-watch", sweep_watcher.watch_forever)
            try:
                yield
            finally:
                await runtime.tasks.stop("sweep-watch")
                await runtime.tasks.stop("backtest-watch")

    routers = [
        report_api.router,
        runs_api.router,
        sweeps_api.router,
        legacy_api.router,
        engine_api.router,
        candles_api.router,
    ]
    return service.app(run, routers, rights=RIGHTS)
