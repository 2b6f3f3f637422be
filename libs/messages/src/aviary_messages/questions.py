"""Every question that one service asks another, with its answer."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, Field

from aviary_common.bus import Question
from aviary_common.vault import Sealed


class CredentialAnswer(BaseModel):
    """The fields stay sealed on the way; whoever holds the config password opens them with ``context``."""

    account_name: str
    connector_name: str
    sealed: Sealed
    context: str


class GetCredential(Question[CredentialAnswer]):
    """404 ``unknown_account`` or ``no_credential`` when there is none."""

    subject: ClassVar[str] = "rpc.accounts.credential"
    answer: ClassVar[type[BaseModel]] = CredentialAnswer

    account_name: str
    connector_name: str


class CredentialKey(BaseModel):
    account_name: str
    connector_name: str


class CredentialKeys(BaseModel):
    keys: list[CredentialKey]


class ListCredentials(Question[CredentialKeys]):
    """Which accounts have credentials for which connectors; of one account, 404 ``unknown_account`` without it."""

    subject: ClassVar[str] = "rpc.accounts.credentials"
    answer: ClassVar[type[BaseModel]] = CredentialKeys

    account_name: str | None = None


class RewrapProgress(BaseModel):
    """Of one batch; ``next`` is where the next one begins, null after the last."""

    total: int
    """Credentials that there are, in all batches."""
    rewrapped: int
    current: int
    """They needed nothing."""
    refused: list[CredentialKey]
    """No config password that accounts knows opens them."""
    next: CredentialKey | None


class RewrapCredentials(Question[RewrapProgress]):
    """Wrap the next few credentials with the current config password. It is the one question that changes something;
    repeating it is harmless.

    ``renew`` wraps also those that need nothing, with new salts.
    """

    subject: ClassVar[str] = "rpc.accounts.rewrap"
    answer: ClassVar[type[BaseModel]] = RewrapProgress

    after: CredentialKey | None = None
    limit: int = Field(default=5, ge=1, le=100)
    renew: bool = False


class SessionState(BaseModel):
    live: bool


class AwaitSession(Question[SessionState]):
    """Whether the account's session listens to the venue, once it does; answered after at most a few seconds."""

    subject: ClassVar[str] = "rpc.trading.session"
    answer: ClassVar[type[BaseModel]] = SessionState

    account_name: str
    connector_name: str


class TokenBalance(BaseModel):
    token: str
    total: Decimal
    available: Decimal


class ConnectorBalances(BaseModel):
    """``problem`` says why balances are missing or old; ``at`` is when the venue told them."""

    account_name: str
    connector_name: str
    balances: list[TokenBalance]
    at: datetime | None = None
    problem: str | None = None


class BalancesAnswer(BaseModel):
    connectors: list[ConnectorBalances]


class GetBalances(Question[BalancesAnswer]):
    """Balances of the named pairs of account and connector; ``refresh`` asks the venue first."""

    subject: ClassVar[str] = "rpc.trading.balances"
    answer: ClassVar[type[BaseModel]] = BalancesAnswer

    keys: list[CredentialKey]
    refresh: bool = False


class PricesAnswer(BaseModel):
    """Pairs that the venue does not list are left out."""

    prices: dict[str, Decimal]


class GetPrices(Question[PricesAnswer]):
    """Last traded prices."""

    subject: ClassVar[str] = "rpc.market-data.prices"
    answer: ClassVar[type[BaseModel]] = PricesAnswer

    connector_name: str
    trading_pairs: list[str]


class ControllerConfig(BaseModel):
    """As it is stored; ``name`` is without ``.yml``."""

    name: str
    config: dict[str, Any]


class GetControllerConfig(Question[ControllerConfig]):
    """A stored controller config by its name, with or without ``.yml``; 404 when there is none."""

    subject: ClassVar[str] = "rpc.orchestration.controller-config"
    answer: ClassVar[type[BaseModel]] = ControllerConfig

    name: str


class ControllerSource(BaseModel):
    """``module`` is the name that Hummingbot imports it under; ``texts`` are all modules of its package by name."""

    name: str
    type: str
    module: str
    texts: dict[str, str]


class ControllerFound(BaseModel):
    """``source`` is None when there is no such controller; ``nearest`` is then the name most like it, if any is."""

    source: ControllerSource | None
    nearest: str | None = None


class GetControllerSource(Question[ControllerFound]):
    """A user's controller by its name; of any type when none is given."""

    subject: ClassVar[str] = "rpc.orchestration.controller-source"
    answer: ClassVar[type[BaseModel]] = ControllerFound

    name: str
    type: str | None = None
