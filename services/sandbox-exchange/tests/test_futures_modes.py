"""Leverage, position mode, margin type, and the two legs of a hedge."""

from decimal import Decimal

import pytest

from .futures_desk import ORDER, SYMBOL, account, hedge, legs, leverage, nothing_is_missing, order, refusal
from .rig import Client

DUAL = "/fapi/v1/positionSide/dual"
LEVERAGE = "/fapi/v1/leverage"


async def test_leverage_is_per_symbol_and_sets_the_margin(still: Client) -> None:
    assert (await legs(still))["BOTH"]["leverage"] == "20"
    assert await leverage(still, 125) == {"leverage": 125, "maxNotionalValue": "300000", "symbol": SYMBOL}
    await order(still, "BUY", "1.000")
    mark = Decimal((await legs(still))["BOTH"]["markPrice"])
    assert (await account(still))["totalPositionInitialMargin"] == (mark / 125).quantize(Decimal("1e-8"))
    (eth,) = await still.ok("GET", "/fapi/v1/symbolConfig", symbol="ETHUSDT")
    (btc,) = await still.ok("GET", "/fapi/v1/symbolConfig", symbol=SYMBOL)
    assert (eth["leverage"], btc["leverage"], btc["maxNotionalValue"]) == (20, 125, "300000")


@pytest.mark.parametrize("wanted", [0, 126])
async def test_a_leverage_that_does_not_exist_is_refused(still: Client, wanted: int) -> None:
    assert await refusal(still, "POST", LEVERAGE, symbol=SYMBOL, leverage=wanted) == (
        -4028, f"Leverage {wanted} is not valid",
    )  # fmt: skip


async def test_leverage_is_refused_where_margin_or_position_would_not_fit(still: Client) -> None:
    await order(still, "BUY", "10.000")
    code, words = await refusal(still, "POST", LEVERAGE, symbol=SYMBOL, leverage=3)
    assert (code, words) == (-2028, "Leverage is smaller than permitted: insufficient margin balance.")
    code, words = await refusal(still, "POST", LEVERAGE, symbol=SYMBOL, leverage=125)
    assert (code, words) == (-2027, "Exceeded the maximum allowable position at current leverage.")
    assert (await legs(still))["BOTH"]["leverage"] == "20"
    await leverage(still, 50)
    assert await refusal(still, "POST", ORDER, symbol=SYMBOL, side="BUY", type="MARKET", quantity="100") == (
        -2019, "Margin is insufficient.",
    )  # fmt: skip


async def test_a_position_may_not_outgrow_its_leverage(still: Client) -> None:
    await leverage(still, 125)
    await order(still, "BUY", "4.000")
    code, _ = await refusal(still, "POST", ORDER, symbol=SYMBOL, side="BUY", type="MARKET", quantity="1.1")
    assert code == -2027
    await order(still, "SELL", "1.000")


async def test_margin_type_is_cross_and_stays_so(still: Client) -> None:
    path = "/fapi/v1/marginType"
    assert await refusal(still, "POST", path, symbol=SYMBOL, marginType="CROSSED") == (
        -4046, "No need to change margin type.",
    )  # fmt: skip
    code, words = await refusal(still, "POST", path, symbol=SYMBOL, marginType="ISOLATED")
    assert (code, "cross margin only" in words) == (-1130, True)


async def test_position_mode_changes_only_while_there_is_nothing(still: Client) -> None:
    assert (await refusal(still, "POST", DUAL, dualSidePosition="false"))[0] == -4059
    assert (await refusal(still, "POST", DUAL, dualSidePosition="maybe"))[0] == -1130
    resting = await order(still, "BUY", "0.010", price="58000")
    assert (await refusal(still, "POST", DUAL, dualSidePosition="true"))[0] == -4067
    await still.ok("DELETE", ORDER, symbol=SYMBOL, orderId=resting["orderId"])
    await order(still, "BUY", "0.010")
    assert (await refusal(still, "POST", DUAL, dualSidePosition="true"))[0] == -4068
    await order(still, "SELL", "0.010")
    assert await still.ok("POST", DUAL, dualSidePosition="true") == {"code": 200, "msg": "success"}
    assert await still.ok("GET", DUAL) == {"dualSidePosition": True}
    assert (await still.ok("GET", "/fapi/v1/accountConfig"))["dualSidePosition"] is True
    assert (await refusal(still, "POST", DUAL, dualSidePosition="true"))[0] == -4059


