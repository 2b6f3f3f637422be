"""The portfolio now."""

from collections.abc import Iterable

from aviary_accounts.portfolio import distribution
from aviary_accounts.portfolio.holdings import AtConnector, Held, Holdings
from aviary_accounts.portfolio.schemas import (
    AccountDistribution,
    Holding,
    PortfolioFilter,
    State,
    StateFilter,
    TokenDistribution,
)
from aviary_common.errors import Unavailable


class Portfolio:
    """Each answer is complete: what cannot be seen is ``Unavailable`` rather than left out."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    async def state(self, wanted: StateFilter) -> State:
        """Every wanted account with its connectors."""
        state: State = {name: {} for name in await self._holdings.accounts(wanted.among)}
        seen = await self._holdings.read(wanted.among, refresh=wanted.refresh, wallets=not wanted.skip_gateway)
        _refuse_gaps(seen, fresh_only=wanted.refresh)
        for each in seen:
            state.setdefault(each.account_name, {})[each.connector_name] = [_holding(held) for held in each.held]
        return state

    async def distribution(self, wanted: PortfolioFilter) -> TokenDistribution:
        seen = await self._holdings.read(wanted.among)
        _refuse_gaps(seen)
        return distribution.by_token(seen, wanted.account_names)

    async def accounts_distribution(self, wanted: PortfolioFilter) -> AccountDistribution:
        accounts = await self._holdings.accounts(wanted.among)
        seen = await self._holdings.read(wanted.among)
        _refuse_gaps(seen)
        return distribution.by_account(seen, accounts)


def _refuse_gaps(seen: Iterable[AtConnector], *, fresh_only: bool = False) -> None:
    """Old balances will do, unless fresh ones were asked for."""
    gaps = [each for each in seen if each.unread and (fresh_only or each.at is None)]
    if gaps:
        reasons = "; ".join(f"{each.account_name}/{each.connector_name}: {each.unread}" for each in gaps)
        raise Unavailable(gaps[0].connector_name, f"Balances cannot be read: {reasons}")


def _holding(held: Held) -> Holding:
    plain = {
        "token": held.token,
        "units": held.units,
        "available_units": held.available_units,
        "price": held.price,
    }
    return Holding.model_validate(plain if held.value is None else plain | {"value": held.value})
