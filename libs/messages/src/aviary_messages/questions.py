"""Every question that one service asks another, with its answer."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_serializer

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
    """Wrap the next few credentials with the current config password. It changes something; repeating it is harmless.

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


class GatewayContainer(BaseModel):
    """The container that Hummingbot Gateway runs in. ``status`` as Docker has it; ``restarts`` counts its deaths since
    it was started; ``url`` leads to it from where Aviary's services are; ``port`` is the one on loopback."""

    id: str
    image: str
    status: str
    created_at: datetime
    started_at: datetime | None
    restarts: int
    dev_mode: bool
    port: int
    url: str

    @property
    def is_running(self) -> bool:
        return self.status == "running"

    @property
    def is_up(self) -> bool:
        """It runs, or Docker will see to it that it does."""
        return self.status in ("running", "restarting", "paused")

    @property
    def has_died(self) -> bool:
        """It ended by itself, also when Docker has started it again since."""
        return self.status in ("exited", "dead", "restarting") or self.restarts > 0


class GatewayFound(BaseModel):
    container: GatewayContainer | None


class LookAtGateway(Question[GatewayFound]):
    """Aviary's container of Gateway, running or not. 503 when Docker is away."""

    subject: ClassVar[str] = "rpc.orchestration.gateway.look"
    answer: ClassVar[type[BaseModel]] = GatewayFound


class CheckGateway(Question[GatewayFound]):
    """What is there, if ``RunGateway`` could put another container in its place.

    404 ``image_missing``; 400 ``dev_mode_exposed`` where plain HTTP would be heard beyond loopback; 409
    ``foreign_container`` when somebody else's container has its name.
    """

    subject: ClassVar[str] = "rpc.orchestration.gateway.check"
    answer: ClassVar[type[BaseModel]] = GatewayFound

    image: str | None = None
    dev_mode: bool = False


class RunGateway(Question[GatewayContainer]):
    """Create and start the container. It changes something: 400 ``gateway_running`` when it runs, unless it may be made
    anew (``recreate``). ``image``: the one of the settings when left out. Raises what ``CheckGateway`` does.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    subject: ClassVar[str] = "rpc.orchestration.gateway.run"
    answer: ClassVar[type[BaseModel]] = GatewayContainer

    passphrase: SecretStr
    image: str | None = None
    port: int = Field(default=15888, ge=1, le=65535)
    dev_mode: bool = False
    recreate: bool = False

    @field_serializer("passphrase", when_used="json")
    def _on_the_wire(self, passphrase: SecretStr) -> str:
        return passphrase.get_secret_value()


class StopGateway(Question[GatewayContainer]):
    """Returns when it has ended; the container stays. 404 ``no_gateway``."""

    subject: ClassVar[str] = "rpc.orchestration.gateway.stop"
    answer: ClassVar[type[BaseModel]] = GatewayContainer


class RestartGateway(Question[GatewayContainer]):
    """Stop and start the same container, also one that has ended. 404 ``no_gateway``."""

    subject: ClassVar[str] = "rpc.orchestration.gateway.restart"
    answer: ClassVar[type[BaseModel]] = GatewayContainer


class GatewayLogs(BaseModel):
    """Lines with their times, without the passphrase."""

    text: str


class ReadGatewayLogs(Question[GatewayLogs]):
    """The last lines that it has printed. 404 ``no_gateway``."""

    subject: ClassVar[str] = "rpc.orchestration.gateway.logs"
    answer: ClassVar[type[BaseModel]] = GatewayLogs

    tail: int = Field(default=100, ge=1, le=10_000)


class RatesAnswer(BaseModel):
    """Pairs that the source knows no way for are left out."""

    source: str
    rates: dict[str, Decimal]


class GetRates(Question[RatesAnswer]):
    """Rates between tokens by the rate oracle's source, for what is held where nobody lists a pair."""

    subject: ClassVar[str] = "rpc.market-data.rates"
    answer: ClassVar[type[BaseModel]] = RatesAnswer

    pairs: list[str]


class WalletToken(BaseModel):
    """``price`` in dollars, null when nobody knows it: unknown is not zero."""

    token: str
    units: Decimal
    price: Decimal | None = None


class WalletBalances(BaseModel):
    """Of one wallet on one network. ``problem`` says why the tokens are missing or old, ``unpriced`` why no prices
    could be asked; ``at`` is when the chain told them, null when it never has."""

    chain: str
    network: str
    address: str
    tokens: list[WalletToken]
    at: datetime | None = None
    problem: str | None = None
    unpriced: str | None = None


class WalletBalancesAnswer(BaseModel):
    """Without wallets when Gateway does not run, and then ``is_running`` says so."""

    is_running: bool
    wallets: list[WalletBalances]


class GetWalletBalances(Question[WalletBalancesAnswer]):
    """What all of Gateway's wallets hold on the default networks of their chains; ``refresh`` asks the chains first."""

    subject: ClassVar[str] = "rpc.gateway-proxy.wallet-balances"
    answer: ClassVar[type[BaseModel]] = WalletBalancesAnswer

    refresh: bool = False
