"""The accounts service as its neighbours hear it."""

import asyncio
import secrets
from dataclasses import dataclass, field

from aviary_common.errors import NotFound
from aviary_common.vault import Vault
from aviary_messages.questions import CredentialAnswer, CredentialKey, CredentialKeys, GetCredential, ListCredentials


@dataclass
class Accounts:
    """What the accounts service would answer: every account it was told about, with sandbox keys."""

    vault: Vault
    keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, account_name: str, connector_name: str = "sandbox") -> str:
        self.keys[(account_name, connector_name)] = key = f"trading-{secrets.token_hex(6)}"
        return key

    def remove(self, account_name: str, connector_name: str) -> None:
        self.keys.pop((account_name, connector_name), None)

    async def get(self, question: GetCredential) -> CredentialAnswer:
        account, connector = question.account_name, question.connector_name
        if account not in {name for name, _ in self.keys}:
            raise _unknown(account)
        if (account, connector) not in self.keys:
            raise NotFound(f"No credentials for {connector!r}.", code="no_credential")
        key = self.keys[(account, connector)]
        fields = {f"{connector}_api_key": key, f"{connector}_api_secret": f"{key}-secret"}
        context = f"{account}/{connector}"
        sealed = await asyncio.to_thread(self.vault.seal, fields, context)
        return CredentialAnswer(account_name=account, connector_name=connector, sealed=sealed, context=context)

    async def list(self, question: ListCredentials) -> CredentialKeys:
        keys = [CredentialKey(account_name=account, connector_name=name) for account, name in self.keys]
        if question.account_name is None:
            return CredentialKeys(keys=keys)
        if not (own := [key for key in keys if key.account_name == question.account_name]):
            raise _unknown(question.account_name)
        return CredentialKeys(keys=own)


def _unknown(account: str) -> NotFound:
    return NotFound(f"There is no account named {account!r}.", code="unknown_account")
