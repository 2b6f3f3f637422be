"""Spot over real HTTP with real signatures."""

import hashlib
import hmac
import time
from itertools import pairwise

import pytest
import pytest_asyncio

from .rig import Client, Eventually, Server

ORDER = "/api/v3/order"


@pytest_asyncio.fixture
async def still(venue: Client) -> Client:
    """BTCUSDT stands at exactly 60000, and nobody trades but the test."""
    await venue.control("freeze", symbol="BTCUSDT", side="spot")
    await venue.control("price", symbol="BTCUSDT", side="spot", price="60000")
    return venue


async def test_a_new_key_has_the_starting_balance(venue: Client) -> None:
    account = await venue.ok("GET", "/api/v3/account")
    free = {entry["asset"]: entry["free"] for entry in account["balances"]}
    assert free["USDT"] == "100000.00000000"
    assert free["DOGE"] == "1000000.00000000"
    assert all(entry["locked"] == "0.00000000" for entry in account["balances"])


async def test_a_resting_order_locks_and_its_cancel_frees(still: Client) -> None:
    order = await still.limit("BUY", "0.001", "50000", newClientOrderId="mine")
    assert (order["status"], order["fills"]) == ("NEW", [])
    assert await still.balance("USDT") == ("99950.00000000", "50.00000000")
    assert [o["clientOrderId"] for o in await still.ok("GET", "/api/v3/openOrders")] == ["mine"]
    cancelled = await still.ok("DELETE", ORDER, symbol="BTCUSDT", origClientOrderId="mine")
    assert (cancelled["status"], cancelled["origClientOrderId"]) == ("CANCELED", "mine")
    assert cancelled["clientOrderId"] != "mine"
    assert await still.balance("USDT") == ("100000.00000000", "0.00000000")
    found = await still.ok("GET", ORDER, symbol="BTCUSDT", origClientOrderId="mine")
    assert (found["orderId"], found["status"]) == (order["orderId"], "CANCELED")


async def test_a_market_buy_pays_commission_in_what_it_gets(still: Client) -> None:
    order = await still.market("BUY", quantity="0.001")
    (fill,) = order["fills"]
    assert (fill["price"], fill["commission"], fill["commissionAsset"]) == ("60000.01000000", "0.00000100", "BTC")
    assert await still.balance("BTC") == ("1.00099900", "0.00000000")
    assert await still.balance("USDT") == ("99939.99999000", "0.00000000")
    (trade,) = await still.ok("GET", "/api/v3/myTrades", symbol="BTCUSDT")
    assert (trade["id"], trade["orderId"], trade["isMaker"]) == (fill["tradeId"], order["orderId"], False)
    history = await still.ok("GET", "/api/v3/allOrders", symbol="BTCUSDT")
    assert [entry["status"] for entry in history] == ["FILLED"]


async def test_moving_the_price_fills_what_rests_beyond_it_at_its_own_price(still: Client) -> None:
    order = await still.limit("BUY", "1.5", "59000")
    await still.control("price", symbol="BTCUSDT", side="spot", price="58000")
    found = await still.ok("GET", ORDER, symbol="BTCUSDT", orderId=order["orderId"])
    assert (found["status"], found["cummulativeQuoteQty"]) == ("FILLED", "88500.00000000")
    assert (await still.public("/api/v3/ticker/price", symbol="BTCUSDT"))["price"] == "58000.00000000"


async def test_response_types(still: Client) -> None:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    order |= {"quantity": "0.001", "price": "50000"}
    ack = await still.ok("POST", ORDER, **order, newOrderRespType="ACK")
    result = await still.ok("POST", ORDER, **order, newOrderRespType="RESULT")
    assert "status" not in ack
    assert result["status"] == "NEW"
    assert "fills" not in result
    assert await still.ok("POST", "/api/v3/order/test", **order) == {}
    assert len(await still.ok("GET", "/api/v3/openOrders", symbol="BTCUSDT")) == 2
    assert len(await still.ok("DELETE", "/api/v3/openOrders", symbol="BTCUSDT")) == 2


