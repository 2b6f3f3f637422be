"""The rules of accounts: a name is unique, and ``master_account`` always exists."""

from typing import Final

from aviary_accounts.accounts import store
from aviary_accounts.credentials import store as credential_store
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import BadRequest, NotFound
from aviary_messages.events import CredentialRemoved

MASTER: Final = "master_account"


def unknown_account(name: str) -> NotFound:
    return NotFound(f"There is no account named {name!r}.", code="unknown_account")


class Accounts:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def names(self) -> list[str]:
        async with self._database.reading() as connection:
            return await store.names(connection)

    async def add(self, name: str) -> None:
        async with self._database.transaction() as connection:
            if not await store.add(connection, name):
                raise BadRequest(f"Account {name!r} exists already.", code="account_exists")

    async def delete(self, name: str) -> None:
        """Remove the account with its credentials, and tell the sessions that use them."""
        if name == MASTER:
            raise BadRequest(f"{MASTER} always exists and cannot be deleted.", code="master_account")
        async with self._database.transaction() as connection:
            connectors = await credential_store.connectors(connection, name)
            if not await store.remove(connection, name):
                raise unknown_account(name)
            removed = [CredentialRemoved(account_name=name, connector_name=connector) for connector in connectors]
            await self._outbox.add(connection, *removed)
