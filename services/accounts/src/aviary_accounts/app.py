"""What the accounts service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from aviary_accounts.accounts import api as accounts_api
from aviary_accounts.accounts.service import Accounts
from aviary_accounts.audit import api as audit_api
from aviary_accounts.audit.collector import Collector
from aviary_accounts.audit.service import AuditLog
from aviary_accounts.credentials import api as credentials_api
from aviary_accounts.credentials.rewrap import Rewrapping
from aviary_accounts.credentials.service import Credentials
from aviary_accounts.keys import api as keys_api
from aviary_accounts.keys.service import Keys
from aviary_accounts.metadata import outbox
from aviary_accounts.portfolio import api as portfolio_api
from aviary_accounts.portfolio.holdings import Holdings
from aviary_accounts.portfolio.service import Portfolio
from aviary_accounts.rights import RIGHTS
from aviary_accounts.settings import AccountsSettings
from aviary_accounts.snapshots import api as history_api
from aviary_accounts.snapshots.history import History
from aviary_accounts.snapshots.keeper import SnapshotKeeper
from aviary_accounts.snapshots.take import Snapshots
from aviary_accounts.snapshots.thinning import Thinning
from aviary_accounts.users import api as users_api
from aviary_accounts.users.identify import Identify
from aviary_accounts.users.passwords import Passwords
from aviary_accounts.users.service import Users
from aviary_common.access.messages import IdentifyKey, IdentifyUser
from aviary_common.database.outbox import Outbox
from aviary_common.runtime import Runtime
from aviary_common.service import Service
from aviary_common.settings import load
from aviary_common.timestamps import utc_now
from aviary_common.vault import Vault
from aviary_exchange.settings import ExchangeSettings
from aviary_messages.questions import GetCredential, ListCredentials, RewrapCredentials

MIGRATIONS = Path(__file__).parent / "migrations"


def create() -> FastAPI:
    service = Service(AccountsSettings, title="Aviary accounts", migrations=MIGRATIONS)
    exchange = load(ExchangeSettings)

    @asynccontextmanager
    async def run(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
        settings = service.settings
        events = Outbox(outbox, runtime.database, runtime.bus)
        service.audit.through(events)
        passwords = Passwords()
        accounts = Accounts(runtime.database, events)
        vault = Vault(settings.config_password)
        credentials = Credentials(runtime.database, events, runtime.bus, vault, exchange)
        app.state.accounts = accounts
        app.state.credentials = credentials
        holdings = Holdings(accounts, credentials, runtime.bus, settings.banned_tokens)
        app.state.portfolio = Portfolio(holdings)
        app.state.history = History(runtime.database)
        app.state.users = Users(runtime.database, events, passwords, settings.username)
        app.state.keys = Keys(runtime.database, events)
        app.state.audit_log = AuditLog(runtime.database)
        identify = Identify(runtime.database, passwords, settings.username)
        await runtime.bus.answer(IdentifyUser, identify.user)
        await runtime.bus.answer(IdentifyKey, identify.key)
        await runtime.bus.answer(GetCredential, credentials.answer_get)
        await runtime.bus.answer(ListCredentials, credentials.answer_list)
        await runtime.bus.answer(RewrapCredentials, Rewrapping(runtime.database, vault).answer)
        events.register(runtime.figures)
        runtime.tasks.supervise("outbox", events.publish_forever)
        runtime.tasks.supervise("audit", Collector(runtime.bus, runtime.database).collect_forever)
        if settings.snapshot_every_s:
            snapshots = Snapshots(holdings, runtime.database, events, settings, utc_now)
            thinning = Thinning(runtime.database, settings, utc_now)
            keeper = SnapshotKeeper(runtime.leases, runtime.bus, snapshots, thinning)
            runtime.tasks.supervise("snapshots", keeper.keep)
        try:
            yield
        finally:
            passwords.close()

    routers = [
        accounts_api.router,
        credentials_api.router,
        portfolio_api.router,
        history_api.router,
        users_api.router,
        keys_api.router,
        audit_api.router,
    ]
    return service.app(run, routers, rights=RIGHTS)
