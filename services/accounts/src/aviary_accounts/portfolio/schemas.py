"""What ``/portfolio`` takes and answers about now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel

from aviary_common.access import is_allowed
from aviary_common.access.accounts import AllowedAccounts
from aviary_common.models import DecimalNumber, Tolerant, aliases, example


@dataclass(frozen=True)
class Among:
    """Which accounts and connectors are wanted, compared without case; ``None`` is every one."""

    accounts: frozenset[str] | None = None
    connectors: frozenset[str] | None = None

    @classmethod
    def of(cls, account_names: Iterable[str] | None, connector_names: Iterable[str] | None) -> Self:
        return cls(_folded(account_names), _folded(connector_names))

    def account(self, name: str) -> bool:
        return is_allowed(name) and (self.accounts is None or name.casefold() in self.accounts)

    def connector(self, name: str) -> bool:
        return self.connectors is None or name.casefold() in self.connectors


def _folded(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(name.casefold() for name in names)


class PortfolioFilter(Tolerant):
    model_config = example({"account_names": ["master_account"]})

    account_names: AllowedAccounts = None
    connector_names: list[str] | None = aliases("connector_names", "connectors", default=None)

    @property
    def among(self) -> Among:
        return Among.of(self.account_names, self.connector_names)


class StateFilter(PortfolioFilter):
    model_config = example({"account_names": ["master_account"], "connector_names": ["sandbox"], "refresh": True})

    skip_gateway: bool = False
    refresh: bool = False


class Holding(BaseModel):
    """One token. Without a known price ``price`` is null and ``value`` is left out: unknown is not zero."""

    token: str
    units: DecimalNumber
    available_units: DecimalNumber
    price: DecimalNumber | None
    value: DecimalNumber | None = None


State = dict[str, dict[str, list[Holding]]]
"""Account, connector, tokens."""


class Share(BaseModel):
    """``value`` is null when no part of it has a known price."""

    value: DecimalNumber | None
    units: DecimalNumber


class AccountShare(Share):
    """``percentage`` is of the whole portfolio."""

    percentage: DecimalNumber | None
    connectors: dict[str, Share]


class TokenShare(BaseModel):
    """``unpriced_units`` are those whose price nobody knows: they count in the units and not in the value."""

    token: str
    total_value: DecimalNumber | None
    total_units: DecimalNumber
    unpriced_units: DecimalNumber
    percentage: DecimalNumber | None
    accounts: dict[str, AccountShare]


class TokenSummary(BaseModel):
    """Without a known price there is no ``value``, as in the state."""

    units: DecimalNumber
    value: DecimalNumber | None = None
    percentage: DecimalNumber | None = None


class Unpriced(BaseModel):
    account_name: str
    connector_name: str
    token: str
    units: DecimalNumber


class TokenDistribution(BaseModel):
    """By token, the most valuable first; ``tokens`` is the same as a map. What has no price stands in ``unpriced``."""

    total_portfolio_value: DecimalNumber
    token_count: int
    distribution: list[TokenShare]
    tokens: dict[str, TokenSummary]
    unpriced: list[Unpriced]
    account_filter: str


class ConnectorTotal(BaseModel):
    """``percentage`` is of the whole portfolio."""

    value: DecimalNumber | None
    percentage: DecimalNumber | None


class AccountTotal(BaseModel):
    account: str
    total_value: DecimalNumber | None
    percentage: DecimalNumber | None
    connectors: dict[str, ConnectorTotal]


class AccountDistribution(BaseModel):
    """By account, the most valuable first; what has no price stands in ``unpriced`` and counts in no value."""

    total_portfolio_value: DecimalNumber
    account_count: int
    distribution: list[AccountTotal]
    unpriced: list[Unpriced]
