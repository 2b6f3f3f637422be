"""What happens to an account whose margin runs out."""

from decimal import Decimal

import pytest

from .futures_desk import ORDER, SYMBOL, account, hedge, incomes, legs, leverage, nothing_is_missing, order
from .rig import Client, Connect, Eventually, Launch, Server
from .test_streams import event, read, socket


async def empty_to(venue: Client, amount: str) -> None:
    """Leave that much in a fresh account's wallet."""
    (wallet,) = await venue.ok("GET", "/fapi/v3/balance")
    taken = Decimal(amount) - Decimal(wallet["balance"])
    await venue.control("deposit", api_key=venue.key, asset="USDT", amount=str(taken), wallet="futures")


async def test_the_venue_closes_what_margin_no_longer_covers(still: Client) -> None:
    await empty_to(still, "1000")
    await leverage(still, 100)
    await order(still, "BUY", "0.500")
    resting = await order(still, "BUY", "0.010", price="58000")
    price = Decimal((await legs(still))["BOTH"]["liquidationPrice"])
    await still.control("mark", symbol=SYMBOL, price=str(price.quantize(Decimal("0.1")) + 1))
    assert (await legs(still))["BOTH"]["positionAmt"] == "0.500"
    await still.control("mark", symbol=SYMBOL, price=str(price.quantize(Decimal("0.1")) - 1))
    assert (await legs(still))["BOTH"]["positionAmt"] == "0.000"
    assert await still.ok("GET", "/fapi/v1/openOrders") == []
    gone = await still.ok("GET", ORDER, symbol=SYMBOL, orderId=resting["orderId"])
    assert gone["status"] == "CANCELED"
    (forced,) = await still.ok("GET", "/fapi/v1/forceOrders")
    assert (forced["type"], forced["status"], forced["executedQty"]) == ("LIQUIDATION", "FILLED", "0.500")
    assert forced["clientOrderId"].startswith("autoclose-")
    trades = await still.ok("GET", "/fapi/v1/userTrades", symbol=SYMBOL, orderId=forced["orderId"])
    assert sum(Decimal(trade["qty"]) for trade in trades) == Decimal("0.5")
    await nothing_is_missing(still)


async def test_the_insurance_fund_pays_what_the_wallet_cannot(still: Client) -> None:
    await empty_to(still, "1000")
    await leverage(still, 100)
    await order(still, "SELL", "1.000")
    await still.control("price", symbol=SYMBOL, side="futures", price="66000")
    totals = await account(still)
    assert totals["totalWalletBalance"] == 0
    (insured,) = await incomes(still, incomeType="INSURANCE_CLEAR")
    lost = sum(Decimal(entry["income"]) for entry in await incomes(still, incomeType="REALIZED_PNL"))
    fees = sum(Decimal(entry["income"]) for entry in await incomes(still, incomeType="COMMISSION"))
    assert Decimal(insured["income"]) == -(1000 + lost + fees) > 0
    await nothing_is_missing(still)


async def test_the_worst_leg_goes_first_and_a_covered_one_stays(still: Client) -> None:
    await hedge(still)
    await empty_to(still, "1000")
    await leverage(still, 100)
    await order(still, "BUY", "0.500", positionSide="LONG")
    await order(still, "SELL", "0.020", positionSide="SHORT")
    await still.control("mark", symbol=SYMBOL, price="58200")
    found = await legs(still)
    assert {side: row["positionAmt"] for side, row in found.items()} == {"LONG": "0.000", "SHORT": "-0.020"}
    (forced,) = await still.ok("GET", "/fapi/v1/forceOrders", symbol=SYMBOL)
    assert (forced["positionSide"], forced["side"]) == ("LONG", "SELL")


async def test_margin_is_called_before_and_the_liquidation_is_told(server: Server, still: Client) -> None:
    await empty_to(still, "1000")
    await leverage(still, 100)
    await order(still, "BUY", "0.500")
    price = Decimal((await legs(still))["BOTH"]["liquidationPrice"]).quantize(Decimal("0.1"))
    created = await still.http.post("/fapi/v1/listenKey", headers={"X-MBX-APIKEY": still.key})
    async with socket(server, f"/fstream/ws/{created.json()['listenKey']}") as opened:
        await still.control("mark", symbol=SYMBOL, price=str(price + 30))
        call = await read(opened, event("MARGIN_CALL"))
        assert (call["p"][0]["s"], call["p"][0]["ps"], call["p"][0]["pa"]) == (SYMBOL, "BOTH", "0.500")
        assert Decimal(call["p"][0]["mm"]) > 0
        await still.control("mark", symbol=SYMBOL, price=str(price - 10))
        new = await read(opened)
        assert (new["e"], new["o"]["x"], new["o"]["o"]) == ("ORDER_TRADE_UPDATE", "NEW", "LIQUIDATION")
        assert new["o"]["c"].startswith("autoclose-")
        fill = await read(opened)
        assert (fill["o"]["x"], fill["o"]["o"]) == ("CALCULATED", "LIQUIDATION")
        update = await read(opened, event("ACCOUNT_UPDATE"))
        assert update["a"]["m"] == "ORDER"


async def test_leverage_and_funding_are_told(server: Server, still: Client) -> None:
    await order(still, "BUY", "0.100")
    created = await still.http.post("/fapi/v1/listenKey", headers={"X-MBX-APIKEY": still.key})
    async with socket(server, f"/fstream/ws/{created.json()['listenKey']}") as opened:
        await leverage(still, 7)
        assert (await read(opened))["ac"] == {"s": SYMBOL, "l": 7}
        await leverage(still, 7)
        await still.control("funding", symbol=SYMBOL)
        update = await read(opened)
        (paid,) = await incomes(still, incomeType="FUNDING_FEE")
        assert (update["e"], update["a"]["m"], update["a"]["P"]) == ("ACCOUNT_UPDATE", "FUNDING_FEE", [])
        assert update["a"]["B"][0]["bc"] == paid["income"]


@pytest.mark.parametrize("side", ["BUY", "SELL"])
async def test_a_liquidation_needs_nobody_in_the_book(
    launch: Launch, connect: Connect, eventually: Eventually, side: str
) -> None:
    """Without a house there is no offer: the venue takes the rest over."""
    base = launch(flow="false").base
    ann, bob = connect(base), connect(base)
    other = "SELL" if side == "BUY" else "BUY"
    price = (await ann.public("/fapi/v1/premiumIndex", symbol=SYMBOL))["markPrice"].split(".")[0]
    await leverage(bob, 100)
    await order(ann, other, "1.000", price=price)
    await order(bob, side, "1.000")
    await empty_to(bob, "800")
    await bob.control("mark", symbol=SYMBOL, price=str(int(price) + (-900 if side == "BUY" else 900)))

    async def closed() -> bool:
        return bool((await legs(bob))["BOTH"]["positionAmt"] == "0.000")

    assert await eventually(closed)
    assert (await account(bob))["totalWalletBalance"] >= 0
    await nothing_is_missing(bob)
    for client in (ann, bob):
        await client.http.aclose()