BASE = {
    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001", "price": "50000",
}  # fmt: skip
MARKET = {"type": "MARKET", "price": None, "timeInForce": None}
REFUSALS = [
    ({"price": "50000.001"}, -1013, "Filter failure: PRICE_FILTER"),
    ({"price": "1000"}, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    ({"price": "999999"}, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    ({"quantity": "0.0000001"}, -1013, "Filter failure: LOT_SIZE"),
    ({"quantity": "0.000015"}, -1013, "Filter failure: LOT_SIZE"),
    ({"quantity": "0.00005"}, -1013, "Filter failure: NOTIONAL"),
    ({"quantity": "200"}, -1013, "Filter failure: NOTIONAL"),
    ({**MARKET, "quantity": "151"}, -1013, "Filter failure: MARKET_LOT_SIZE"),
    ({"quantity": "0"}, -1013, "Invalid quantity."),
    ({"quantity": "abc"}, -1100, "Illegal characters found in parameter 'quantity'; legal range is "
     "'^([0-9]{1,20})(\\.[0-9]{1,20})?$'."),
    ({"quantity": "0.001000001"}, -1111, "Parameter 'quantity' has too much precision."),
    ({"quantity": None}, -1102, "Mandatory parameter 'quantity' was not sent, was empty/null, or malformed."),
    ({"symbol": None}, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."),
    ({"timeInForce": None}, -1102, "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed."),
    ({**MARKET, "timeInForce": "GTC"}, -1106, "Parameter 'timeInForce' sent when not required."),
    ({"timeInForce": "GTX"}, -1115, "Invalid timeInForce."),
    ({"type": "STOP_LOSS"}, -1116, "Invalid orderType."),
    ({"side": "HOLD"}, -1117, "Invalid side."),
    ({"symbol": "NOPE"}, -1121, "Invalid symbol."),
    ({"quoteOrderQty": "10"}, -1128, "Combination of optional parameters invalid."),
    ({"quantity": "3"}, -2010, "Account has insufficient balance for requested action."),
    ({"type": "LIMIT_MAKER", "timeInForce": None, "price": "60001"}, -2010,
     "Order would immediately match and take."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "words"), REFUSALS, ids=lambda value: str(value)[:40])
async def test_refusals_in_binances_words(
    still: Client, change: dict[str, str | None], code: int, words: str | None
) -> None:
    order = {name: value for name, value in {**BASE, **change}.items() if value is not None}
    answer = await still.call("POST", ORDER, **order)
    assert answer.status_code == 400
    assert answer.json() == {"code": code, "msg": words}
    assert await still.balance("USDT") == ("100000.00000000", "0.00000000")


async def test_duplicate_client_id(still: Client) -> None:
    await still.limit("BUY", "0.001", "50000", newClientOrderId="twice")
    answer = await still.call("POST", ORDER, **BASE, newClientOrderId="twice")
    assert (answer.status_code, answer.json()) == (400, {"code": -2010, "msg": "Duplicate order sent."})


async def test_unknown_orders(venue: Client) -> None:
    answer = await venue.call("GET", ORDER, symbol="BTCUSDT", orderId=1)
    assert answer.json() == {"code": -2013, "msg": "Order does not exist."}
    answer = await venue.call("DELETE", ORDER, symbol="BTCUSDT", origClientOrderId="nope")
    assert answer.json() == {"code": -2011, "msg": "Unknown order sent."}


async def test_nobody_sees_anothers_order(venue: Client, server: Server) -> None:
    order = await venue.limit("BUY", "0.001", "30000")
    other = type(venue)(venue.http)
    answer = await other.call("GET", ORDER, symbol="BTCUSDT", orderId=order["orderId"])
    assert answer.json()["code"] == -2013
    answer = await other.call("DELETE", ORDER, symbol="BTCUSDT", orderId=order["orderId"])
    assert answer.json()["code"] == -2011


async def test_who_signs_wrongly_is_refused(venue: Client) -> None:
    sent = venue.query({})
    other_digit = "1" if sent.endswith("0") else "0"
    wrong = await venue.http.get(f"/api/v3/account?{sent[:-1]}{other_digit}", headers={"X-MBX-APIKEY": venue.key})
    bad_key = await venue.http.get(f"/api/v3/account?{sent}", headers={"X-MBX-APIKEY": "no spaces"})
    nothing = await venue.http.get("/api/v3/account")
    late = await venue.call("GET", "/api/v3/account", timestamp=int(time.time() * 1000) - 6_000)
    ahead = await venue.call("GET", "/api/v3/account", timestamp=int(time.time() * 1000) + 3_000)
    wide = await venue.call("GET", "/api/v3/account", timestamp=int(time.time() * 1000) - 6_000, recvWindow=20_000)
    assert (wrong.status_code, wrong.json()["code"]) == (400, -1022)
    assert (bad_key.status_code, bad_key.json()["code"]) == (401, -2014)
    assert nothing.json()["code"] == -2014
    assert late.json() == {"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."}
    assert ahead.json() == {"code": -1021, "msg": "Timestamp for this request was 1000ms ahead of the server's time."}
    assert wide.status_code == 200


async def test_signature_covers_query_and_body_together(venue: Client) -> None:
    signed = venue.query({**BASE, "price": "30000"})
    cut = signed.index("&quantity")
    answer = await venue.http.post(
        f"{ORDER}?{signed[:cut]}", content=signed[cut + 1 :], headers={"X-MBX-APIKEY": venue.key}
    )
    assert answer.json()["code"] == -1022
    query, body = signed[:cut], signed[cut + 1 :].rsplit("&signature=", 1)[0]
    signature = hmac.new(f"{venue.key}-secret".encode(), (query + body).encode(), hashlib.sha256).hexdigest()
    answer = await venue.http.post(
        f"{ORDER}?{query}", content=f"{body}&signature={signature}", headers={"X-MBX-APIKEY": venue.key}
    )
    assert answer.status_code == 200, answer.text


async def test_moving_the_clock_makes_timestamps_wrong(venue: Client) -> None:
    await venue.control("clock", offset_ms=60_000)
    answer = await venue.call("GET", "/api/v3/account")
    assert answer.json()["code"] == -1021
    assert abs((await venue.public("/api/v3/time"))["serverTime"] - time.time() * 1000 - 60_000) < 5_000


async def test_what_does_not_exist_says_so(venue: Client) -> None:
    answer = await venue.http.get("/api/v3/nothing")
    assert answer.status_code == 404
    assert answer.json()["code"] == -1000


async def test_exchange_info_states_the_filters_that_are_enforced(venue: Client) -> None:
    info = await venue.public("/api/v3/exchangeInfo", symbol="ETHBTC")
    (symbol,) = info["symbols"]
    filters = {entry["filterType"]: entry for entry in symbol["filters"]}
    assert {"PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "NOTIONAL", "PERCENT_PRICE_BY_SIDE"} <= set(filters)
    assert filters["LOT_SIZE"]["stepSize"] == "0.00100000"
    both = await venue.http.get("/api/v3/exchangeInfo?symbols=%5B%22BTCUSDT%22,%22SOLUSDT%22%5D")
    assert [entry["symbol"] for entry in both.json()["symbols"]] == ["BTCUSDT", "SOLUSDT"]
    assert len((await venue.public("/api/v3/exchangeInfo"))["symbols"]) == 6


@pytest.mark.parametrize("symbol", ["BTCUSDT", "ETHUSDT", "SOLUSDT", "DOGEUSDT", "ETHBTC", "BTCUSDC"])
async def test_books_are_deep_and_tight(venue: Client, symbol: str) -> None:
    book = await venue.public("/api/v3/depth", symbol=symbol, limit=100)
    bids, asks = book["bids"], book["asks"]
    assert len(bids) >= 20
    assert len(asks) >= 20
    assert 0 < float(asks[0][0]) - float(bids[0][0]) < float(bids[0][0]) * 0.0005
    assert [float(price) for price, _ in bids] == sorted((float(price) for price, _ in bids), reverse=True)


async def test_candles_have_binances_columns_and_windows(venue: Client) -> None:
    now_ms = (await venue.public("/api/v3/time"))["serverTime"]
    bars = await venue.public("/api/v3/klines", symbol="ETHUSDT", interval="1h", limit=1000)
    assert len(bars) == 1000
    assert all(len(bar) == 12 for bar in bars)
    assert all(later[0] - earlier[0] == 3_600_000 for earlier, later in pairwise(bars))
    assert bars[-1][0] <= now_ms <= bars[-1][6]
    start = bars[10][0]
    window = await venue.public(
        "/api/v3/klines", symbol="ETHUSDT", interval="1h", startTime=start, endTime=start + 7_200_000
    )
    assert window == bars[10:13]
    answer = await venue.http.get("/api/v3/klines", params={"symbol": "ETHUSDT", "interval": "7m"})
    assert answer.json() == {"code": -1120, "msg": "Invalid interval."}


async def test_tickers_trades_and_averages(venue: Client) -> None:
    ticker = await venue.public("/api/v3/ticker/24hr", symbol="SOLUSDT")
    assert float(ticker["lowPrice"]) <= float(ticker["lastPrice"]) <= float(ticker["highPrice"])
    assert float(ticker["quoteVolume"]) > 1_000_000
    assert len(await venue.public("/api/v3/ticker/24hr")) == 6
    trades = await venue.public("/api/v3/trades", symbol="SOLUSDT", limit=10)
    assert len(trades) == 10
    assert [trade["id"] for trade in trades] == sorted(trade["id"] for trade in trades)
    average = await venue.public("/api/v3/avgPrice", symbol="SOLUSDT")
    assert abs(float(average["price"]) / float(ticker["lastPrice"]) - 1) < 0.05


async def test_deposits_and_withdrawals_keep_the_sum_at_zero(venue: Client) -> None:
    await venue.control("deposit", api_key=venue.key, asset="BTC", amount="2.5")
    await venue.control("deposit", api_key=venue.key, asset="USDT", amount="-99999")
    assert await venue.balance("BTC") == ("3.50000000", "0.00000000")
    assert await venue.balance("USDT") == ("1.00000000", "0.00000000")
    totals = await venue.public("/sandbox/totals")
    assert set(totals["spot"].values()) == {"0.00000000"}
    assert totals["futures"]["wallets_less_cost"] == "0.00000000"
    answer = await venue.http.post("/sandbox/deposit", json={"api_key": venue.key, "asset": "USDT", "amount": "-2"})
    assert answer.status_code == 400


async def test_the_flow_moves_the_book_and_trades(venue: Client, eventually: Eventually) -> None:
    await venue.control("limits", side="spot", weight=10**9)
    before = await venue.public("/api/v3/depth", symbol="BTCUSDT")
    last = (await venue.public("/api/v3/trades", symbol="BTCUSDT", limit=1))[0]["id"]

    async def moved() -> bool:
        now = await venue.public("/api/v3/depth", symbol="BTCUSDT")
        trade = (await venue.public("/api/v3/trades", symbol="BTCUSDT", limit=1))[0]["id"]
        return bool(now["lastUpdateId"] > before["lastUpdateId"] and trade > last)

    assert await eventually(moved)
