"""What the trading service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from redis.exceptions import RedisError

from aviary_common.database.outbox import Outbox
from aviary_common.rates.valkey_window import ValkeyWindow
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_common.settings import load
from aviary_common.vault import Vault
from aviary_exchange.settings import ExchangeSettings
from aviary_messages.events import CredentialAdded, CredentialRemoved
from aviary_messages.questions import AwaitSession, GetBalances
from aviary_trading.balances.answers import BalanceAnswers
from aviary_trading.balances.board import BalanceBoard
from aviary_trading.funding import api as funding_api
from aviary_trading.metadata import outbox
from aviary_trading.orders import api as orders_api
from aviary_trading.orders.figures import UnresolvedFigures
from aviary_trading.orders.lists import OrderLists
from aviary_trading.orders.reconcile import Reconciler
from aviary_trading.orders.recorder import Recorder
from aviary_trading.orders.service import Orders
from aviary_trading.paper import api as paper_api
from aviary_trading.paper.accounts import PaperAccounts
from aviary_trading.paper.reset import PaperReset
from aviary_trading.paper.settings import PaperSettings
from aviary_trading.perpetuals import api as perpetuals_api
from aviary_trading.perpetuals.service import Perpetuals
from aviary_trading.positions import api as positions_api
from aviary_trading.positions.service import Positions
from aviary_trading.prices import Prices
from aviary_trading.rights import RIGHTS
from aviary_trading.safety import api as safety_api
from aviary_trading.safety.clearing import Clearing
from aviary_trading.safety.enforcer import HaltEnforcer
from aviary_trading.safety.gate import Gate
from aviary_trading.safety.panic import Panic
from aviary_trading.safety.service import RiskSettings
from aviary_trading.sessions.build import SessionParts
from aviary_trading.sessions.figures import Pulses
from aviary_trading.sessions.keeper import SessionKeeper
from aviary_trading.sessions.live import LiveSessions
from aviary_trading.settings import TradingSettings
from aviary_trading.to_come import TO_COME
from aviary_trading.venues import Venues

MIGRATIONS = Path(__file__).parent / "migrations"

ROUTERS = (
    safety_api.router,
    orders_api.router,
    paper_api.router,
    positions_api.router,
    funding_api.router,
    perpetuals_api.router,
    *TO_COME,
)


def create() -> FastAPI:
    service = Service(TradingSettings, title="Aviary trading", migrations=MIGRATIONS)
    exchange = load(ExchangeSettings)
    paper_settings = load(PaperSettings)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        pace = service.settings.pace
        database, bus = runtime.database, runtime.bus
        events = Outbox(outbox, database, bus)
        service.audit.through(events)
        recorder = Recorder(database, events)
        reconciler = Reconciler(recorder, pace.may_still_arrive)
        paper = PaperAccounts(database, paper_settings)
        window = ValkeyWindow(runtime.cache.eval, failures=(RedisError,))
        venues = Venues(bus, Vault(service.settings.config_password), exchange, paper, window)
        prices = Prices(bus)
        perpetuals = Perpetuals(venues, database, events)
        orders = Orders(venues, recorder, reconciler, perpetuals, Gate(database, prices), prices)
        clearing = Clearing(venues, recorder, orders)
        panic = Panic(database, events, bus, clearing)
        board, live = BalanceBoard(runtime.cache), LiveSessions(runtime.cache)
        pulses = Pulses()
        parts = SessionParts(
            venues=venues,
            recorder=recorder,
            reconciler=reconciler,
            perpetuals=perpetuals,
            halts=HaltEnforcer(panic, clearing),
            board=board,
            live=live,
            pulses=pulses,
            prices=prices,
            database=database,
            outbox=events,
            bus=bus,
            pace=pace,
        )
        keeper = SessionKeeper(runtime.tasks, runtime.leases, bus, venues, parts.session)
        app.state.database = database
        app.state.orders = orders
        app.state.order_lists = OrderLists(database)
        app.state.perpetuals = perpetuals
        app.state.positions = Positions(venues, perpetuals, bus)
        app.state.paper_reset = PaperReset(venues, recorder, reconciler, paper.start)
        app.state.panic = panic
        app.state.risk_settings = RiskSettings(database, events, bus)
        await bus.answer(GetBalances, BalanceAnswers(board, venues).answer)
        await bus.answer(AwaitSession, live.answer)
        await bus.listen(CredentialAdded, keeper.added)
        await bus.listen(CredentialRemoved, keeper.removed)
        events.register(runtime.figures)
        runtime.figures.add("sessions", pulses.look)
        runtime.figures.add("unresolved_orders", UnresolvedFigures(database, venues.connectors).look)
        runtime.tasks.supervise("outbox", events.publish_forever)
        runtime.tasks.supervise("sessions", keeper.keep_forever)
        yield
        await runtime.tasks.close()
        await recorder.close()
        await venues.close()

    return service.app(run, ROUTERS, rights=RIGHTS)
