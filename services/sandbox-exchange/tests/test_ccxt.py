"""An unmodified ccxt, with nothing but its addresses replaced."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import ccxt.pro
import pytest
import pytest_asyncio

from .rig import Client, Eventually, Server

WAIT_S = 20


def sandbox_urls(base: str) -> dict[str, object]:
    ws = base.replace("http", "ws", 1)
    return {
        "public": f"{base}/api/v3",
        "private": f"{base}/api/v3",
        "sapi": f"{base}/sapi/v1",
        "fapiPublic": f"{base}/fapi/v1",
        "fapiPublicV2": f"{base}/fapi/v2",
        "fapiPublicV3": f"{base}/fapi/v3",
        "fapiPrivate": f"{base}/fapi/v1",
        "fapiPrivateV2": f"{base}/fapi/v2",
        "fapiPrivateV3": f"{base}/fapi/v3",
        "dapiPublic": f"{base}/dapi/v1",
        "ws": {
            "spot": f"{ws}/stream",
            "linear": f"{ws}/fstream/ws",
            "ws-api": {"spot": f"{ws}/ws-api/v3", "linear": f"{ws}/ws-fapi/v1"},
        },
    }


def within(awaitable: Awaitable[Any]) -> Awaitable[Any]:
    return asyncio.wait_for(awaitable, WAIT_S)


@pytest_asyncio.fixture
async def binance(server: Server, venue: Client) -> AsyncIterator[ccxt.pro.binance]:
    client = ccxt.pro.binance({"apiKey": venue.key, "secret": f"{venue.key}-secret", "number": str})
    client.options["rateLimiterAlgorithm"] = "rollingWindow"
    client.urls["api"] = sandbox_urls(server.base)
    await client.load_markets()
    yield client
    await client.close()


async def test_both_sides_market_tables(binance: ccxt.pro.binance) -> None:
    assert {"BTC/USDT", "ETH/BTC", "BTC/USDT:USDT", "SOL/USDT:USDT"} <= set(binance.markets)
    assert len(binance.markets) == 9
    assert float(binance.market("BTC/USDT")["precision"]["price"]) == 0.01
    assert float(binance.market("BTC/USDT:USDT")["limits"]["amount"]["min"]) == 0.001


@pytest.mark.parametrize("symbol", ["BTC/USDT", "BTC/USDT:USDT"])
async def test_the_watched_book_equals_the_fetched_one(
    binance: ccxt.pro.binance, venue: Client, symbol: str, eventually: Eventually
) -> None:
    for _ in range(3):
        await within(binance.watch_order_book(symbol))
    await venue.control("freeze", symbol="BTCUSDT")

    async def equal() -> bool:
        fetched = await binance.fetch_order_book(symbol)
        watched = binance.orderbooks[symbol]
        return all(watched[side][:20] == fetched[side][:20] for side in ("bids", "asks"))

    assert await eventually(equal)


async def test_spot_order_from_placing_to_every_watcher(binance: ccxt.pro.binance) -> None:
    await within(binance.authenticate({"type": "spot"}))
    orders = asyncio.create_task(binance.watch_orders("BTC/USDT"))
    balance = asyncio.create_task(binance.watch_balance())
    trades = asyncio.create_task(binance.watch_my_trades("BTC/USDT"))
    await asyncio.sleep(0)
    placed = await binance.create_order("BTC/USDT", "limit", "buy", "0.001", "30000", {"clientOrderId": "mine"})
    (seen,) = await within(orders)
    assert (seen["id"], seen["status"], seen["clientOrderId"]) == (placed["id"], "open", "mine")
    assert (await within(balance))["USDT"]["used"] == "30.00000000"
    bought = await binance.create_order("BTC/USDT", "market", "buy", "0.001")
    (trade,) = await within(trades)
    assert (trade["order"], trade["amount"], trade["fee"]["currency"]) == (bought["id"], "0.00100000", "BTC")
    assert bought["status"] == "closed"
    found = await binance.fetch_order(None, "BTC/USDT", {"origClientOrderId": "mine"})
    assert found["id"] == placed["id"]
    await binance.cancel_order(placed["id"], "BTC/USDT")
    assert (await binance.fetch_order(placed["id"], "BTC/USDT"))["status"] == "canceled"


async def test_swap_order_from_placing_to_every_watcher(binance: ccxt.pro.binance) -> None:
    symbol = "ETH/USDT:USDT"
    await within(binance.authenticate({"type": "swap", "subType": "linear"}))
    orders = asyncio.create_task(binance.watch_orders(symbol))
    trades = asyncio.create_task(binance.watch_my_trades(symbol))
    balance = asyncio.create_task(binance.watch_balance({"type": "swap"}))
    await asyncio.sleep(0.5)
    placed = await binance.create_order(symbol, "market", "buy", "0.1")
    assert (await within(orders))[-1]["id"] == placed["id"]
    (trade,) = await within(trades)
    assert (trade["order"], trade["fee"]["currency"]) == (placed["id"], "USDT")
    assert float((await within(balance))["USDT"]["total"]) < 100_000
    (position,) = await binance.fetch_positions([symbol])
    assert (position["side"], position["contracts"]) == ("long", "0.1")
    assert float(position["entryPrice"]) == float(trade["price"])


async def test_public_data(binance: ccxt.pro.binance) -> None:
    candles = await binance.fetch_ohlcv("SOL/USDT", "1m", limit=1000)
    assert len(candles) == 1000
    assert (await within(binance.watch_ticker("SOL/USDT")))["last"]
    assert (await within(binance.watch_trades("SOL/USDT")))[-1]["price"]
    assert (await within(binance.watch_ohlcv("SOL/USDT:USDT", "1m")))[-1][4]
    assert (await binance.fetch_funding_rate("SOL/USDT:USDT"))["fundingRate"]


@pytest.mark.parametrize(
    ("amount", "price", "error"),
    [("90", "60000", ccxt.InsufficientFunds), ("0.00001", "60000", ccxt.BadRequest)],
)
async def test_refusals_become_ccxts_errors(
    binance: ccxt.pro.binance, amount: str, price: str, error: type[ccxt.BaseError]
) -> None:
    with pytest.raises(error):
        await binance.create_order("BTC/USDT", "limit", "buy", amount, price)


async def test_an_order_that_was_accepted_before_the_line_broke_is_found_by_its_client_id(
    binance: ccxt.pro.binance, venue: Client
) -> None:
    await venue.control("faults", kind="drop_after", path="/api/v3/order", method="POST", api_key=venue.key)
    with pytest.raises(ccxt.NetworkError):
        await binance.create_order("BTC/USDT", "limit", "buy", "0.001", "30000", {"clientOrderId": "lost"})
    found = await binance.fetch_order(None, "BTC/USDT", {"origClientOrderId": "lost"})
    assert found["status"] == "open"
