"""Every method of the official client's routers that this release serves, through the edge, on spot and perpetuals."""

import asyncio
import inspect
from collections.abc import AsyncIterator
from typing import Any, cast

import aiohttp
import httpx
import pytest
from hummingbot_api_client import HummingbotAPIClient
from hummingbot_api_client.routers.accounts import AccountsRouter
from hummingbot_api_client.routers.connectors import ConnectorsRouter
from hummingbot_api_client.routers.market_data import MarketDataRouter
from hummingbot_api_client.routers.portfolio import PortfolioRouter
from hummingbot_api_client.routers.trading import TradingRouter

from aviary_testing.waiting import eventually
from tests.e2e.conftest import NO_LIMITS
from tests.e2e.official import Recorded
from tests.stack import Stack

pytestmark = pytest.mark.e2e

SPOT, PERPETUAL = "sandbox", "sandbox_perpetual"
PAIR = "BTC-USDT"
GATEWAY_ONLY = {"add_gateway_wallet", "remove_gateway_wallet", "list_gateway_wallets", "set_default_gateway_wallet"}
"""Wallets live with the gateway's service."""

Json = dict[str, Any]


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


@pytest.mark.parametrize("connector", [SPOT, PERPETUAL])
async def test_market_data(official: HummingbotAPIClient, connector: str, called: set[str]) -> None:
    market = Recorded(official.market_data, called)
    candles = await market.get_candles(connector, PAIR, "1m", 20)
    assert [candle["timestamp"] for candle in candles] == sorted({candle["timestamp"] for candle in candles})
    assert len(candles) == 20
    start = int(candles[0]["timestamp"])
    history = await market.get_historical_candles(connector, PAIR, "1m", start, start + 600)
    assert [candle["timestamp"] for candle in history] == [start + 60 * number for number in range(11)]
    assert len(await market.get_candles_last_days(connector, PAIR, 1, "1h")) in (24, 25)
    assert {SPOT, PERPETUAL, "binance"} <= set(await market.get_available_candle_connectors())
    prices = await market.get_prices(connector, [PAIR, "ETH-USDT"])
    assert set(prices["prices"]) == {PAIR, "ETH-USDT"}
    tickers = await market.get_tickers(connector)
    assert tickers["tickers"][connector][PAIR]["price"] > 0
    rates = await market.get_rates([PAIR, "USDT-BTC", "ETH-BTC"], connector)
    assert rates["rates"][PAIR] * rates["rates"]["USDT-BTC"] == pytest.approx(1)
    assert (await market.get_market_data_settings())["feed_timeout"] > 0


@pytest.mark.parametrize("connector", [SPOT, PERPETUAL])
async def test_order_books(official: HummingbotAPIClient, connector: str, called: set[str]) -> None:
    market = Recorded(official.market_data, called)
    added = await market.add_trading_pair(connector, PAIR, timeout=20)
    assert added["success"] is True
    book = await market.get_order_book(connector, PAIR, 5)
    assert len(book["bids"]) == len(book["asks"]) == 5
    assert f"order_book_{connector}_{PAIR}" in await market.get_active_feeds()
    diagnostics = await market.get_order_book_diagnostics(connector)
    assert PAIR in diagnostics["trading_pairs"]
    ask = book["asks"][-1]["price"]
    by_volume = await market.get_price_for_volume(connector, PAIR, 0.001, True)
    assert by_volume["result_price"] >= by_volume["timestamp"] * 0
    worth = await market.get_price_for_quote_volume(connector, PAIR, 100, True)
    assert worth["result_quote_volume"] == pytest.approx(100)
    assert (await market.get_volume_for_price(connector, PAIR, ask * 1.01, True))["result_volume"] > 0
    assert (await market.get_quote_volume_for_price(connector, PAIR, ask * 1.01, True))["result_quote_volume"] > 0
    average = await market.get_vwap_for_volume(connector, PAIR, 0.001, False)
    assert average["average_price"] == average["result_price"]
    thin = await market.get_vwap_for_volume(connector, PAIR, 10**9, True)
    assert (thin["average_price"], thin["result_price"]) == (None, None)
    assert "less than asked for" in thin["reason"]
    assert PAIR in (await market.restart_order_book_tracker(connector))["trading_pairs"]
    assert (await market.remove_trading_pair(connector, PAIR))["success"] is True


async def test_funding_info(official: HummingbotAPIClient, called: set[str]) -> None:
    info = await Recorded(official.market_data, called).get_funding_info(PERPETUAL, PAIR)
    assert info["mark_price"] > 0
    assert isinstance(info["funding_rate"], float)
    assert info["next_funding_time"] > 1_700_000_000


@pytest.mark.parametrize("connector", [SPOT, PERPETUAL])
async def test_the_market_data_socket(official: HummingbotAPIClient, connector: str) -> None:
    async with official.ws.market_data() as socket:
        assert socket.connection_id
        ids = {
            await socket.subscribe_order_book(connector, PAIR, depth=3, update_interval=60),
            await socket.subscribe_candles(connector, PAIR, "1m", 10, update_interval=60),
        }
        assert ids == {f"order_book_{connector}_{PAIR}", f"candles_{connector}_{PAIR}_1m"}
        for each in ids:
            await socket.unsubscribe(each)
        with pytest.raises(RuntimeError, match="no subscription"):
            await socket.unsubscribe("nothing")
    async with official.ws.market_data() as socket:
        with pytest.raises(RuntimeError, match="does not list"):
            await socket.subscribe_trades(connector, "NOSUCH-PAIR")
        assert (await socket.ping())["type"] == "pong"
        await socket.subscribe_order_book(connector, PAIR, depth=3, update_interval=0.25)
        book = await _next(socket, "order_book")
        assert [len(book["data"][side]) for side in ("bids", "asks")] == [3, 3]
        assert book["data"]["bids"][0][0] < book["data"]["asks"][0][0]
    async with official.ws.market_data() as socket:
        await socket.subscribe_candles(connector, PAIR, "1m", 10, update_interval=0.25)
        assert len((await _next(socket, "candles"))["data"]) == 10
        update = await _next(socket, "candle_update")
        assert update["data"]["close"] > 0
    async with official.ws.market_data() as socket:
        await socket.subscribe_trades(connector, PAIR, update_interval=0.25)
        (trade, *_) = (await _next(socket, "trades"))["data"]
        assert trade["side"] in ("buy", "sell")
        assert trade["price"] > 0


async def test_a_socket_without_a_login_is_told_why(stack: Stack) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{stack.url}/ws/market-data?token=bm9ib2R5Om5vYm9keQ==") as socket,
    ):
        message = await socket.receive_json()
        assert message["type"] == "error"
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 4001


async def _next(socket: Any, kind: str) -> Json:
    async with asyncio.timeout(20):
        while (message := await socket.receive())["type"] != kind:
            pass
    return cast(Json, message)


async def test_what_the_venue_refuses_reaches_the_caller_as_an_error(
    official: HummingbotAPIClient, account: str
) -> None:
    with pytest.raises(aiohttp.ClientResponseError) as refused:
        await official.trading.place_order(account, SPOT, PAIR, "BUY", 0.001, order_type="LIMIT")
    assert refused.value.status == 422


def test_no_method_was_left_out(called: set[str]) -> None:
    """The last one here: together the tests above call every method."""
    routers = (AccountsRouter, ConnectorsRouter, MarketDataRouter, PortfolioRouter, TradingRouter)
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
