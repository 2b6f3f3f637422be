"""The services that accounts asks, played over the real bus."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Self

from aviary_common.bus import Bus
from aviary_common.errors import NotFound
from aviary_messages.questions import (
    BalancesAnswer,
    ConnectorBalances,
    CredentialKey,
    GetBalances,
    GetPrices,
    GetWalletBalances,
    PricesAnswer,
    TokenBalance,
    WalletBalances,
    WalletBalancesAnswer,
    WalletToken,
)


@dataclass
class Trading:
    """What is not given is an account that holds nothing."""

    asked: list[GetBalances] = field(default_factory=list)
    _known: dict[tuple[str, str], ConnectorBalances] = field(default_factory=dict)

    @classmethod
    async def on(cls, bus: Bus) -> Self:
        played = cls()
        await bus.answer(GetBalances, played._answer)
        return played

    def holds(self, account: str, connector: str, **totals: str) -> None:
        """Tokens with their total; half of each is available."""
        balances = [
            TokenBalance(token=token, total=Decimal(total), available=Decimal(total) / 2)
            for token, total in totals.items()
        ]
        self._known[account, connector] = ConnectorBalances(
            account_name=account, connector_name=connector, balances=balances, at=datetime.now(UTC)
        )

    def cannot_see(self, account: str, connector: str, problem: str) -> None:
        self._known[account, connector] = ConnectorBalances(
            account_name=account, connector_name=connector, balances=[], problem=problem
        )

    def grows_old(self, account: str, connector: str, problem: str) -> None:
        """What was told stays known, and the venue cannot be asked again."""
        known = self._known[account, connector]
        self._known[account, connector] = known.model_copy(update={"problem": problem})

    async def _answer(self, question: GetBalances) -> BalancesAnswer:
        self.asked.append(question)
        return BalancesAnswer(connectors=[self._of(key) for key in question.keys])

    def _of(self, key: CredentialKey) -> ConnectorBalances:
        nothing = ConnectorBalances(
            account_name=key.account_name, connector_name=key.connector_name, balances=[], at=datetime.now(UTC)
        )
        return self._known.get((key.account_name, key.connector_name), nothing)


@dataclass
class MarketData:
    """``prices`` by connector and pair; an unknown connector is an error, as at the real one."""

    prices: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[GetPrices] = field(default_factory=list)

    @classmethod
    async def on(cls, bus: Bus) -> Self:
        played = cls()
        await bus.answer(GetPrices, played._answer)
        return played

    async def _answer(self, question: GetPrices) -> PricesAnswer:
        self.asked.append(question)
        if (known := self.prices.get(question.connector_name)) is None:
            raise NotFound(f"There is no connector {question.connector_name!r}.", code="unknown_connector")
        found = {pair: Decimal(known[pair]) for pair in question.trading_pairs if pair in known}
        return PricesAnswer(prices=found)


@dataclass
class GatewayProxy:
    """``wallets`` is None as long as Gateway does not run."""

    wallets: list[WalletBalances] | None = None
    asked: list[GetWalletBalances] = field(default_factory=list)

    @classmethod
    async def on(cls, bus: Bus) -> Self:
        played = cls()
        await bus.answer(GetWalletBalances, played._answer)
        return played

    def holds(self, network: str, address: str, prices: dict[str, str] | None = None, **units: str) -> None:
        """Tokens of a wallet on ``chain-network``, some of them with a price."""
        known = {token: Decimal(price) for token, price in (prices or {}).items()}
        tokens = [
            WalletToken(token=token, units=Decimal(amount), price=known.get(token)) for token, amount in units.items()
        ]
        self._add(network, address, tokens, datetime.now(UTC), None)

    def cannot_see(self, network: str, address: str, problem: str) -> None:
        self._add(network, address, [], None, problem)

    def grows_old(self, problem: str) -> None:
        """What was told stays known, and the chains cannot be asked again."""
        self.wallets = [each.model_copy(update={"problem": problem}) for each in self.wallets or []]

    def _add(
        self, network_id: str, address: str, tokens: list[WalletToken], at: datetime | None, problem: str | None
    ) -> None:
        chain, _, network = network_id.partition("-")
        told = WalletBalances(chain=chain, network=network, address=address, tokens=tokens, at=at, problem=problem)
        self.wallets = [*(self.wallets or []), told]

    async def _answer(self, question: GetWalletBalances) -> WalletBalancesAnswer:
        self.asked.append(question)
        return WalletBalancesAnswer(is_running=self.wallets is not None, wallets=self.wallets or [])
