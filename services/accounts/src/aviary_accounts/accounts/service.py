"""The rules of accounts: a name is unique, ``master_account`` always exists, and ``gateway`` never does."""

from typing import Final

from aviary_accounts.accounts import store
from aviary_accounts.credentials import store as credential_store
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import BadRequest, NotFound
from aviary_messages.events import CredentialRemoved

MASTER: Final = "master_account"
RESERVED: Final = frozenset({"gateway"})
"""``/accounts/gateway/...`` are the Gateway wallets: the credentials of an account of that name could not be listed."""


def unknown_account(name: str) -> NotFound:
    return NotFound(f"There is no account named {name!r}.", code="unknown_account")


class Accounts:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def names(self) -> list[str]:
        async with self._database.single() as connection:
            return await store.names(connection)

    async def add(self, name: str) -> None:
        if name in RESERVED:
            raise BadRequest(f"{name!r} cannot be an account: its paths belong to the wallets.", code="reserved_name")
        async with self._database.transaction() as connection:
            if not await store.add(connection, name):
                raise BadRequest(f"Account {name!r} exists already.", code="account_exists")

    async def delete(self, name: str) -> None:
        """Remove the account with its credentials, and tell the sessions that use them."""
        if name == MASTER:
            raise BadRequest(f"{MASTER} always exists and cannot be deleted.", code="master_account")
        async with self._database.transaction() as connection:
            if not await store.lock(connection, name):
                raise unknown_account(name)
            connectors = await credential_store.connectors(connection, name)
            await store.remove(connection, name)
            removed = [CredentialRemoved(account_name=name, connector_name=connector) for connector in connectors]
            await self._outbox.add(connection, *removed)
