"""Every method of the official client's routers that this release serves, through the edge, on spot and perpetuals."""

import inspect
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest
from hummingbot_api_client import HummingbotAPIClient
from hummingbot_api_client.routers.accounts import AccountsRouter
from hummingbot_api_client.routers.connectors import ConnectorsRouter
from hummingbot_api_client.routers.portfolio import PortfolioRouter
from hummingbot_api_client.routers.trading import TradingRouter

from aviary_testing.waiting import eventually
from tests.e2e.conftest import NO_LIMITS
from tests.stack import Stack

pytestmark = pytest.mark.e2e

SPOT, PERPETUAL = "sandbox", "sandbox_perpetual"
PAIR = "BTC-USDT"
GATEWAY_ONLY = {"add_gateway_wallet", "remove_gateway_wallet", "list_gateway_wallets", "set_default_gateway_wallet"}
"""Wallets live with the gateway's service."""

Json = dict[str, Any]


class Recorded:
    """Notes which methods of a router were called."""

    def __init__(self, router: Any, called: set[str]) -> None:
        self._router = router
        self._called = called

    def __getattr__(self, name: str) -> Any:
        self._called.add(name)
        return getattr(self._router, name)


@pytest.fixture(scope="module")
def called() -> set[str]:
    return set()


@pytest.fixture
async def official(stack: Stack, venue: httpx.AsyncClient) -> AsyncIterator[HummingbotAPIClient]:
    for side in ("spot", "futures"):
        (await venue.post("/sandbox/limits", json=NO_LIMITS | {"side": side})).raise_for_status()
    username, password = stack.login
    async with HummingbotAPIClient(stack.url, username, password) as client:
        yield client


@pytest.fixture
async def account(official: HummingbotAPIClient, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """With keys for spot and perpetuals."""
    name = f"official-{abs(hash(request.node.nodeid)) % 10**9}"
    await official.accounts.add_account(name)
    for connector in (SPOT, PERPETUAL):
        keys = {"api_key": f"{name}-{connector}", "api_secret": f"{name}-{connector}-secret"}
        await official.accounts.add_credential(name, connector, keys)
    yield name
    await official.accounts.delete_account(name)


def router(kind: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind, inspect.iscoroutinefunction) if not name.startswith("_")}


async def test_accounts(official: HummingbotAPIClient, account: str, called: set[str]) -> None:
    accounts = Recorded(official.accounts, called)
    assert {"master_account", account} <= set(await accounts.list_accounts())
    assert "message" in await accounts.add_account("official-short-lived")
    assert await accounts.list_account_credentials(account) == [SPOT, PERPETUAL]
    prefixed = {"sandbox_api_key": "official-key", "sandbox_api_secret": "official-key-secret"}
    assert "message" in await accounts.add_credential("official-short-lived", SPOT, prefixed)
    assert "message" in await accounts.delete_credential("official-short-lived", SPOT)
    assert await accounts.list_account_credentials("official-short-lived") == []
    assert "message" in await accounts.delete_account("official-short-lived")


async def test_connectors(official: HummingbotAPIClient, called: set[str]) -> None:
    connectors = Recorded(official.connectors, called)
    assert {SPOT, PERPETUAL, "binance", "binance_paper_trade"} <= set(await connectors.list_connectors())
    assert list(await connectors.get_config_map(SPOT)) == ["sandbox_api_key", "sandbox_api_secret"]
    for name in (SPOT, PERPETUAL):
        rules = await connectors.get_trading_rules(name, [PAIR, "ETH-USDT"])
        assert set(rules) == {PAIR, "ETH-USDT"}
        assert rules[PAIR]["min_price_increment"] > 0
        types = await connectors.get_supported_order_types(name)
        assert types["supported_order_types"] == ["LIMIT", "LIMIT_MAKER", "MARKET"]


async def test_portfolio(official: HummingbotAPIClient, account: str, called: set[str]) -> None:
    portfolio = Recorded(official.portfolio, called)
    state = await portfolio.get_state([account], refresh=True)
    assert set(state[account]) == {SPOT, PERPETUAL}
    assert await portfolio.get_state([account], [SPOT], skip_gateway=True) == {account: {SPOT: state[account][SPOT]}}
    total = await portfolio.get_total_value(account)
    assert total > 0
    distribution = await portfolio.get_distribution([account])
    assert distribution["total_portfolio_value"] == pytest.approx(total, rel=0.01)
    assert distribution["distribution"][0]["accounts"][account]["connectors"]
    everywhere = await portfolio.get_accounts_distribution()
    assert account in {item["account"] for item in everywhere["distribution"]}
    holdings = await portfolio.get_token_holdings("USDT", account)
    assert holdings["total_value"] == pytest.approx(holdings["total_units"])
    summary = await portfolio.get_portfolio_summary(account)
    assert summary["total_value"] == pytest.approx(total, rel=0.01)
    await official.trading.place_order(
        account, SPOT, PAIR, "BUY", 0.001
    )  # brings a snapshot, half a minute after the last one
    await eventually(lambda: _has_history(official, account), within_s=80)
    history = await portfolio.get_history([account], limit=1, interval="1h")
    assert history["data"][0]["state"][account]
    assert history["pagination"]["limit"] == 1


