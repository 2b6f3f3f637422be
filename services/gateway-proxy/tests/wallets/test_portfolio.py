"""Wallet balances for the portfolio: the question that accounts asks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from aviary_common.bus import Bus
from aviary_common.cache import Cache, open_cache
from aviary_common.errors import UpstreamFailed
from aviary_common.rates.budget import RateBudget
from aviary_gateway_proxy.configuration.settings import ReadingSettings
from aviary_gateway_proxy.reading import Reading
from aviary_gateway_proxy.upstream.address import FixedAddress
from aviary_gateway_proxy.upstream.client import Gateway
from aviary_gateway_proxy.upstream.settings import UpstreamSettings
from aviary_gateway_proxy.wallets.balances import WalletReader
from aviary_gateway_proxy.wallets.portfolio import AWAY_FOR_S, KEY, WalletPortfolio
from aviary_gateway_proxy.wallets.pricing import WalletPricing
from aviary_local.testing import Servers
from aviary_messages.questions import GetRates, GetWalletBalances, RatesAnswer, WalletBalancesAnswer
from aviary_testing.buses import bus_settings
from tests.gateway_peer.chain.network import Link
from tests.gateway_peer.peer import GatewayPeer

from ..keys import EVM_KEY, EVM_WALLET, OTHER_EVM_KEY, OTHER_EVM_WALLET, SOLANA_KEY


@dataclass
class RateOracle:
    """Market-data's, played."""

    rates: dict[str, str] = field(default_factory=dict)
    asked: list[GetRates] = field(default_factory=list)

    async def answer(self, question: GetRates) -> RatesAnswer:
        self.asked.append(question)
        found = {pair: Decimal(self.rates[pair]) for pair in question.pairs if pair in self.rates}
        return RatesAnswer(source="sandbox", rates=found)


@pytest.fixture
async def oracle(servers: Servers) -> AsyncIterator[RateOracle]:
    bus = await Bus.connect(bus_settings(servers, "market-data"))
    played = RateOracle({"ETH-USDT": "2000"})
    await bus.answer(GetRates, played.answer)
    yield played
    await bus.close()


