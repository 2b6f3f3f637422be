"""What every account holds at every connector: balances from trading, prices from market-data, put together; and what
Gateway's wallets hold, network by network."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from aviary_accounts.accounts.service import MASTER, Accounts
from aviary_accounts.credentials.service import Credentials
from aviary_accounts.portfolio.schemas import Among
from aviary_accounts.portfolio.valuation import pairs_to_price, price_of
from aviary_accounts.portfolio.wallets import OnNetwork, Wallets
from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import AviaryError
from aviary_messages.questions import ConnectorBalances, CredentialKey, GetBalances, GetPrices, TokenBalance

log = logs.get(__name__)

BALANCES_DEADLINE_S: Final = 15.0
PRICES_DEADLINE_S: Final = 10.0


@dataclass(frozen=True)
class Held:
    """One token; ``price`` is ``None`` when nobody knows it, and then so is the value: unknown is not zero."""

    token: str
    units: Decimal
    available_units: Decimal
    price: Decimal | None

    @property
    def value(self) -> Decimal | None:
        return None if self.price is None else self.units * self.price


@dataclass(frozen=True)
class AtConnector:
    """What one account holds at one connector, as told at ``at``.

    ``unread`` says why the balances are old (or, without ``at``, missing), ``unpriced`` why no prices could be asked.
    """

    account_name: str
    connector_name: str
    held: tuple[Held, ...]
    at: datetime | None
    unread: str | None = None
    unpriced: str | None = None


@dataclass(frozen=True)
class Prices:
    known: Mapping[str, Decimal]
    problem: str | None = None


class Holdings:
    def __init__(self, accounts: Accounts, credentials: Credentials, bus: Bus, banned: Collection[str]) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._bus = bus
        self._wallets = Wallets(bus)
        self._banned = frozenset(banned)

    async def accounts(self, wanted: Among) -> list[str]:
        return [name for name in await self._accounts.names() if wanted.account(name)]

    async def read(self, wanted: Among, *, refresh: bool = False, wallets: bool = True) -> list[AtConnector]:
        """One for each of the wanted credentials, and one for each network that a wallet is on, unless they are not
        wanted. Raises when trading does not answer at all."""
        reading = [self._at_connectors(wanted, refresh=refresh)]
        if wallets:
            reading.append(self._on_networks(wanted, refresh=refresh))
        return [each for found in await asyncio.gather(*reading) for each in found]

    async def _at_connectors(self, wanted: Among, *, refresh: bool) -> list[AtConnector]:
        keys = [
            CredentialKey(account_name=account, connector_name=connector)
            for account, connector in await self._credentials.keys()
            if wanted.account(account) and wanted.connector(connector)
        ]
        if not keys:
            return []
        question = GetBalances(keys=keys, refresh=refresh)
        balances = (await self._bus.ask(question, deadline_s=BALANCES_DEADLINE_S)).connectors
        prices = await self._prices(balances)
        return [self._valued(item, prices[item.connector_name]) for item in balances]

    async def _on_networks(self, wanted: Among, *, refresh: bool) -> list[AtConnector]:
        return [self._of_wallets(each) for each in await self._wallets.read(wanted, refresh=refresh)]

    def _of_wallets(self, each: OnNetwork) -> AtConnector:
        held = tuple(
            Held(token, units, units, each.prices.get(token))
            for token, units in each.units.items()
            if units and token not in self._banned
        )
        return AtConnector(MASTER, each.connector_name, held, each.at, unread=each.unread, unpriced=each.unpriced)

    def _valued(self, item: ConnectorBalances, prices: Prices) -> AtConnector:
        held = (
            Held(
                token=balance.token,
                units=balance.total,
                available_units=balance.available,
                price=price_of(balance.token, item.connector_name, prices.known),
            )
            for balance in self._countable(item.balances)
        )
        return AtConnector(
            item.account_name, item.connector_name, tuple(held), item.at, unread=item.problem, unpriced=prices.problem
        )

    def _countable(self, balances: Iterable[TokenBalance]) -> list[TokenBalance]:
        return [balance for balance in balances if balance.total and balance.token not in self._banned]

    async def _prices(self, balances: Sequence[ConnectorBalances]) -> Mapping[str, Prices]:
        tokens: dict[str, set[str]] = {}
        for item in balances:
            held = {balance.token for balance in self._countable(item.balances)}
            tokens.setdefault(item.connector_name, set()).update(held)
        found = await asyncio.gather(*(self._prices_at(name, held) for name, held in tokens.items()))
        return dict(zip(tokens, found, strict=True))

    async def _prices_at(self, connector_name: str, tokens: set[str]) -> Prices:
        """Holdings without prices are still an answer: an outage of prices is logged, and told beside them."""
        pairs = pairs_to_price(tokens, connector_name)
        if not pairs:
            return Prices({})
        question = GetPrices(connector_name=connector_name, trading_pairs=pairs)
        try:
            return Prices((await self._bus.ask(question, deadline_s=PRICES_DEADLINE_S)).prices)
        except AviaryError as error:
            log.warning("no prices", connector=connector_name, error=error.detail)
            return Prices({}, error.detail)
