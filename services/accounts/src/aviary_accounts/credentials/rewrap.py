"""Wrapping the credentials with the current config password, a few at a time, while everybody reads them.

Each record is exchanged in one step, and only if it is still what was read: a credential that was replaced meanwhile is
sealed with the current password anyway. Whoever is interrupted begins again: what is done is found done.
"""

import asyncio

from aviary_accounts.credentials import store
from aviary_accounts.credentials.service import context_of
from aviary_common import logs
from aviary_common.database import Database
from aviary_common.vault import Sealed, Vault, VaultError
from aviary_messages.questions import CredentialKey, RewrapCredentials, RewrapProgress

log = logs.get(__name__)


class Rewrapping:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def answer(self, question: RewrapCredentials) -> RewrapProgress:
        after = (question.after.account_name, question.after.connector_name) if question.after else ("", "")
        async with self._database.single() as connection:
            total = await store.count(connection)
            records = await store.following(connection, after, question.limit)
        progress = RewrapProgress(total=total, rewrapped=0, current=0, refused=[], next=None)
        for record in records:
            await self._rewrap(record, progress, renew=question.renew)
        if len(records) == question.limit:
            progress.next = _named(records[-1])
        return progress

    async def _rewrap(self, record: store.Record, progress: RewrapProgress, *, renew: bool) -> None:
        try:
            sealed = await asyncio.to_thread(self._rewrapped, record, renew=renew)
        except VaultError:
            log.error("credential cannot be opened", account=record.key[0], connector=record.key[1])
            progress.refused.append(_named(record))
            return
        if sealed is None:
            progress.current += 1
            return
        async with self._database.single() as connection:
            exchanged = await store.exchange(connection, record, sealed)
        if exchanged:
            progress.rewrapped += 1
        else:
            progress.current += 1

    def _rewrapped(self, record: store.Record, *, renew: bool) -> Sealed | None:
        """``None`` when there is nothing to do."""
        context = context_of(*record.key)
        if not renew and self._vault.is_current(record.sealed, context):
            return None
        return self._vault.rewrap(record.sealed, context)


def _named(record: store.Record) -> CredentialKey:
    return CredentialKey(account_name=record.key[0], connector_name=record.key[1])
