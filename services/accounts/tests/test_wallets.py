"""Gateway's wallets in the portfolio."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from aviary_accounts.portfolio.schemas import Among
from aviary_accounts.portfolio.wallets import AWAY_FOR_S, Wallets
from aviary_common.bus import Bus
from aviary_common.errors import DeadlineExceeded, NotFound
from aviary_messages.questions import GetWalletBalances

from .neighbours import GatewayProxy, MarketData, Trading

Connect = Callable[..., Awaitable[None]]
MASTER = "master_account"


async def state(api: httpx.AsyncClient, **filters: Any) -> Any:
    answer = await api.post("/portfolio/state", json={"account_names": [MASTER], **filters})
    assert answer.status_code == 200, answer.text
    return answer.json()[MASTER]


async def test_wallets_are_connectors_of_the_master_account(
    api: httpx.AsyncClient, trading: Trading, gateway_proxy: GatewayProxy
) -> None:
    gateway_proxy.holds("ethereum-mainnet", "0x1", {"WETH": "2000"}, WETH="1.5", ODD="7")
    gateway_proxy.holds("solana-mainnet-beta", "So1", {"SOL": "150"}, SOL="2")
    assert await state(api) == {
        "ethereum-mainnet": [
            {"token": "WETH", "units": 1.5, "available_units": 1.5, "price": 2000.0, "value": 3000.0},
            {"token": "ODD", "units": 7.0, "available_units": 7.0, "price": None},
        ],
        "solana-mainnet-beta": [{"token": "SOL", "units": 2.0, "available_units": 2.0, "price": 150.0, "value": 300.0}],
    }


async def test_wallets_of_one_network_are_summed(
    api: httpx.AsyncClient, trading: Trading, gateway_proxy: GatewayProxy
) -> None:
    gateway_proxy.holds("ethereum-base", "0x1", {"USDC": "1"}, USDC="1.1", NAV="5")
    gateway_proxy.holds("ethereum-base", "0x2", {"USDC": "1"}, USDC="2.2")
    held = (await state(api))["ethereum-base"]
    assert [(each["token"], each["units"], each["value"]) for each in held] == [("USDC", 3.3, 3.3)]


async def test_wallets_stand_beside_connectors(
    api: httpx.AsyncClient, connect: Connect, trading: Trading, market_data: MarketData, gateway_proxy: GatewayProxy
) -> None:
    await connect(MASTER)
    trading.holds(MASTER, "sandbox", USDT="100")
    gateway_proxy.holds("ethereum-mainnet", "0x1", {"USDC": "1"}, USDC="50")
    try:
        assert set(await state(api)) == {"sandbox", "ethereum-mainnet"}
        assert set(await state(api, connector_names=["ethereum-mainnet"])) == {"ethereum-mainnet"}
        assert set(await state(api, connector_names=["sandbox"])) == {"sandbox"}
        assert set(await state(api, skip_gateway=True)) == {"sandbox"}
        spread = (await api.post("/portfolio/distribution", json={"account_names": [MASTER]})).json()
        assert spread["total_portfolio_value"] == 150
    finally:
        await api.post(f"/accounts/delete-credential/{MASTER}/sandbox")


async def test_refresh_asks_the_chains(api: httpx.AsyncClient, trading: Trading, gateway_proxy: GatewayProxy) -> None:
    gateway_proxy.holds("ethereum-mainnet", "0x1", USDC="50")
    await state(api)
    await state(api, refresh=True)
    assert [each.refresh for each in gateway_proxy.asked] == [False, True]


async def test_another_account_has_no_wallets(
    api: httpx.AsyncClient, account: str, trading: Trading, gateway_proxy: GatewayProxy
) -> None:
    gateway_proxy.holds("ethereum-mainnet", "0x1", USDC="50")
    answer = await api.post("/portfolio/state", json={"account_names": [account]})
    assert answer.json() == {account: {}}
    assert gateway_proxy.asked == []


async def test_a_dead_node_is_told_and_is_no_zero(
    api: httpx.AsyncClient, trading: Trading, gateway_proxy: GatewayProxy
) -> None:
    gateway_proxy.holds("ethereum-base", "0x1", USDC="50")
    gateway_proxy.cannot_see("ethereum-mainnet", "0x1", "Gateway cannot reach its node of ethereum-mainnet")
    answer = await api.post("/portfolio/state", json={"account_names": [MASTER]})
    assert answer.status_code == 503
    assert "ethereum-mainnet" in answer.json()["detail"]
    assert (await api.post("/portfolio/state", json={"skip_gateway": True})).status_code == 200


async def test_old_balances_will_do_unless_fresh_ones_are_asked_for(
    api: httpx.AsyncClient, trading: Trading, gateway_proxy: GatewayProxy
) -> None:
    gateway_proxy.holds("ethereum-mainnet", "0x1", USDC="50")
    gateway_proxy.grows_old("Gateway cannot reach its node")
    assert (await state(api))["ethereum-mainnet"][0]["units"] == 50
    answer = await api.post("/portfolio/state", json={"account_names": [MASTER], "refresh": True})
    assert answer.status_code == 503


async def test_one_wallet_that_was_never_read_makes_its_network_unknown(
    api: httpx.AsyncClient, trading: Trading, gateway_proxy: GatewayProxy
) -> None:
    gateway_proxy.holds("ethereum-mainnet", "0x1", USDC="50")
    gateway_proxy.cannot_see("ethereum-mainnet", "0x2", "not in time")
    assert (await api.post("/portfolio/state", json={"account_names": [MASTER]})).status_code == 503


async def test_a_gateway_that_does_not_run_has_no_wallets(
    api: httpx.AsyncClient, trading: Trading, gateway_proxy: GatewayProxy
) -> None:
    assert await state(api) == {}
    assert len(gateway_proxy.asked) == 1


async def test_without_a_gateway_proxy_there_are_no_wallets_at_once(api: httpx.AsyncClient, trading: Trading) -> None:
    async with asyncio.timeout(2):
        assert await state(api) == {}


class Slow(Bus):
    """Somebody listens and does not answer."""

    def __init__(self, failure: Exception) -> None:
        self.failure, self.asked = failure, 0

    async def ask(self, question: Any, *, deadline_s: float = 3.0) -> Any:  # noqa: ARG002
        assert isinstance(question, GetWalletBalances)
        self.asked += 1
        raise self.failure


async def test_who_lets_us_wait_is_left_alone_for_a_while() -> None:
    now = [0.0]
    bus = Slow(DeadlineExceeded("gateway-proxy did not answer in time"))
    wallets = Wallets(bus, clock=lambda: now[0])
    for moment in (0.0, 1.0, AWAY_FOR_S):
        now[0] = moment
        assert await wallets.read(Among()) == []
    assert bus.asked == 2


async def test_any_other_refusal_is_no_empty_wallet() -> None:
    with pytest.raises(NotFound):
        await Wallets(Slow(NotFound("?"))).read(Among())
