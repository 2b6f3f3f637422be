"""Servers and a replica of their own, which end with these tests: many sessions that look often are work."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.settings import DatabaseSettings
from aviary_common.vault import Vault
from aviary_local.testing import servers as start_servers
from aviary_messages.questions import GetCredential, GetPrices, ListCredentials, PricesAnswer
from aviary_testing.accounts import Accounts
from aviary_testing.buses import bus_settings
from aviary_testing.sandbox import Sandbox

from ..trader import Trader
from .world import World


@pytest.fixture(scope="package")
async def world(tmp_path_factory: pytest.TempPathFactory, venue: Sandbox) -> AsyncIterator[World]:
    with start_servers(tmp_path_factory.mktemp("paper-servers")) as servers:
        accounts = Accounts(Vault(SecretStr(servers.secrets.config_password)))
        bus, prices = [await Bus.connect(bus_settings(servers, name)) for name in ("accounts", "market-data")]
        await bus.answer(GetCredential, accounts.get)
        await bus.answer(ListCredentials, accounts.list)
        await prices.answer(GetPrices, _some_prices)
        database = Database(DatabaseSettings(database_url=SecretStr(servers.database_url("trading"))))
        yield World(servers, venue, bus, accounts, database)
        await database.close()
        await bus.close()
        await prices.close()


@pytest.fixture(scope="package")
async def replica(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.replica() as api:
        yield api


@pytest.fixture
async def paper(world: World, replica: httpx.AsyncClient) -> Trader:
    """A new paper account with the usual balances."""
    return await world.trader(replica)


async def _some_prices(question: GetPrices) -> PricesAnswer:
    return PricesAnswer.model_validate({"prices": dict.fromkeys(question.trading_pairs, "3000")})
