import pytest

from .futures_desk import ORDER, order
from .rig import Client


async def wallet(venue: Client) -> str:
    (entry,) = await venue.ok("GET", "/fapi/v3/balance")
    return str(entry["balance"])


async def test_open_reduce_and_close_a_long(still: Client) -> None:
    opened = await order(still, "BUY", "0.010")
    assert (opened["status"], opened["avgPrice"]) == ("FILLED", "60000.10000000")
    (risk,) = await still.ok("GET", "/fapi/v3/positionRisk")
    assert (risk["positionAmt"], risk["entryPrice"]) == ("0.010", "60000.10000000")
    assert float(risk["liquidationPrice"]) == 0
    assert await wallet(still) == "99999.69999950"
    await still.control("price", symbol="BTCUSDT", side="futures", price="61000")
    closed = await order(still, "SELL", "0.020", reduceOnly="true")
    assert (closed["status"], closed["executedQty"]) == ("EXPIRED", "0.010")
    assert await still.ok("GET", "/fapi/v3/positionRisk") == []
    trades = await still.ok("GET", "/fapi/v1/userTrades", symbol="BTCUSDT")
    assert [trade["realizedPnl"] for trade in trades] == ["0.00000000", "9.99900000"]
    assert await wallet(still) == "100009.39399950"
    income = await still.ok("GET", "/fapi/v1/income")
    assert sum(float(entry["income"]) for entry in income) == pytest.approx(9.3939995)
    totals = (await still.public("/sandbox/totals"))["futures"]
    assert totals["wallets_less_cost"] == totals["positions"]["BTCUSDT"] == "0.00000000"


async def test_a_short_gains_when_the_price_falls(still: Client) -> None:
    await order(still, "SELL", "0.100")
    await still.control("price", symbol="BTCUSDT", side="futures", price="59000")
    (risk,) = await still.ok("GET", "/fapi/v2/positionRisk", symbol="BTCUSDT")
    assert risk["positionAmt"] == "-0.100"
    assert float(risk["unRealizedProfit"]) == pytest.approx(100, abs=0.1)
    account = await still.ok("GET", "/fapi/v2/account")
    assert float(account["totalPositionInitialMargin"]) == pytest.approx(295, abs=0.1)


async def test_an_acknowledgement_tells_no_fill(still: Client) -> None:
    ack = await order(still, "BUY", "0.010", newOrderRespType="ACK")
    assert (ack["status"], ack["executedQty"]) == ("NEW", "0.000")
    found = await still.ok("GET", ORDER, symbol="BTCUSDT", orderId=ack["orderId"])
    assert (found["status"], found["executedQty"]) == ("FILLED", "0.010")


async def test_a_resting_reduce_only_order_takes_no_more_than_the_position(still: Client) -> None:
    await order(still, "BUY", "0.010")
    resting = await order(still, "SELL", "0.010", price="60500", reduceOnly="true")
    await order(still, "SELL", "0.006")
    await still.control("price", symbol="BTCUSDT", side="futures", price="61000")
    found = await still.ok("GET", ORDER, symbol="BTCUSDT", orderId=resting["orderId"])
    assert (found["status"], found["executedQty"]) == ("EXPIRED", "0.004")
    assert await still.ok("GET", "/fapi/v3/positionRisk") == []


async def test_open_orders_hold_margin(still: Client) -> None:
    resting = await order(still, "BUY", "1.000", price="58000")
    (entry,) = await still.ok("GET", "/fapi/v2/balance")
    assert entry["availableBalance"] == "97100.00000000"
    cancelled = await still.ok("DELETE", ORDER, symbol="BTCUSDT", orderId=resting["orderId"])
    assert cancelled["status"] == "CANCELED"
    (entry,) = await still.ok("GET", "/fapi/v2/balance")
    assert entry["availableBalance"] == "100000.00000000"


LIMIT = {"type": "LIMIT", "timeInForce": "GTC", "price": "60000"}
MARKET = {"type": "MARKET"}
REFUSALS = [
    ({**LIMIT, "quantity": "0.0005"}, -1111, "Precision is over the maximum defined for this asset."),
    ({**LIMIT, "price": "60000.05"}, -1111, "Precision is over the maximum defined for this asset."),
    ({**LIMIT, "quantity": "0.001"}, -4164,
     "Order's notional must be no smaller than 100 (unless you choose reduce only)."),
    ({**LIMIT, "quantity": "1001"}, -4005, "Quantity greater than max quantity."),
    ({**LIMIT, "quantity": "0"}, -4003, "Quantity less than or equal to zero."),
    ({**LIMIT, "quantity": "50"}, -2019, "Margin is insufficient."),
    ({**LIMIT, "price": "70000"}, -4016, None),
    ({**LIMIT, "side": "SELL", "price": "50000"}, -4024, None),
    ({**MARKET, "reduceOnly": "true"}, -2022, "ReduceOnly Order is rejected."),
    ({**MARKET, "positionSide": "LONG"}, -4061, "Order's position side does not match user's setting."),
    ({"type": "STOP_MARKET", "stopPrice": "1"}, -4120, None),
    ({**LIMIT, "timeInForce": "GTX", "price": "60001"}, -5022, None),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "words"), REFUSALS, ids=lambda value: str(value)[:50])
async def test_refusals_in_binances_words(
    still: Client, change: dict[str, str | None], code: int, words: str | None
) -> None:
    sent = {"symbol": "BTCUSDT", "side": "BUY", "quantity": "0.010", **change}
    answer = await still.call("POST", ORDER, **sent)
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert words is None or answer.json()["msg"] == words
    assert await wallet(still) == "100000.00000000"


async def test_funding_mark_and_interest(venue: Client) -> None:
    index = await venue.public("/fapi/v1/premiumIndex", symbol="ETHUSDT")
    assert float(index["markPrice"]) == pytest.approx(float(index["indexPrice"]), rel=0.01)
    assert 0 < index["nextFundingTime"] - index["time"] <= 8 * 3_600_000
    rates = await venue.public("/fapi/v1/fundingRate", symbol="ETHUSDT", limit=5)
    assert len(rates) == 5
    assert all(rate["fundingTime"] % (8 * 3_600_000) == 0 for rate in rates)
    assert len(await venue.public("/fapi/v1/premiumIndex")) == 3
    assert (await venue.ok("GET", "/fapi/v1/positionSide/dual")) == {"dualSidePosition": False}


async def test_futures_wallet_deposits(venue: Client) -> None:
    await venue.control("deposit", api_key=venue.key, asset="USDT", amount="500.5", wallet="futures")
    assert await wallet(venue) == "100500.50000000"
