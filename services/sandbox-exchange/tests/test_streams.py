"""WebSockets without any exchange library between."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise
from typing import Any

import aiohttp
import pytest

from .rig import Client, Server

WAIT_S = 15


@asynccontextmanager
async def socket(server: Server, path: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"ws://127.0.0.1:{server.port}{path}") as opened:
        yield opened


async def read(opened: aiohttp.ClientWebSocketResponse, wanted: Callable[[Any], object] = lambda _: True) -> Any:
    """The next message that is wanted."""
    deadline = time.monotonic() + WAIT_S
    while True:
        message = await opened.receive(timeout=max(deadline - time.monotonic(), 0.01))
        assert message.type is aiohttp.WSMsgType.TEXT, message
        data = json.loads(message.data)
        if wanted(data):
            return data


def event(name: str) -> Callable[[Any], object]:
    return lambda data: data.get("e") == name


def signed(key: str, **params: object) -> dict[str, object]:
    sent = {"apiKey": key, "timestamp": int(time.time() * 1000), **params}
    payload = "&".join(f"{name}={value}" for name, value in sorted(sent.items()))
    return {**sent, "signature": hmac.new(f"{key}-secret".encode(), payload.encode(), hashlib.sha256).hexdigest()}


async def ask(
    opened: aiohttp.ClientWebSocketResponse, method: str, params: dict[str, object], request_id: str = "1"
) -> Any:
    await opened.send_json({"id": request_id, "method": method, "params": params})
    return await read(opened, lambda data: data.get("id") == request_id)


def apply(levels: dict[str, str], changes: list[list[str]]) -> None:
    for price, quantity in changes:
        if float(quantity):
            levels[price] = quantity
        else:
            levels.pop(price, None)


@pytest.mark.parametrize(
    ("path", "depth", "symbol"), [("/ws", "/api/v3/depth", "btcusdt"), ("/fstream/ws", "/fapi/v1/depth", "ethusdt")]
)
async def test_snapshot_and_diffs_make_the_book(
    server: Server, venue: Client, path: str, depth: str, symbol: str
) -> None:
    futures = path.startswith("/f")
    async with socket(server, f"{path}/{symbol}@depth@100ms") as opened:
        events = [await read(opened)]
        snapshot = await venue.public(depth, symbol=symbol.upper(), limit=1000)
        while events[-1]["u"] <= snapshot["lastUpdateId"] or len(events) < 6:
            events.append(await read(opened))
        for earlier, later in pairwise(events):
            assert later["U"] == earlier["u"] + 1
            assert not futures or later["pu"] == earlier["u"]
        bids, asks = dict(snapshot["bids"]), dict(snapshot["asks"])
        at = snapshot["lastUpdateId"]
        await venue.control("freeze", symbol=symbol.upper())
        snapshot = await venue.public(depth, symbol=symbol.upper(), limit=1000)
        while events[-1]["u"] < snapshot["lastUpdateId"]:
            events.append(await read(opened))
        for diff in (each for each in events if each["u"] > at):
            apply(bids, diff["b"])
            apply(asks, diff["a"])
        assert bids == dict(snapshot["bids"])
        assert asks == dict(snapshot["asks"])


async def test_combined_and_plain_forms_and_subscription_methods(server: Server) -> None:
    async with socket(server, "/stream?streams=btcusdt@bookTicker/ethusdt@depth5@100ms") as opened:
        seen: set[str] = set()
        while len(seen) < 2:
            message = await read(opened)
            seen.add(message["stream"])
            assert set(message) == {"stream", "data"}
        assert seen == {"btcusdt@bookTicker", "ethusdt@depth5@100ms"}
    async with socket(server, "/ws") as opened:
        await opened.send_json({"method": "SUBSCRIBE", "params": ["solusdt@bookTicker"], "id": 5})
        assert await read(opened) == {"result": None, "id": 5}
        assert (await read(opened))["s"] == "SOLUSDT"
        await opened.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 6})
        assert (await read(opened, lambda data: data.get("id") == 6))["result"] == ["solusdt@bookTicker"]
        await opened.send_json({"method": "UNSUBSCRIBE", "params": ["solusdt@bookTicker"], "id": 7})
        await read(opened, lambda data: data.get("id") == 7)
        await opened.send_json({"method": "JUMP", "id": 8})
        assert (await read(opened))["error"]["code"] == 2
        await opened.send_str("{")
        assert (await read(opened))["error"]["code"] == 2


@pytest.mark.parametrize(
    ("path", "stream", "name"),
    [
        ("/ws", "btcusdt@ticker", "24hrTicker"),
        ("/ws", "btcusdt@miniTicker", "24hrMiniTicker"),
        ("/ws", "btcusdt@kline_5m", "kline"),
        ("/ws", "btcusdt@kline_1s", "kline"),
        ("/fstream/market/ws", "btcusdt@markPrice@1s", "markPriceUpdate"),
        ("/fstream/market/ws", "btcusdt@kline_1m", "kline"),
        ("/fstream/ws", "btcusdt@bookTicker", "bookTicker"),
    ],
)
async def test_streams_speak(server: Server, path: str, stream: str, name: str) -> None:
    async with socket(server, f"{path}/{stream}") as opened:
        message = await read(opened)
        assert (message["e"], message["s"]) == (name, "BTCUSDT")


@pytest.mark.parametrize(("stream", "name"), [("!ticker@arr", "24hrTicker"), ("!miniTicker@arr", "24hrMiniTicker")])
async def test_array_streams_hold_every_pair(server: Server, stream: str, name: str) -> None:
    async with socket(server, f"/ws/{stream}") as opened:
        message = await opened.receive_json(timeout=WAIT_S)
        assert [entry["e"] for entry in message] == [name] * 6


def is_trade_of_123(stream: str, message: Any) -> bool:
    return bool(message["stream"] == stream and message["data"]["q"] == "123.00000000")


async def test_trades_are_told_with_their_taker(server: Server, venue: Client) -> None:
    async with socket(server, "/stream?streams=dogeusdt@trade/dogeusdt@aggTrade") as opened:
        await venue.control("trade", symbol="DOGEUSDT", taker="SELL", quantity="123")
        mine = [await read(opened, partial(is_trade_of_123, f"dogeusdt@{name}")) for name in ("trade", "aggTrade")]
        assert [message["data"]["m"] for message in mine] == [True, True]
        assert mine[1]["data"]["f"] == mine[0]["data"]["t"]


async def test_user_stream_over_the_websocket_api(server: Server, venue: Client) -> None:
    async with socket(server, "/ws-api/v3") as opened:
        answer = await ask(opened, "userDataStream.subscribe.signature", signed(venue.key))
        assert (answer["status"], answer["result"]) == (200, {"subscriptionId": 0})
        order = await venue.limit("BUY", "0.001", "30000", newClientOrderId="seen")
        report = await read(opened, lambda data: "event" in data)
        assert report["subscriptionId"] == 0
        assert (report["event"]["e"], report["event"]["x"], report["event"]["c"]) == ("executionReport", "NEW", "seen")
        position = (await read(opened))["event"]
        assert position["e"] == "outboundAccountPosition"
        assert {"a": "USDT", "f": "99970.00000000", "l": "30.00000000"} in position["B"]
        await venue.ok("DELETE", "/api/v3/order", symbol="BTCUSDT", orderId=order["orderId"], newClientOrderId="bye")
        report = (await read(opened))["event"]
        assert (report["x"], report["c"], report["C"]) == ("CANCELED", "bye", "seen")
        await venue.control("deposit", api_key=venue.key, asset="BTC", amount="1")
        update = await read(opened, lambda data: data["event"]["e"] == "balanceUpdate")
        assert (update["event"]["a"], update["event"]["d"]) == ("BTC", "1.00000000")
        await ask(opened, "userDataStream.unsubscribe", {}, "2")
        await venue.limit("BUY", "0.001", "30000")
        assert (await ask(opened, "ping", {}, "3"))["result"] == {}


async def test_orders_over_the_websocket_api(server: Server, venue: Client) -> None:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001"}
    async with socket(server, "/ws-api/v3") as opened:
        placed = await ask(opened, "order.place", signed(venue.key, **order, price="30000"))
        assert (placed["status"], placed["result"]["status"]) == (200, "NEW")
        order_id = placed["result"]["orderId"]
        status = await ask(opened, "order.status", signed(venue.key, symbol="BTCUSDT", orderId=order_id))
        assert status["result"]["orderId"] == order_id
        cancelled = await ask(opened, "order.cancel", signed(venue.key, symbol="BTCUSDT", orderId=order_id))
        assert cancelled["result"]["status"] == "CANCELED"
        refused = await ask(opened, "order.place", {**signed(venue.key, **order, price="30000"), "price": "31000"})
        assert (refused["status"], refused["error"]["code"]) == (400, -1022)
        missing = await ask(opened, "userDataStream.subscribe", {})
        assert missing["error"]["code"] == -2015
        await ask(opened, "session.logon", signed(venue.key))
        assert (await ask(opened, "account.status", {}))["result"]["canTrade"]


async def test_a_fill_reaches_the_listen_key_stream_in_order(server: Server, venue: Client) -> None:
    created = await venue.http.post("/fapi/v1/listenKey", headers={"X-MBX-APIKEY": venue.key})
    key = created.json()["listenKey"]
    again = await venue.http.post("/fapi/v1/listenKey", headers={"X-MBX-APIKEY": venue.key})
    assert again.json()["listenKey"] == key
    async with socket(server, f"/fstream/private/ws?listenKey={key}") as opened:
        await venue.ok("POST", "/fapi/v1/order", symbol="SOLUSDT", side="BUY", type="MARKET", quantity="1")
        new = await read(opened, event("ORDER_TRADE_UPDATE"))
        filled = await read(opened, event("ORDER_TRADE_UPDATE"))
        account = await read(opened, event("ACCOUNT_UPDATE"))
        assert (new["o"]["x"], filled["o"]["x"], filled["o"]["X"]) == ("NEW", "TRADE", "FILLED")
        assert account["a"]["P"][0]["pa"] == "1.00"
        (balance,) = await venue.ok("GET", "/fapi/v2/balance")
        assert account["a"]["B"][0]["wb"] == balance["balance"]


async def test_sockets_of_one_key_can_be_cut(server: Server, venue: Client) -> None:
    async with socket(server, "/ws-api/v3") as mine, socket(server, "/ws/btcusdt@bookTicker") as others:
        await ask(mine, "userDataStream.subscribe.signature", signed(venue.key))
        assert await venue.control("sockets/drop", api_key=venue.key) == {"dropped": 1}
        ended = await mine.receive(timeout=WAIT_S)
        assert ended.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.ERROR)
        assert await read(others)


async def test_sockets_are_shown_with_what_they_are_subscribed_to(server: Server, venue: Client) -> None:
    async with socket(server, "/ws/ethusdt@kline_5m") as opened:
        await opened.send_json({"method": "SUBSCRIBE", "params": ["ethusdt@trade", "ethusdt@miniTicker"], "id": 1})
        await opened.send_json({"method": "UNSUBSCRIBE", "params": ["ethusdt@miniTicker"], "id": 2})
        await read(opened, lambda data: data.get("id") == 2)
        sockets = await venue.public("/sandbox/sockets")
        mine = {"kind": "stream", "accounts": [], "streams": ["spot:ethusdt@kline_5m", "spot:ethusdt@trade"]}
        assert mine in sockets


async def test_gaps_swallow_user_events_and_diffs(server: Server, venue: Client) -> None:
    async with socket(server, "/ws-api/v3") as opened:
        await ask(opened, "userDataStream.subscribe.signature", signed(venue.key))
        await venue.control("gaps", api_key=venue.key, count=2)
        await venue.limit("BUY", "0.001", "30000", newClientOrderId="unseen")
        await venue.limit("BUY", "0.001", "30000", newClientOrderId="seen")
        assert (await read(opened))["event"]["c"] == "seen"
    async with socket(server, "/ws/btcusdt@depth@100ms") as opened:
        before = await read(opened)
        await venue.control("gaps", stream="btcusdt@depth@100ms", count=1)
        after = await read(opened, lambda data: data["U"] != before["u"] + 1 or before.update(data))
        assert after["U"] > before["u"] + 1


async def test_what_is_told_is_already_durable(server: Server, venue: Client) -> None:
    async with socket(server, "/ws-api/v3") as opened:
        await ask(opened, "userDataStream.subscribe.signature", signed(venue.key))
        await asyncio.gather(
            venue.market("BUY", quantity="0.001"), read(opened, lambda data: data["event"]["x"] == "TRADE")
        )
        account = await venue.public(f"/sandbox/accounts/{venue.key}")
        assert [order["status"] for order in account["spot"]["orders"]] == ["FILLED"]
