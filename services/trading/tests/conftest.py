"""The trading service with real servers and a real sandbox exchange; accounts is played over the real bus."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr

from aviary_common.bus import Bus
from aviary_common.vault import Vault
from aviary_local.testing import Servers
from aviary_messages.events import CredentialAdded, CredentialRemoved
from aviary_messages.questions import (
    GetCredential,
    GetPrices,
    ListCredentials,
    PricesAnswer,
)
from aviary_testing.accounts import Accounts
from aviary_testing.apps import environment, running_app
from aviary_testing.buses import bus_settings
from aviary_testing.sandbox import Sandbox
from aviary_trading.app import create

from .trader import Trader

PACE = {"may_still_arrive_s": 3, "funding_every_s": 1, "sweep_every_s": 2, "stream_grace_s": 0.5, "look_every_s": 0.2}
HURRIED = {"AVIARY_PACE": json.dumps(PACE)}
"""On loopback no request is under way for long."""
NO_LIMITS = {"weight": 10_000_000, "orders": {"10S": 10_000_000, "1D": 100_000_000}}


@pytest.fixture(scope="session")
async def accounts_bus(servers: Servers) -> AsyncIterator[Bus]:
    bus = await Bus.connect(bus_settings(servers, "accounts"))
    yield bus
    await bus.close()


@pytest.fixture(scope="session")
async def accounts(servers: Servers, accounts_bus: Bus) -> Accounts:
    played = Accounts(Vault(SecretStr(servers.secrets.config_password)))
    await accounts_bus.answer(GetCredential, played.get)
    await accounts_bus.answer(ListCredentials, played.list)
    return played


@pytest.fixture(scope="session")
async def prices(servers: Servers) -> AsyncIterator[dict[str, str]]:
    """What market-data would answer; a test may change it."""
    known = {"BTC-USDT": "60000", "BNB-USDT": "600"}

    async def answer(question: GetPrices) -> PricesAnswer:
        return PricesAnswer.model_validate({"prices": {p: known[p] for p in question.trading_pairs if p in known}})

    bus = await Bus.connect(bus_settings(servers, "market-data"))
    await bus.answer(GetPrices, answer)
    yield known
    await bus.close()


@pytest.fixture(scope="session")
async def venue(sandbox: Sandbox) -> Sandbox:
    """The sandbox with a still market and without limits."""
    for side in ("spot", "futures"):
        await sandbox.control("POST", "/limits", side=side, **NO_LIMITS)
    await sandbox.control("POST", "/freeze")
    return sandbox


@pytest.fixture(scope="session")
async def api(
    servers: Servers, venue: Sandbox, accounts: Accounts, prices: dict[str, str]
) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(create, environment(servers, "trading", venue) | HURRIED) as client:
        yield client


@asynccontextmanager
async def new_trader(
    api: httpx.AsyncClient, accounts: Accounts, bus: Bus, venue: Sandbox, connector: str = "sandbox"
) -> AsyncIterator[Trader]:
    """An account whose credentials were just added: trading hears of them as it would from the accounts service, and
    of their end too, so that no session of an earlier test spends the venue's patience."""
    account = f"acc-{secrets.token_hex(5)}"
    key = accounts.add(account, connector)
    added = CredentialAdded(account_name=account, connector_name=connector)
    await bus.publish(added.subject, added.model_dump(), message_id=account)
    yield Trader(account, key, api, venue, connector)
    accounts.remove(account, connector)
    removed = CredentialRemoved(account_name=account, connector_name=connector)
    await bus.publish(removed.subject, removed.model_dump(), message_id=f"{account}-removed")


@pytest.fixture
async def trader(
    api: httpx.AsyncClient, accounts: Accounts, accounts_bus: Bus, venue: Sandbox
) -> AsyncIterator[Trader]:
    async with new_trader(api, accounts, accounts_bus, venue) as trader:
        yield trader


@pytest.fixture
async def other_trader(
    api: httpx.AsyncClient, accounts: Accounts, accounts_bus: Bus, venue: Sandbox
) -> AsyncIterator[Trader]:
    async with new_trader(api, accounts, accounts_bus, venue) as trader:
        yield trader


@pytest.fixture
async def perpetual(
    api: httpx.AsyncClient, accounts: Accounts, accounts_bus: Bus, venue: Sandbox
) -> AsyncIterator[Trader]:
    """An account at the sandbox's futures."""
    async with new_trader(api, accounts, accounts_bus, venue, "sandbox_perpetual") as trader:
        yield trader