@pytest.mark.parametrize("connector", [SPOT, PERPETUAL])
async def test_trading(official: HummingbotAPIClient, account: str, connector: str, called: set[str]) -> None:
    trading = Recorded(official.trading, called)
    rests = await _resting(official, account, connector)
    active = await trading.get_active_orders([account], [connector], [PAIR])
    assert [order["order_id"] for order in active["data"]] == [rests["order_id"]]
    assert "message" in await trading.cancel_order(account, connector, rests["order_id"])
    bought = await trading.place_order(account, connector, PAIR, "BUY", 0.002)
    assert (bought["status"], bought["order_type"]) == ("submitted", "MARKET")
    await eventually(lambda: _filled(official, account, bought["order_id"]))
    filled = await trading.search_orders([account], [connector], [PAIR], status="FILLED", start_time=1)
    assert [order["order_id"] for order in filled["data"]] == [bought["order_id"]]
    cancelled = await trading.search_orders([account], [connector], status="CANCELED")
    assert [order["order_id"] for order in cancelled["data"]] == [rests["order_id"]]
    trades = await trading.get_trades([account], [connector], [PAIR], trade_types=["buy"])
    assert sum(trade["amount"] for trade in trades["data"]) == pytest.approx(0.002)
    recent = await trading.get_recent_trades(PAIR, account, connector, hours=1)
    assert recent["data"] == trades["data"]
    old = await trading.get_trades([account], [connector], end_time=1_600_000_000)
    assert old["data"] == []


async def test_perpetuals(official: HummingbotAPIClient, account: str, called: set[str]) -> None:
    trading = Recorded(official.trading, called)
    assert (await trading.set_leverage(account, PERPETUAL, PAIR, 5))["status"] == "success"
    assert (await trading.set_position_mode(account, PERPETUAL, "HEDGE"))["status"] == "success"
    assert (await trading.get_position_mode(account, PERPETUAL))["position_mode"] == "HEDGE"
    opened = await trading.place_order(account, PERPETUAL, PAIR, "SELL", 0.002, position_action="OPEN")
    await eventually(lambda: _filled(official, account, opened["order_id"]))
    positions = await trading.get_positions([account], [PERPETUAL])
    assert [(item["side"], item["amount"], item["leverage"]) for item in positions["data"]] == [("SHORT", 0.002, 5)]
    assert (await trading.get_open_positions(account, PERPETUAL))["data"][0]["trading_pair"] == PAIR
    payments = await trading.get_funding_payments([account], [PERPETUAL], PAIR)
    assert payments["data"] == []
    closed = await trading.place_order(account, PERPETUAL, PAIR, "BUY", 0.002, position_action="CLOSE")
    await eventually(lambda: _filled(official, account, closed["order_id"]))


async def test_what_the_venue_refuses_reaches_the_caller_as_an_error(
    official: HummingbotAPIClient, account: str
) -> None:
    with pytest.raises(aiohttp.ClientResponseError) as refused:
        await official.trading.place_order(account, SPOT, PAIR, "BUY", 0.001, order_type="LIMIT")
    assert refused.value.status == 422


def test_no_method_was_left_out(called: set[str]) -> None:
    """The last one here: together the tests above call every method."""
    routers = (AccountsRouter, ConnectorsRouter, PortfolioRouter, TradingRouter)
    assert {name for kind in routers for name in router(kind)} - GATEWAY_ONLY == called


async def _resting(official: HummingbotAPIClient, account: str, connector: str) -> Json:
    prices = await official.market_data.get_prices(connector, PAIR)
    below = round(prices["prices"][PAIR] * 0.97)
    order: Json = await official.trading.place_order(account, connector, PAIR, "buy", 0.002, "limit", below)
    return order


async def _filled(official: HummingbotAPIClient, account: str, order_id: str) -> bool:
    found = await official.trading.search_orders([account])
    return {order["order_id"]: order["status"] for order in found["data"]}.get(order_id) == "FILLED"


async def _has_history(official: HummingbotAPIClient, account: str) -> bool:
    return bool((await official.portfolio.get_history([account]))["data"])
