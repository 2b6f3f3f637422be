"""Open exchanges: public ones shared by everybody, private ones per account."""

import asyncio

from aviary_common.bus import Bus
from aviary_common.errors import Unavailable
from aviary_common.rates.budget import SharedWindow
from aviary_common.vault import Vault, VaultError
from aviary_exchange import catalogue
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
        self._retired: list[tuple[float, PrivateExchange]] = []

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

    def connectors(self) -> list[str]:
        """Of the accounts that are open here."""
        return sorted({connector for _, connector in self._private})

    def forget(self, key: Key) -> None:
        """Credentials were replaced or removed: the next use asks for them again. Calls under way may still end."""
        exchange = self._private.pop(key, None)
        if exchange is not None:
            self._retired.append((asyncio.get_running_loop().time(), exchange))

    async def tidy(self) -> None:
        """Close what was forgotten and cannot be in use any more."""
        long_ago = asyncio.get_running_loop().time() - 2 * self._settings.timeout_s
        idle = [exchange for forgotten_at, exchange in self._retired if forgotten_at < long_ago]
        self._retired = [(at, exchange) for at, exchange in self._retired if at >= long_ago]
        await asyncio.gather(*(exchange.close() for exchange in idle))

    async def close(self) -> None:
        exchanges = [*self._private.values(), *self._public.values(), *(exchange for _, exchange in self._retired)]
        self._private.clear()
        self._public.clear()
        self._retired.clear()
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
