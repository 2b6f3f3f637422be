"""The rules of credentials: complete, accepted by the venue, sealed before they are stored."""

import asyncio
from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.accounts import store as account_store
from aviary_accounts.accounts.service import unknown_account
from aviary_accounts.credentials import store
from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import AviaryError, NotFound
from aviary_common.vault import Vault
from aviary_exchange import catalogue
from aviary_exchange.credentials import resolve
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.venues import open_private, open_public
from aviary_messages.events import CredentialAdded, CredentialRemoved
from aviary_messages.questions import (
    AwaitSession,
    CredentialAnswer,
    CredentialKey,
    CredentialKeys,
    GetCredential,
    ListCredentials,
)

log = logs.get(__name__)

SESSION_DEADLINE_S: Final = 5.0


def context_of(account_name: str, connector_name: str) -> str:
    """What a sealed record is bound to."""
    return f"{account_name}/{connector_name}"


class Credentials:
    def __init__(self, database: Database, outbox: Outbox, bus: Bus, vault: Vault, exchange: ExchangeSettings) -> None:
        self._database = database
        self._bus = bus
        self._outbox = outbox
        self._vault = vault
        self._exchange = exchange

    async def connectors(self, account_name: str) -> list[str]:
        async with self._database.single() as connection:
            await _require_account(connection, account_name)
            return await store.connectors(connection, account_name)

    async def keys(self) -> list[store.Key]:
        async with self._database.single() as connection:
            return await store.keys(connection)

    async def add(self, account_name: str, connector_name: str, given: Mapping[str, str]) -> None:
        """Nothing is stored, and nothing stored before is lost, unless the venue takes the credentials."""
        connector = catalogue.find(connector_name)
        fields = resolve(connector, given)
        async with self._database.single() as connection:
            await _require_account(connection, account_name)
        await self._check_at_venue(connector.name, fields)
        sealed = await asyncio.to_thread(self._vault.seal, fields, context_of(account_name, connector.name))
        async with self._database.transaction() as connection:
            if not await account_store.keep(connection, account_name):
                raise unknown_account(account_name)
            await store.put(connection, account_name, connector.name, sealed)
            added = CredentialAdded(account_name=account_name, connector_name=connector.name)
            await self._outbox.add(connection, added)
        await self._wait_for_session(account_name, connector.name)

    async def delete(self, account_name: str, connector_name: str) -> bool:
        """Whether there was something to delete; repeating it is harmless."""
        connector = _stored_name(connector_name)
        async with self._database.transaction() as connection:
            await _require_account(connection, account_name)
            removed = await store.remove(connection, account_name, connector)
            if removed:
                event = CredentialRemoved(account_name=account_name, connector_name=connector)
                await self._outbox.add(connection, event)
            return removed

    async def answer_get(self, question: GetCredential) -> CredentialAnswer:
        account, connector = question.account_name, _stored_name(question.connector_name)
        async with self._database.single() as connection:
            await _require_account(connection, account)
            sealed = await store.find(connection, account, connector)
        if sealed is None:
            raise NotFound(f"Account {account!r} has no credentials for {connector!r}.", code="no_credential")
        context = context_of(account, connector)
        return CredentialAnswer(account_name=account, connector_name=connector, sealed=sealed, context=context)

    async def answer_list(self, question: ListCredentials) -> CredentialKeys:
        if (wanted := question.account_name) is None:
            found = await self.keys()
        else:
            found = [(wanted, connector) for connector in await self.connectors(wanted)]
        keys = [CredentialKey(account_name=account, connector_name=connector) for account, connector in found]
        return CredentialKeys(keys=keys)

    async def _wait_for_session(self, account_name: str, connector_name: str) -> None:
        """Whoever trades right after the answer should find trading listening; if not, the answer is not wrong."""
        question = AwaitSession(account_name=account_name, connector_name=connector_name)
        try:
            live = (await self._bus.ask(question, deadline_s=SESSION_DEADLINE_S)).live
        except AviaryError as error:
            log.info("session not awaited", account=account_name, connector=connector_name, error=error.detail)
        else:
            log.info("session awaited", account=account_name, connector=connector_name, live=live)

    async def _check_at_venue(self, connector_name: str, fields: Mapping[str, str]) -> None:
        """A paper connector has no venue to ask: it only has to be one that can be used."""
        if catalogue.find(connector_name).paper:
            await open_public(connector_name, self._exchange).close()
            return
        exchange = open_private(connector_name, fields, self._exchange)
        try:
            await exchange.check()
        finally:
            await exchange.close()


def _stored_name(connector_name: str) -> str:
    """As the catalogue writes it; also for connectors that a later catalogue does not have any more."""
    return connector_name.lower()


async def _require_account(connection: AsyncConnection, account_name: str) -> None:
    if not await account_store.exists(connection, account_name):
        raise unknown_account(account_name)
