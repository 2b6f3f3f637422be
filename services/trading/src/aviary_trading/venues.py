"""Open exchanges: public ones shared by everybody, private ones per account."""

import asyncio

from aviary_common.bus import Bus
from aviary_common.errors import Unavailable
from aviary_common.vault import Vault, VaultError
from aviary_exchange import catalogue
from aviary_exchange.budget import SharedWindow
from aviary_exchange.port import PrivateExchange, PublicExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.venues import open_private, open_public
from aviary_messages.questions import GetCredential
from aviary_trading.paper.accounts import PaperAccounts

Key = tuple[str, str]


class Venues:
    """Opens each exchange once per process; credentials are asked for and opened on first use. ``window`` is the rate
    window of a key that all replicas share."""

    def __init__(
        self, bus: Bus, vault: Vault, settings: ExchangeSettings, paper: PaperAccounts, window: SharedWindow
    ) -> None:
        self._bus = bus
        self._vault = vault
        self._paper = paper
        self._window = window
        self._settings = settings
        self._public: dict[str, PublicExchange] = {}
        self._private: dict[Key, PrivateExchange] = {}
        self._opening: dict[Key, asyncio.Lock] = {}

    def public(self, connector_name: str) -> PublicExchange:
        name = catalogue.find(connector_name).name
        if name not in self._public:
            self._public[name] = open_public(name, self._settings)
        return self._public[name]

    async def private(self, account_name: str, connector_name: str) -> PrivateExchange:
        """Raises ``NotFound`` for an unknown account or one without credentials for the connector."""
        key = (account_name, connector_name)
        if (found := self._private.get(key)) is not None:
            return found
        async with self._opening.setdefault(key, asyncio.Lock()):
            if key not in self._private:
                self._private[key] = await self._open(account_name, connector_name)
            return self._private[key]

    async def forget(self, key: Key) -> None:
        """Credentials were replaced or removed: the next use asks for them again."""
        exchange = self._private.pop(key, None)
        if exchange is not None:
            await exchange.close()

    async def close(self) -> None:
        exchanges = [*self._private.values(), *self._public.values()]
        self._private.clear()
        self._public.clear()
        await asyncio.gather(*(exchange.close() for exchange in exchanges))

    async def _open(self, account_name: str, connector_name: str) -> PrivateExchange:
        question = GetCredential(account_name=account_name, connector_name=connector_name)
        answer = await self._bus.ask(question)
        if catalogue.find(connector_name).paper:
            return await self._paper.open(account_name, self.public(connector_name))
        try:
            fields = await asyncio.to_thread(self._vault.open, answer.sealed, answer.context)
        except VaultError as error:
            raise Unavailable("credentials", f"The credentials of {account_name} cannot be opened: {error}") from error
        return open_private(connector_name, fields, self._settings, window=self._window)
