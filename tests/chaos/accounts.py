"""The services that trading asks, played over the real bus: accounts gives keys, market-data prices."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from unittest.mock import patch

from pydantic import SecretStr

from aviary_common import vault
from aviary_common.bus import Bus
from aviary_common.errors import NotFound
from aviary_common.vault import Vault
from aviary_local.testing import Servers
from aviary_messages.events import CredentialAdded, CredentialRemoved
from aviary_messages.questions import (
    CredentialAnswer,
    CredentialKey,
    CredentialKeys,
    GetCredential,
    GetPrices,
    ListCredentials,
    PricesAnswer,
)
from aviary_testing.buses import bus_settings
from tests.chaos.replica.app import CheapKey
from tests.chaos.schedule import MARKETS


class Accounts:
    """One connector per account, whose API key is the account's name."""

    def __init__(self, keys: Vault, bus: Bus) -> None:
        self._vault = keys
        self._bus = bus
        self._connectors: dict[str, str] = {}

    async def add(self, account: str, connector: str) -> None:
        self._connectors[account] = connector
        event = CredentialAdded(account_name=account, connector_name=connector)
        await self._bus.publish(event.subject, event.model_dump(), message_id=f"added-{account}")

    async def remove(self, account: str) -> None:
        event = CredentialRemoved(account_name=account, connector_name=self._connectors.pop(account))
        await self._bus.publish(event.subject, event.model_dump(), message_id=f"removed-{account}")

    async def get(self, question: GetCredential) -> CredentialAnswer:
        account, connector = question.account_name, question.connector_name
        if self._connectors.get(account) != connector:
            raise NotFound(f"No credentials of {account} for {connector}.", code="no_credential")
        fields = {f"{connector}_api_key": account, f"{connector}_api_secret": f"{account}-secret"}
        context = f"{account}/{connector}"
        with patch.object(vault, "Scrypt", CheapKey):
            sealed = self._vault.seal(fields, context)
        return CredentialAnswer(account_name=account, connector_name=connector, sealed=sealed, context=context)

    async def list(self, _question: ListCredentials) -> CredentialKeys:
        keys = [CredentialKey(account_name=account, connector_name=name) for account, name in self._connectors.items()]
        return CredentialKeys(keys=keys)


@asynccontextmanager
async def played_services(servers: Servers) -> AsyncIterator[Accounts]:
    bus = await Bus.connect(bus_settings(servers, "accounts"))
    market_data = await Bus.connect(bus_settings(servers, "market-data"))
    accounts = Accounts(Vault(SecretStr(servers.secrets.config_password)), bus)
    try:
        await bus.answer(GetCredential, accounts.get)
        await bus.answer(ListCredentials, accounts.list)
        await market_data.answer(GetPrices, _prices)
        yield accounts
    finally:
        await market_data.close()
        await bus.close()


async def _prices(question: GetPrices) -> PricesAnswer:
    known: dict[str, Decimal] = {market.trading_pair: market.price for market in MARKETS["sandbox"]}
    return PricesAnswer(prices={pair: known[pair] for pair in question.trading_pairs if pair in known})
