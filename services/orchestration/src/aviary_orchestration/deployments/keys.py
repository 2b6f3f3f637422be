"""An account's exchange keys, as a bot's own encrypted files."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aviary_common.bus import Bus
from aviary_common.errors import Unavailable
from aviary_common.vault import Vault, VaultError
from aviary_exchange.catalogue import find
from aviary_exchange.hummingbot_files import DerivedKey, write_connector_file, write_password_file
from aviary_messages.questions import CredentialAnswer, GetCredential, ListCredentials


@dataclass(frozen=True)
class ExchangeKeys:
    connector_name: str
    fields: Mapping[str, str] = field(repr=False)


class KeyRing:
    def __init__(self, bus: Bus, vault: Vault) -> None:
        self._bus = bus
        self._vault = vault

    async def of(self, account_name: str) -> Sequence[ExchangeKeys]:
        """404 for an unknown account. Paper connectors have none."""
        listed = (await self._bus.ask(ListCredentials(account_name=account_name))).keys
        connectors = [key.connector_name for key in listed if not find(key.connector_name).paper]
        return [await self._open(account_name, each) for each in connectors]

    async def _open(self, account_name: str, connector_name: str) -> ExchangeKeys:
        answer = await self._bus.ask(GetCredential(account_name=account_name, connector_name=connector_name))
        return ExchangeKeys(connector_name, await asyncio.to_thread(self._fields, answer))

    def _fields(self, answer: CredentialAnswer) -> Mapping[str, str]:
        try:
            return self._vault.open(answer.sealed, answer.context)
        except VaultError as error:
            words = f"The credentials of {answer.account_name} cannot be opened: {error}"
            raise Unavailable("credentials", words) from error


def new_password() -> str:
    """Each bot has one of its own: whoever reads it out of a container has that bot's keys and no others."""
    return secrets.token_urlsafe(32)


def write_keys(conf: Path, keys: Sequence[ExchangeKeys], password: str) -> None:
    """About a second of CPU: call it from a thread."""
    derived = DerivedKey.of(password)
    write_password_file(conf, derived)
    for each in keys:
        write_connector_file(conf / "connectors", each.connector_name, each.fields, derived)