@pytest.mark.parametrize(
    ("hedges", "change", "code"),
    [
        (False, {"positionSide": "LONG"}, -4061),
        (True, {}, -4061),
        (True, {"positionSide": "BOTH"}, -4061),
        (True, {"positionSide": "UP"}, -4060),
        (True, {"positionSide": "LONG", "reduceOnly": "true"}, -1106),
        (True, {"positionSide": "SHORT"}, -2022),
        (True, {"positionSide": "LONG", "side": "SELL"}, -2022),
    ],
)
async def test_orders_must_fit_the_mode(still: Client, hedges: bool, change: dict[str, str], code: int) -> None:
    if hedges:
        await hedge(still)
    sent = {"symbol": SYMBOL, "side": "BUY", "type": "MARKET", "quantity": "0.010", **change}
    assert (await refusal(still, "POST", ORDER, **sent))[0] == code


async def test_long_and_short_live_beside_each_other(still: Client) -> None:
    await hedge(still)
    opened = await order(still, "BUY", "0.030", positionSide="LONG")
    assert (opened["positionSide"], opened["reduceOnly"]) == ("LONG", False)
    await order(still, "SELL", "0.010", positionSide="SHORT")
    found = await legs(still)
    assert {side: row["positionAmt"] for side, row in found.items()} == {"LONG": "0.030", "SHORT": "-0.010"}
    worth = sum((abs(Decimal(row["notional"])) for row in found.values()), Decimal(0))
    assert (await account(still))["totalPositionInitialMargin"] == (worth / 20).quantize(Decimal("1e-8"))
    closed = await order(still, "SELL", "0.050", positionSide="LONG")
    assert (closed["status"], closed["executedQty"]) == ("EXPIRED", "0.030")
    (short,) = await still.ok("GET", "/fapi/v3/positionRisk")
    assert (short["positionSide"], short["positionAmt"]) == ("SHORT", "-0.010")
    trades = await still.ok("GET", "/fapi/v1/userTrades", symbol=SYMBOL)
    assert [trade["positionSide"] for trade in trades] == ["LONG", "SHORT", "LONG"]
    await nothing_is_missing(still)


async def test_only_opening_orders_hold_margin_in_hedge_mode(still: Client) -> None:
    await hedge(still)
    await order(still, "BUY", "0.100", positionSide="LONG")
    before = await account(still)
    await order(still, "SELL", "0.100", price="62000", positionSide="LONG")
    assert (await account(still))["totalOpenOrderInitialMargin"] == 0
    await order(still, "SELL", "0.100", price="62000", positionSide="SHORT")
    assert (await account(still))["totalOpenOrderInitialMargin"] == Decimal(310)
    assert (await account(still))["availableBalance"] == before["availableBalance"] - 310
    rows = {row["positionSide"]: row for row in await still.ok("GET", "/fapi/v3/positionRisk")}
    assert (rows["SHORT"]["askNotional"], rows["SHORT"]["openOrderInitialMargin"]) == ("6200.00000000", "310.00000000")


async def test_an_order_beyond_the_free_margin_is_refused_and_one_within_is_not(still: Client) -> None:
    await leverage(still, 1)
    sent = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "58000"}
    await order(still, "BUY", "1.000", price="58000")
    assert (await refusal(still, "POST", ORDER, **sent, quantity="0.725"))[0] == -2019
    await still.ok("POST", ORDER, **sent, quantity="0.724")
