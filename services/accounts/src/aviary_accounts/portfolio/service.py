"""The portfolio now: balances from trading, prices from market-data."""

import asyncio
from collections.abc import Collection, Mapping
from decimal import Decimal

from aviary_accounts.accounts.service import Accounts
from aviary_accounts.credentials.service import Credentials
from aviary_accounts.portfolio.schemas import Holding, State, StateFilter
from aviary_accounts.portfolio.valuation import pairs_to_price, price_of
from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import AviaryError, Unavailable
from aviary_messages.questions import ConnectorBalances, CredentialKey, GetBalances, GetPrices, TokenBalance

log = logs.get(__name__)

BALANCES_DEADLINE_S = 15.0
PRICES_DEADLINE_S = 10.0


class Portfolio:
    def __init__(self, accounts: Accounts, credentials: Credentials, bus: Bus, banned: Collection[str]) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._bus = bus
        self._banned = frozenset(banned)

    async def state(self, wanted: StateFilter) -> State:
        """Every wanted account with its connectors. Raises ``Unavailable`` rather than leave out what it cannot see."""
        names = [name for name in await self._accounts.names() if _among(name, wanted.account_names)]
        keys = [
            CredentialKey(account_name=account, connector_name=connector)
            for account, connector in await self._credentials.keys()
            if account in names and _among(connector, wanted.connector_names)
        ]
        question = GetBalances(keys=keys, refresh=wanted.refresh)
        balances = (await self._bus.ask(question, deadline_s=BALANCES_DEADLINE_S)).connectors if keys else []
        _refuse_gaps(balances, fresh_only=wanted.refresh)
        prices = await self._prices(balances)
        state: State = {name: {} for name in names}
        for item in balances:
            known = prices[item.connector_name]
            state[item.account_name][item.connector_name] = [
                _holding(balance, price_of(balance.token, item.connector_name, known))
                for balance in self._countable(item)
            ]
        return state

    def _countable(self, item: ConnectorBalances) -> list[TokenBalance]:
        return [balance for balance in item.balances if balance.total and balance.token not in self._banned]

    async def _prices(self, balances: list[ConnectorBalances]) -> Mapping[str, Mapping[str, Decimal]]:
        tokens: dict[str, set[str]] = {}
        for item in balances:
            tokens.setdefault(item.connector_name, set()).update(balance.token for balance in self._countable(item))
        found = await asyncio.gather(*(self._prices_at(name, held) for name, held in tokens.items()))
        return dict(zip(tokens, found, strict=True))

    async def _prices_at(self, connector_name: str, tokens: set[str]) -> Mapping[str, Decimal]:
        """Holdings without prices are still an answer: an outage of prices is logged, and shown as unknown."""
        pairs = pairs_to_price(tokens, connector_name)
        if not pairs:
            return {}
        question = GetPrices(connector_name=connector_name, trading_pairs=pairs)
        try:
            return (await self._bus.ask(question, deadline_s=PRICES_DEADLINE_S)).prices
        except AviaryError as error:
            log.warning("no prices", connector=connector_name, error=error.detail)
            return {}


def _refuse_gaps(balances: list[ConnectorBalances], *, fresh_only: bool) -> None:
    """Old balances will do, unless fresh ones were asked for."""
    gaps = [item for item in balances if item.problem and (fresh_only or item.at is None)]
    if gaps:
        reasons = "; ".join(f"{item.account_name}/{item.connector_name}: {item.problem}" for item in gaps)
        raise Unavailable(gaps[0].connector_name, f"Balances cannot be read: {reasons}")


def _holding(balance: TokenBalance, price: Decimal | None) -> Holding:
    plain = {
        "token": balance.token,
        "units": balance.total,
        "available_units": balance.available,
        "price": price,
    }
    return Holding.model_validate(plain if price is None else plain | {"value": balance.total * price})


def _among(name: str, wanted: list[str] | None) -> bool:
    return wanted is None or name.casefold() in {item.casefold() for item in wanted}