@pytest.fixture
async def funded(api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    await add(api, "ethereum", EVM_KEY)
    await peer.fund(EVM_WALLET, "ETH", 2)
    await peer.fund(EVM_WALLET, "WETH", "0.5")
    await peer.fund(EVM_WALLET, "USDC", "250.25")
    await peer.fund(EVM_WALLET, "DAI", 7)


@pytest.fixture
async def cache(servers: Servers) -> AsyncIterator[Cache]:
    opened = open_cache(SecretStr(servers.valkey_url))
    yield opened
    await opened.aclose()


@pytest.fixture
async def fresh(cache: Cache, api: httpx.AsyncClient) -> None:
    """Nothing is remembered of wallets that other tests had."""
    await cache.delete(KEY)


async def add(api: httpx.AsyncClient, chain: str, key: str, **more: object) -> None:
    body = {"chain": chain, "private_key": key, **more}
    assert (await api.post("/accounts/gateway/add-wallet", json=body)).status_code == 201


async def ask(bus: Bus, **how: Any) -> WalletBalancesAnswer:
    return await bus.ask(GetWalletBalances(**how), deadline_s=15)


async def test_all_wallets_are_told_and_priced(
    accounts_bus: Bus, api: httpx.AsyncClient, funded: None, oracle: RateOracle
) -> None:
    await add(api, "ethereum", OTHER_EVM_KEY, set_default=False)
    told = await ask(accounts_bus)
    assert told.is_running
    assert [each.address for each in told.wallets] == [EVM_WALLET, OTHER_EVM_WALLET]
    first, second = told.wallets
    assert (first.chain, first.network, first.problem, first.unpriced) == ("ethereum", "mainnet", None, None)
    assert first.at
    assert {each.token: (each.units, each.price) for each in first.tokens} == {
        "ETH": (2, 2000),
        "WETH": (Decimal("0.5"), 2000),
        "USDC": (Decimal("250.25"), 1),
        "DAI": (7, None),
    }
    assert second.tokens == []
    assert second.at


async def test_prices_that_are_away_are_told(accounts_bus: Bus, api: httpx.AsyncClient, funded: None) -> None:
    told = (await ask(accounts_bus)).wallets[0]
    assert told.problem is None
    assert told.unpriced
    assert {each.token: each.price for each in told.tokens}["USDC"] == 1


async def test_a_wallet_shows_prices_and_values(api: httpx.AsyncClient, funded: None, oracle: RateOracle) -> None:
    told = (await api.get(f"/accounts/gateway/ethereum/{EVM_WALLET}")).json()["balances"]
    held = {each["token"]: each["value"] for each in told}
    assert held == {"ETH": 4000, "WETH": 1000, "USDC": 250.25, "DAI": None}


async def test_a_dead_node_is_a_problem_and_no_zero(
    accounts_bus: Bus, api: httpx.AsyncClient, peer: GatewayPeer, funded: None, fresh: None
) -> None:
    await add(api, "solana", SOLANA_KEY)
    await peer.links(gateway=Link.ERROR)
    evm, solana = (await ask(accounts_bus)).wallets
    for each, network in ((evm, "ethereum-mainnet"), (solana, "solana-mainnet-beta")):
        assert (each.tokens, each.at) == ([], None)
        assert network in (each.problem or "")


async def test_what_was_known_stays_known(
    accounts_bus: Bus, api: httpx.AsyncClient, peer: GatewayPeer, funded: None, oracle: RateOracle, fresh: None
) -> None:
    before = (await ask(accounts_bus)).wallets[0]
    await peer.links(gateway=Link.ERROR)
    after = (await ask(accounts_bus)).wallets[0]
    assert (after.tokens, after.at) == (before.tokens, before.at)
    assert "ethereum-mainnet" in (after.problem or "")
    await peer.links(gateway=Link.ALIVE)
    assert (await ask(accounts_bus)).wallets[0].problem is None


async def test_all_default_networks_are_looked_at(accounts_bus: Bus, api: httpx.AsyncClient, peer: GatewayPeer) -> None:
    await add(api, "ethereum", EVM_KEY, network="base")
    await peer.fund(EVM_WALLET, "USDC", 3, network="base")
    assert [(each.network, each.tokens[0].units) for each in (await ask(accounts_bus)).wallets] == [("base", 3)]


async def test_without_wallets_there_is_nothing(accounts_bus: Bus, api: httpx.AsyncClient) -> None:
    told = await ask(accounts_bus)
    assert (told.is_running, told.wallets) == (True, [])


class Both(UpstreamSettings, ReadingSettings):
    pass


@dataclass
class Parts:
    """As ``Runtime`` has them."""

    bus: Bus
    cache: Cache


@dataclass
class Now:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


async def a_portfolio(peer: GatewayPeer, bus: Bus, cache: Cache, now: Now, max_age_s: float) -> WalletPortfolio:
    """One of our own, with a clock of ours."""
    settings = Both(gateway_url=peer.url)
    gateway = Gateway(FixedAddress(settings), RateBudget(1e6, window_s=60, patience_s=1), settings)
    reading = Reading.of(gateway, settings, Parts(bus, cache))  # type: ignore[arg-type]
    reader = WalletReader(gateway, reading.nodes, reading.chain_defaults)
    return WalletPortfolio(gateway, reading.wallet_keeping, reader, WalletPricing(bus), cache, max_age_s, now)


async def test_replicas_read_the_chains_once_a_minute(
    accounts_bus: Bus, cache: Cache, peer: GatewayPeer, funded: None, oracle: RateOracle, fresh: None
) -> None:
    now = Now()
    one, other = [await a_portfolio(peer, accounts_bus, cache, now, 60) for _ in range(2)]
    for each in (one, other, one):
        assert (await each.answer(GetWalletBalances())).wallets[0].tokens
    assert len(await peer.requests("/chains/ethereum/balances")) == 1
    await other.answer(GetWalletBalances(refresh=True))
    assert len(await peer.requests("/chains/ethereum/balances")) == 2


async def test_a_gateway_that_does_not_run_is_no_wallets_and_not_asked_for_a_while(
    accounts_bus: Bus, cache: Cache, peer: GatewayPeer, funded: None, oracle: RateOracle
) -> None:
    now = Now()
    portfolio = await a_portfolio(peer, accounts_bus, cache, now, 0)
    await peer.control("POST", "/gateway", up=False)
    assert await portfolio.answer(GetWalletBalances()) == WalletBalancesAnswer(is_running=False, wallets=[])
    await peer.control("POST", "/gateway", up=True)
    assert not (await portfolio.answer(GetWalletBalances())).is_running
    now.at = AWAY_FOR_S
    assert (await portfolio.answer(GetWalletBalances())).wallets


async def test_a_list_that_gateway_does_not_give_leaves_what_was_known(
    accounts_bus: Bus, api: httpx.AsyncClient, peer: GatewayPeer, funded: None, oracle: RateOracle, fresh: None
) -> None:
    await peer.next_answer("/wallet", status=500)
    with pytest.raises(UpstreamFailed):
        await ask(accounts_bus)
    before = (await ask(accounts_bus)).wallets[0]
    await peer.next_answer("/wallet", status=500)
    after = (await ask(accounts_bus)).wallets[0]
    assert (after.tokens, after.at) == (before.tokens, before.at)
    assert after.problem
