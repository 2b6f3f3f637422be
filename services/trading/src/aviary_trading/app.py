"""What the trading service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_common.settings import load
from aviary_common.timestamps import utc_now
from aviary_common.vault import Vault
from aviary_exchange.settings import ExchangeSettings
from aviary_messages.events import CredentialAdded, CredentialRemoved
from aviary_messages.questions import AwaitSession, GetBalances
from aviary_trading.balances.answers import BalanceAnswers
from aviary_trading.balances.board import BalanceBoard
from aviary_trading.metadata import outbox
from aviary_trading.orders import api as orders_api
from aviary_trading.orders.lists import OrderLists
from aviary_trading.orders.recorder import Recorder
from aviary_trading.orders.service import Orders
from aviary_trading.sessions.balance_keeper import BalanceKeeper
from aviary_trading.sessions.keeper import SessionKeeper
from aviary_trading.sessions.live import LiveSessions
from aviary_trading.sessions.session import Session
from aviary_trading.settings import TradingSettings
from aviary_trading.to_come import TO_COME
from aviary_trading.venues import Venues

MIGRATIONS = Path(__file__).parent / "migrations"


def create() -> FastAPI:
    service = Service(TradingSettings, title="Aviary trading", migrations=MIGRATIONS)
    exchange = load(ExchangeSettings)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        events = Outbox(outbox, runtime.database, runtime.bus)
        recorder = Recorder(runtime.database, events)
        board = BalanceBoard(runtime.cache)
        live = LiveSessions(runtime.cache)
        venues = Venues(runtime.bus, Vault(service.settings.config_password), exchange)

        def new_session(account_name: str, connector_name: str) -> Session:
            balances = BalanceKeeper(account_name, connector_name, board=board, bus=runtime.bus, clock=utc_now)
            return Session(account_name, connector_name, venues=venues, recorder=recorder, balances=balances, live=live)

        keeper = SessionKeeper(runtime.tasks, runtime.leases, runtime.bus, venues, new_session)
        app.state.orders = Orders(venues, recorder, runtime.bus)
        app.state.order_lists = OrderLists(runtime.database)
        await runtime.bus.answer(GetBalances, BalanceAnswers(board, venues).answer)
        await runtime.bus.answer(AwaitSession, live.answer)
        await runtime.bus.listen(CredentialAdded, keeper.added)
        await runtime.bus.listen(CredentialRemoved, keeper.removed)
        runtime.tasks.supervise("outbox", events.publish_forever)
        runtime.tasks.supervise("sessions", keeper.keep_forever)
        yield
        await runtime.tasks.close()
        await venues.close()

    return service.app(run, [orders_api.router, *TO_COME])
